/** A throwaway folder with a workspace and a state home, and everything that was started on it, which ends with it. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Row, readMarked } from './process-table.ts';
import { within } from './until.ts';

export const peers = resolve(import.meta.dirname, 'peers');
export const standIns = resolve(import.meta.dirname, 'stand-ins');

/** The program under test; CLEW_MAIN puts another in its place, to see whether these tests notice. */
export const clew = resolve(
  process.env.CLEW_MAIN ?? resolve(import.meta.dirname, '../../dist/main.js'),
);

export type Ending = { code: number | null; signal: NodeJS.Signals | null };

export type Running = {
  readonly pid: number;
  readonly process: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ending>;
  isOver(): boolean;
  stderr(): string;
};

export type Stage = {
  readonly folder: string;
  readonly workspace: string;
  readonly home: string;
  /** Starts any program with the stage's environment. */
  start(command: readonly string[], extra?: StartOptions): Running;
  /** Starts the sidecar around an agent. */
  sidecar(agent: readonly string[], extra?: SidecarOptions): Running;
  /** Whoever was started here, or by somebody who was, and still lives. */
  survivors(): Row[];
  [Symbol.asyncDispose](): Promise<void>;
};

type StartOptions = { env?: Record<string, string | undefined>; cwd?: string };
export type SidecarOptions = StartOptions & { options?: readonly string[]; main?: string };

export function openStage(): Stage {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'clew-whole-')));
  const workspace = join(folder, 'workspace');
  const home = join(folder, 'state');
  mkdirSync(workspace);
  mkdirSync(join(folder, 'user'));
  const mark = `CLEW_TEST_MARK=${randomUUID()}`;
  const environment = {
    PATH: process.env.PATH,
    HOME: join(folder, 'user'),
    TMPDIR: tmpdir(),
    LANG: 'C.UTF-8',
    CLEW_HOME: home,
    CLEW_PATIENCE: process.env.CLEW_PATIENCE,
    CLEW_TEST_MARK: mark.slice('CLEW_TEST_MARK='.length),
  };
  const started: Running[] = [];

  function start(command: readonly string[], extra: StartOptions = {}): Running {
    const [program = '', ...args] = command;
    const running = watch(
      spawn(program, args, {
        cwd: extra.cwd ?? workspace,
        env: { ...environment, ...extra.env },
        stdio: 'pipe',
      }),
    );
    started.push(running);
    return running;
  }
  const sidecar = (agent: readonly string[], extra: SidecarOptions = {}) =>
    start(commandOf(agent, extra), extra);
  async function dispose(): Promise<void> {
    // A process may start another one while we look, so look until there is nobody.
    for (let rows = readMarked(mark); rows.length > 0; rows = readMarked(mark)) {
      for (const { pid } of rows) kill(pid);
    }
    await within('the end of all that was killed', Promise.all(started.map((one) => one.ended)));
    rmSync(folder, { recursive: true, force: true });
  }
  const survivors = () => readMarked(mark);
  return { folder, workspace, home, start, sidecar, survivors, [Symbol.asyncDispose]: dispose };
}

/** The command line of the sidecar around an agent. */
export function commandOf(agent: readonly string[], extra: SidecarOptions = {}): string[] {
  const main = extra.main ?? clew;
  if (!existsSync(main)) throw new Error(`${main} is not there: npm run build`);
  return [process.execPath, main, 'acp', ...(extra.options ?? []), '--', ...agent];
}

/** Where the native module could not be built, clew says so once, and rightly; here it is about the rest. */
const noIndex = /^clew: no index: the index needs better-sqlite3.*\n/m;

function watch(child: ChildProcessWithoutNullStreams): Running {
  let stderr = '';
  let over = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // Whoever writes to a program that has ended is told by its ending, not by a broken pipe.
  for (const stream of [child.stdin, child.stdout, child.stderr])
    stream.on('error', () => undefined);
  const ended = new Promise<Ending>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', () => {
      over = true;
    });
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  return {
    pid: child.pid ?? -1,
    process: child,
    ended,
    isOver: () => over,
    stderr: () => stderr.replace(noIndex, ''),
  };
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code !== 'ESRCH') throw problem;
  }
}
