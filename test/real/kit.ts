/** The kit in kit/: which of its agents are installed, which cases it has, and one run of one case. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

const kit = resolve(import.meta.dirname, 'kit');
export const agentsFolder =
  process.env.REAL_AGENTS_DIR ?? join(homedir(), '.cache', 'clew-real-agents');
export const installer = join(kit, 'install.sh');
export const passThrough = join(kit, 'pass.mjs');

export type Case = { readonly agent: string; readonly name: string };

export const listAgents = () => readdirSync(join(kit, 'cases')).sort();
export const isInstalled = (agent: string) => existsSync(join(agentsFolder, agent, 'node_modules'));
export const listCases = (agent: string): Case[] =>
  readdirSync(join(kit, 'cases', agent))
    .filter((it) => it.endsWith('.json'))
    .sort()
    .map((it) => ({ agent, name: it.slice(0, -'.json'.length) }));

/** What one run says of itself, without what differs from run to run: times, ids. */
export type Outcome = {
  readonly passed: boolean;
  /** Each step, whether it went as the case wants, and how a turn ended. */
  readonly steps: readonly string[];
  readonly toolCalls: readonly string[];
  readonly asked: readonly string[];
  readonly changed: readonly string[];
  readonly ended: string;
  readonly output: string;
};

export type RunOptions = {
  readonly repository: string;
  readonly transcript: string;
  /** Words to put in front of the agent's command. */
  readonly wrap?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};

export async function runCase({ agent, name }: Case, options: RunOptions): Promise<Outcome> {
  const { repository, transcript, wrap = [], env = {} } = options;
  const args = [agent, name, '--repo', repository, '--out', transcript];
  if (wrap.length > 0) args.push('--wrap', wrap.map(quote).join(' '));
  const { code, output } = await run(join(kit, 'run.sh'), args, env);
  return readOutcome(code === 0, output);
}

const quote = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  return new Promise<{ code: number | null; output: string }>((done, fail) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    child.on('error', fail);
    child.on('close', (code) => done({ code, output }));
  });
}

const step = /^(ok|FAIL) +(\S+) +[\d.]* ?s? *(.*)$/;

function readOutcome(passed: boolean, output: string): Outcome {
  const lines = output.split('\n');
  const listed = (label: string) => {
    const line = lines.find((it) => it.startsWith(`${label}: `)) ?? '';
    return line
      .slice(label.length + 2)
      .split(', ')
      .sort();
  };
  return {
    passed,
    steps: lines.flatMap((line) => {
      const [, mark, name, detail = ''] = step.exec(line) ?? [];
      if (name === undefined) return [];
      return [`${mark} ${name}${name === 'session/prompt' ? ` ${detail}` : ''}`];
    }),
    toolCalls: listed('tool calls'),
    asked: listed('the agent asked'),
    changed: listed('changed on disk'),
    ended: (lines.find((it) => it.startsWith('agent ended: ')) ?? '').split(',')[0] ?? '',
    output,
  };
}
