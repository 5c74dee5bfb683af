/** Plays a scenario on real git with real checkpoints, and asks after every step whose each line is. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { LineRange } from '../../src/contract/types.gen.ts';
import type { Context } from '../../src/methods/context.ts';
import { answer } from '../../src/methods/table.ts';
import { gitEnv } from '../git.ts';
import {
  type Played,
  playAt,
  type TextClaim,
  type Turn,
  type Wanted,
} from '../methods/checkpointed.ts';

type Files = Readonly<Record<string, Wanted>>;

/** What one agent does in a tool call. */
export type Doing = {
  readonly agent: string;
  /** A claim of part of a file, and the edit itself unless `disk` says what came of it. */
  readonly edit?: readonly [path: string, before: string, after: string];
  /** A claim of a whole file. */
  readonly whole?: Readonly<Record<string, string>>;
  /** What is on the disk after the step, where it is not what was claimed. */
  readonly disk?: Files;
  /** A command, of which the wire tells nothing. */
  readonly run?: string;
  /** A file that the tool names, without telling more. */
  readonly names?: readonly string[];
};

/** Of each line: the agent's letter, the grade, +F and +M; `U` and `C` alone. */
export type Classes = Readonly<Record<string, string>>;

export type Step = {
  readonly agent?: Doing;
  /** At the same time: all begin before the first ends. */
  readonly agents?: readonly Doing[];
  readonly person?: Files | string;
  /** Words for git. */
  readonly git?: string;
  /** The same, and git is to refuse. */
  readonly gitFails?: string;
  /** A checkpoint, as the next prompt takes one. */
  readonly look?: true;
  /** An agent's own log, read now: whole files by what it says was before and after. */
  readonly log?: readonly (readonly [path: string, before: string, after: string])[];
  /** In the files as they are; what is not told stays as it was. */
  readonly now?: Classes;
  /** In the newest commit. */
  readonly head?: Classes;
  /** Of the lines that the newest commit added. */
  readonly added?: Classes;
};

export type Scenario = {
  readonly n: number;
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
};

export const text = (...lines: readonly string[]): string => lines.map((it) => `${it}\n`).join('');

export async function playScenario({ files, steps }: Scenario): Promise<void> {
  const played = await playAt({ git: true, files });
  let now: Classes = {};
  let at = 0;
  for (const step of steps) {
    at += 1;
    await doStep(played, step);
    now = { ...now, ...step.now };
    const where = `step ${at}: ${JSON.stringify(step).slice(0, 300)}`;
    for (const [path, wanted] of Object.entries(now))
      if (wanted !== '') expect(await askNow(played, path), `${where}\n${path}`).toBe(wanted);
    for (const [path, wanted] of Object.entries(step.head ?? {}))
      expect(await askFile(played, path, 'HEAD'), `${where}\nHEAD:${path}`).toBe(wanted);
    if (step.added !== undefined) expect(await askAdded(played), where).toEqual(step.added);
  }
}

async function doStep(played: Played, step: Step): Promise<void> {
  const { agent, agents = [], person, git, gitFails, look, log } = step;
  if (agent !== undefined) await playTogether(played, [agent]);
  if (agents.length > 0) await playTogether(played, agents);
  if (typeof person === 'string') runSh(played.root, person);
  else if (person !== undefined) played.write(person);
  if (git !== undefined) runSh(played.root, `git ${git}`);
  if (gitFails !== undefined) expect(() => runSh(played.root, `git ${gitFails}`)).toThrow();
  if (log !== undefined) await importLog(played, log);
  if (look === true) await (await played.start('look')).end();
}

/** As Claude Code writes it. */
async function importLog(played: Played, edits: NonNullable<Step['log']>): Promise<void> {
  const lines = edits.map(([path, originalFile, content], at) => ({
    sessionId: 'log',
    uuid: `u${at}`,
    promptId: 'p',
    message: { content: [{ type: 'tool_result', tool_use_id: `toolu_${at}` }] },
    toolUseResult: { filePath: join(played.root, path), originalFile, content },
  }));
  const file = join(played.folder, 'log.jsonl');
  writeFileSync(file, lines.map((it) => `${JSON.stringify(it)}\n`).join(''));
  await answer(played.context, 'attribution/import', { file });
}

async function playTogether(played: Played, doings: readonly Doing[]): Promise<void> {
  const turns = new Map<string, Turn>();
  for (const { agent } of doings)
    if (!turns.has(agent)) turns.set(agent, await played.start(agent));
  const open = doings.map((doing) => {
    const turn = turns.get(doing.agent) as Turn;
    const { files, claims } = readDoing(played, doing);
    const { run, names } = doing;
    const step = turn.begin(files, {
      reach: run === undefined ? 'removals' : 'anything',
      ...(claims.length === 0 ? { paths: names ?? [] } : { claims }),
      ...(run === undefined ? {} : { run: (root: string) => runSh(root, run) }),
    });
    return { turn, step };
  });
  for (const { turn, step } of open) await turn.close(step);
  for (const turn of turns.values()) await turn.end();
}

function readDoing(played: Played, { edit, whole = {}, disk }: Doing) {
  const claims: TextClaim[] = Object.entries(whole).map(([path, after]) => {
    const before = played.read(path);
    return { path, after, whole: true, ...(before === undefined ? {} : { before }) };
  });
  if (edit === undefined) return { claims, files: disk ?? whole };
  const [path, before, after] = edit;
  const old = Buffer.from(played.read(path) ?? '', 'latin1').toString();
  expect(old, `${path} has what is edited`).toContain(before);
  return {
    claims: [...claims, { path, before, after }],
    files: disk ?? { ...whole, [path]: old.replace(before, () => after) },
  };
}

function runSh(root: string, command: string): void {
  const env = { ...gitEnv, GIT_EDITOR: 'true', GIT_SEQUENCE_EDITOR: 'true' };
  execFileSync('sh', ['-c', command], { cwd: root, env, stdio: 'pipe' });
}

async function askNow(played: Played, path: string): Promise<string> {
  return askFile(played, path, undefined);
}

/** By another process, as it were: nothing is remembered but what is on the disk. */
async function askFile(
  played: Pick<Played, 'root' | 'env' | 'context'>,
  path: string,
  rev: string | undefined,
): Promise<string> {
  const result = await answer(asker(played), 'blame/file', {
    path,
    ...(rev === undefined ? {} : { rev }),
  });
  expect(result.lines.length).toBe(result.ranges.reduce((sum, it) => sum + sizeOf(it), 0));
  return result.ranges.flatMap(classesOf).join(' ');
}

async function askAdded(played: Played): Promise<Classes> {
  const { files } = await answer(asker(played), 'blame/commit', { rev: 'HEAD' });
  return Object.fromEntries(
    files.map(({ path, ranges, excluded }) => [
      path,
      excluded ?? ranges.flatMap(classesOf).join(' '),
    ]),
  );
}

function asker({ context }: Pick<Played, 'context'>): Context {
  return context;
}

const sizeOf = ({ start, end }: LineRange) => end - start + 1;

function classesOf(range: LineRange): string[] {
  const { session = '', grade, flags = [] } = range;
  const letters = { formatter: '+F', moved: '+M', file: '+file' } as const;
  const name = `${session}${grade}${flags.map((it) => letters[it]).join('')}`;
  return new Array<string>(sizeOf(range)).fill(name);
}
