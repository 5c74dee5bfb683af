/** Reads any agent's own log that is known here, whichever it is. */
import { readClaudeLog } from './claude/read-log.ts';
import { readCodexLog } from './codex/read-log.ts';
import { type LoggedEdit, type LogReader, readLogEntries } from './logged-edit.ts';
import { readQwenLog } from './qwen/read-log.ts';

/** The more particular ones first: what Qwen Code writes is shaped after Claude Code's. */
const readers: readonly (readonly [agent: string, read: LogReader])[] = [
  ['codex', readCodexLog],
  ['qwen-code', readQwenLog],
  ['claude-code', readClaudeLog],
];

/** Undefined of what is no log of any of them. */
export function readLog(text: string): { agent: string; edits: LoggedEdit[] } | undefined {
  const entries = readLogEntries(text);
  for (const [agent, read] of readers) {
    const edits = read(entries);
    if (edits !== undefined) return { agent, edits };
  }
  return undefined;
}
