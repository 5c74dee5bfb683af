/** The agents whose JSON clew reads, one line each. */
import { claude } from './claude/claude.ts';
import type { CliAgent } from './cli-agent.ts';
import { codex } from './codex/codex.ts';
import { gemini } from './gemini/gemini.ts';

export const cliAgents: readonly CliAgent[] = [claude, codex, gemini];
