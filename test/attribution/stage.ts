/** Plays a scenario on real git with real checkpoints, and asks after every step whose each line is. */
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import type { LineRange } from '../../src/contract/types.gen.ts';
import { Failure } from '../../src/errors.ts';
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

/** Of each line: the agent's letter, the grade, +F and +M; `U` and `C` alone. Of what has no lines: `binary`. */
export type Classes = Readonly<Record<string, string>>;

export type Step = {
  /** All of it is done, and asked, in the repository beside. */
  readonly isBeside?: true;
  /** What the clock is off by from here on. */
  readonly clockMs?: number;
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
  /** What was learned is thrown away: all is told anew by what the checkpoints hold. */
  readonly forget?: true;
  /** An agent's own log, read now: whole files by what it says was before and after. */
  readonly log?: readonly (readonly [path: string, before: string, after: string])[];
  /** The same of an agent whose log has patches. */
  readonly patches?: Readonly<Record<string, string>>;
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
  /** What is in another repository, in the folder `beside`, of which clew keeps checkpoints too. */
  readonly beside?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
};

export const text = (...lines: readonly string[]): string => lines.map((it) => `${it}\n`).join('');

type Place = { readonly played: Played; now: Classes };

export async function playScenario({ files, beside, steps }: Scenario): Promise<void> {
  const here: Place = { played: await playAt({ git: true, files }), now: {} };
  const places = beside === undefined ? [here] : [here, await openBeside(here.played, beside)];
  const setClock = openWrongClock();
  for (const [at, step] of steps.entries()) {
    const place = (step.isBeside === true ? places[1] : here) as Place;
    if (step.clockMs !== undefined) setClock(step.clockMs);
    await doStep(place.played, step);
    place.now = { ...place.now, ...step.now };
    const where = `step ${at + 1}: ${JSON.stringify(step).slice(0, 300)}`;
    for (const it of places) await checkNow(it, where);
    for (const [path, wanted] of Object.entries(step.head ?? {}))
      expect(await askFile(place.played, path, 'HEAD'), `${where}\nHEAD:${path}`).toBe(wanted);
    if (step.added !== undefined) expect(await askAdded(place.played), where).toEqual(step.added);
  }
}

async function checkNow({ played, now }: Place, where: string): Promise<void> {
  for (const [path, wanted] of Object.entries(now))
    if (wanted !== '') expect(await askNow(played, path), `${where}\n${path}`).toBe(wanted);
}

async function openBeside({ folder }: Played, files: Scenario['files']): Promise<Place> {
  const at = { folder, root: join(folder, 'beside') };
  return { played: await playAt({ git: true, files, at }), now: {} };
}

/** The clock by which everything of this process is named and dated; the disk goes on with its own. */
function openWrongClock(): (byMs: number) => void {
  const trueNow = Date.now;
  return (byMs) => {
    const wrong = vi.spyOn(Date, 'now').mockImplementation(() => trueNow() + byMs);
    onTestFinished(() => wrong.mockRestore());
  };
}

async function doStep(played: Played, step: Step): Promise<void> {
  const { agent, agents = [], person, git, gitFails, look, forget, log, patches } = step;
  if (agent !== undefined) await playTogether(played, [agent]);
  if (agents.length > 0) await playTogether(played, agents);
  if (typeof person === 'string') runSh(played.root, person);
  else if (person !== undefined) played.write(person);
  if (git !== undefined) runSh(played.root, `git ${git}`);
  if (gitFails !== undefined) expect(() => runSh(played.root, `git ${gitFails}`)).toThrow();
  if (log !== undefined) await importLog(played, logOfTexts(played, log));
  if (patches !== undefined) await importLog(played, logOfPatches(played, patches));
  if (look === true) await (await played.start('look')).end();
  if (forget === true) rmSync(join(played.context.folder().path, 'attribution.ndjson'));
}

/** As Claude Code writes it. */
function logOfTexts({ root }: Played, edits: NonNullable<Step['log']>): object[] {
  return edits.map(([path, originalFile, content], at) => ({
    sessionId: 'log',
    uuid: `u${at}`,
    promptId: 'p',
    message: { content: [{ type: 'tool_result', tool_use_id: `toolu_${at}` }] },
    toolUseResult: { filePath: join(root, path), originalFile, content },
  }));
}

/** As Codex does. */
function logOfPatches({ root }: Played, patches: NonNullable<Step['patches']>): object[] {
  const changes = Object.entries(patches).map(
    ([path, patch]) => [join(root, path), { type: 'update', unified_diff: patch }] as const,
  );
  const told = changes.map(([path, change], at) => ({
    type: 'event_msg',
    payload: {
      type: 'item_completed',
      thread_id: 'patches',
      turn_id: 't',
      item: {
        type: 'FileChange',
        id: `call_${at}`,
        status: 'completed',
        changes: { [path]: change },
      },
    },
  }));
  return [{ type: 'session_meta', payload: { id: 'patches' } }, ...told];
}

async function importLog(played: Played, entries: readonly object[]): Promise<void> {
  const file = join(played.folder, 'log.jsonl');
  writeFileSync(file, entries.map((it) => `${JSON.stringify(it)}\n`).join(''));
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
  try {
    return await askFile(played, path, undefined);
  } catch (error) {
    if (error instanceof Failure && error.message.startsWith(`${path} is binary`)) return 'binary';
    throw error;
  }
}

async function askFile(
  played: Pick<Played, 'root' | 'env' | 'context'>,
  path: string,
  rev: string | undefined,
): Promise<string> {
  const result = await answer(played.context, 'blame/file', {
    path,
    ...(rev === undefined ? {} : { rev }),
  });
  expect(result.lines.length).toBe(result.ranges.reduce((sum, it) => sum + sizeOf(it), 0));
  return result.ranges.flatMap(classesOf).join(' ');
}

async function askAdded(played: Played): Promise<Classes> {
  const { files } = await answer(played.context, 'blame/commit', { rev: 'HEAD' });
  return Object.fromEntries(
    files.map(({ path, ranges, excluded }) => [
      path,
      excluded ?? ranges.flatMap(classesOf).join(' '),
    ]),
  );
}

const sizeOf = ({ start, end }: LineRange) => end - start + 1;

function classesOf(range: LineRange): string[] {
  const { session = '', grade, flags = [] } = range;
  const letters = { formatter: '+F', moved: '+M', file: '+file' } as const;
  const name = `${session}${grade}${flags.map((it) => letters[it]).join('')}`;
  return new Array<string>(sizeOf(range)).fill(name);
}
