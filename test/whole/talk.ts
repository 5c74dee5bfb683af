/** A conversation through the sidecar with the scripted agent, and what is left of it: journal, checkpoints, files. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'vitest';
import type { CheckpointCard, Event, UndoApply } from '../../src/contract/types.gen.ts';
import { type Editor, openEditor } from './editor.ts';
import { readEvents } from './journals.ts';
import { clew, type Ending, type Running, type SidecarOptions, type Stage } from './stage.ts';
import { until, within } from './until.ts';

type Script = {
  protocol?: number;
  agent?: object;
  turns: readonly (readonly object[])[];
  sessionIds?: readonly string[];
  lateMs?: number;
};
type Extra = SidecarOptions & {
  capabilities?: object;
  cwd?: string;
  /** Goes on before the files were looked at for the first time. */
  hasty?: boolean;
  /** Called before anything is said. */
  started?(running: Running): void;
};

export type Talk = {
  readonly running: Running;
  readonly editor: Editor;
  readonly session: string;
  /** Sends the next prompt; `ended` waits for its end. */
  begin(): { ended(): Promise<void> };
  /** A whole turn. */
  take(): Promise<void>;
  /** What the agent asks of the editor. */
  asked(method: string): Promise<{ id: string; params: Record<string, unknown> }>;
  allow(id: string, result?: object): void;
  /** Leaves, and waits for everybody's end. */
  leave(): Promise<void>;
};

export const scripted = resolve(import.meta.dirname, '../fixtures/scripted-agent.mjs');

export async function openTalk(stage: Stage, script: Script, extra: Extra = {}): Promise<Talk> {
  const running = stage.sidecar([process.execPath, scripted, JSON.stringify(script)], extra);
  extra.started?.(running);
  const editor = openEditor(running, extra.cwd ?? stage.workspace);
  const known = eventsOf(stage, 'checkpoint-taken').length;
  const session = await editor.greet(extra.capabilities);
  if (extra.hasty !== true) await looked(stage, session, known);
  let prompts = 0;
  let asks = 0;

  function begin() {
    prompts += 1;
    const id = `"prompt ${prompts}"`;
    const prompt = [{ type: 'text', text: `turn ${prompts}` }];
    editor.ask(id, 'session/prompt', { sessionId: session, prompt });
    return {
      async ended() {
        expect((await editor.answer(id)).result).toEqual({ stopReason: 'end_turn' });
      },
    };
  }

  return {
    running,
    editor,
    session,
    begin,
    take: () => begin().ended(),
    async asked(method) {
      const isAsked = (line: string) => line.includes(`"method":"${method}"`);
      const found = await until(`${method} from the agent`, () =>
        editor.lines().filter(isAsked).at(asks),
      );
      asks += 1;
      const { id, params } = JSON.parse(found);
      return { id: JSON.stringify(id), params };
    },
    allow(id, result = {}) {
      editor.say(`{"jsonrpc":"2.0","id":${id},"result":${JSON.stringify(result)}}`);
    },
    async leave() {
      editor.leave();
      expect(await within('the end', running.ended)).toEqual({ code: 0, signal: null });
    },
  };
}

/** Everything was looked at when the session opened, or nothing had changed since the last one. */
function looked(stage: Stage, session: string, known: number): Promise<unknown> {
  return until(`the files of ${session} looked at`, () => {
    const taken = eventsOf(stage, 'checkpoint-taken');
    return taken.length > known || (known > 0 && eventsOf(stage, 'session-opened').length > 1);
  });
}

export type Told = Ending & { stdout: string; stderr: string };

/** A command of the built program, in the workspace. */
export async function runClew(
  stage: Stage,
  args: readonly string[],
  extra: { env?: Record<string, string | undefined>; cwd?: string } = {},
): Promise<Told> {
  const running = stage.start([process.execPath, clew, ...args], extra);
  let stdout = '';
  running.process.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  running.process.stdin.end();
  const ending = await within(`the end of clew ${args.join(' ')}`, running.ended);
  return { ...ending, stdout, stderr: running.stderr() };
}

/** What a command tells in JSON; it has to end well. */
async function askClew<T>(stage: Stage, args: readonly string[], cwd?: string): Promise<T> {
  const told = await runClew(stage, [...args, '--json'], cwd === undefined ? {} : { cwd });
  if (told.code !== 0) throw new Error(`clew ${args.join(' ')}: ${told.stdout}${told.stderr}`);
  expect({ args, ...told }).toEqual({
    args,
    code: 0,
    signal: null,
    stderr: '',
    stdout: expect.any(String),
  });
  return JSON.parse(told.stdout) as T;
}

export async function undo(
  stage: Stage,
  args: readonly string[] = [],
  cwd?: string,
): Promise<UndoApply['result']> {
  return askClew(stage, ['undo', ...args], cwd);
}

export async function listCheckpoints(stage: Stage, cwd?: string): Promise<CheckpointCard[]> {
  const listed = await askClew<{ checkpoints: CheckpointCard[] }>(
    stage,
    ['checkpoints', '--number', '1000'],
    cwd,
  );
  return listed.checkpoints;
}

type Of<T extends Event['type']> = Extract<Event, { type: T }>;

export function eventsOf<T extends Event['type']>(stage: Stage, type: T): Of<T>[] {
  return readEvents(stage.home).filter((event): event is Of<T> => event.type === type);
}

/** Waits for an event in the journal. */
export function foundEvent<T extends Event['type']>(
  stage: Stage,
  type: T,
  isIt: (event: Of<T>) => boolean = () => true,
): Promise<Of<T>> {
  return until(`${type} in the journal`, () => eventsOf(stage, type).find(isIt));
}

/** git as the judge and as the user: no config of the machine. */
export function git(cwd: string, ...args: string[]): string {
  const said = ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'gc.auto=0', ...args];
  return execFileSync('git', said, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' },
  }).trimEnd();
}

export function commitAll(root: string): void {
  git(root, 'init', '-q');
  git(root, 'add', '-A');
  git(root, 'commit', '-qm', 'the beginning');
  git(root, 'repack', '-adq');
}

/** Folders of the state home, one a workspace. */
export function stateFolders(stage: Stage): string[] {
  const workspaces = join(stage.home, 'workspaces');
  return readdirSync(workspaces).map((name) => join(workspaces, name));
}

/** Complaints of git about the shadow repositories, of which there must be some. */
export function judgeStores(stage: Stage): string[] {
  const stores = stateFolders(stage).map((it) => join(it, 'store.git'));
  expect(stores).not.toEqual([]);
  return stores
    .flatMap((it) =>
      git(stage.folder, '--git-dir', it, 'fsck', '--full', '--strict', '--no-dangling').split('\n'),
    )
    .filter((line) => line !== '' && !/^notice: (?:HEAD|No default)/.test(line));
}

/** Every name below with its kind, rights, time and content; also how many links it has, where that matters. */
export function readWhole(root: string, seesLinks = false): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(root, name);
    const { mode, mtimeNs, nlink } = lstatSync(path, { bigint: true });
    const links = seesLinks ? ` ${nlink}` : '';
    found[name] = `${mode.toString(8)} ${mtimeNs}${links} ${contentOf(path)}`;
  }
  return found;
}

function contentOf(path: string): string {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return readlinkSync(path);
  return stat.isFile() ? createHash('sha1').update(readFileSync(path)).digest('hex') : '';
}

/** What a person sees of a folder, without git's: names and texts. */
export function readTexts(root: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort())
    if (!/^\.git(?:\/|$)/.test(name) && lstatSync(join(root, name)).isFile())
      found[name] = readFileSync(join(root, name), 'utf8');
  return found;
}
