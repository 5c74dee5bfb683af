/** The agent: a child process in a process group of its own, so that everything it starts ends with it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { PassThrough, type Readable, type Writable } from 'node:stream';

export type Departure = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it could not be started at all. */
  readonly error?: NodeJS.ErrnoException;
};

export type AgentProcess = {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Settles once, when the process is gone or could not be started. */
  readonly departed: Promise<Departure>;
  /** Signals everything in the agent's group; false if nobody is left there. */
  signal(name: NodeJS.Signals | 0): boolean;
};

/** Windows has no process groups; there the child alone is signalled. */
const hasGroups = process.platform !== 'win32';

/** `run`: told to hooks that git runs on the agent's behalf, so that they bear witness of whose it was. */
export function startAgent(
  command: readonly string[],
  run: string,
  input: 'pipe' | 'inherit' = 'pipe',
): AgentProcess {
  const [program = '', ...args] = command;
  try {
    const child = spawn(program, args, {
      env: { ...process.env, CLEW_RUN: run },
      stdio: [input, 'pipe', 'inherit'],
      detached: hasGroups,
      windowsHide: true,
    });
    return {
      // With ours as its own, nobody writes here.
      stdin: child.stdin ?? new PassThrough(),
      stdout: child.stdout as Readable,
      departed: awaitDeparture(child),
      signal: (name) => signalGroup(child, name),
    };
  } catch (error) {
    // Node throws for all that is not among the five commonest: ENOTDIR, ELOOP, ENAMETOOLONG, E2BIG.
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    return neverStarted(error as NodeJS.ErrnoException);
  }
}

function neverStarted(error: NodeJS.ErrnoException): AgentProcess {
  const departed = Promise.resolve({ code: null, signal: null, error });
  return {
    stdin: new PassThrough().resume(),
    stdout: new PassThrough().end(),
    departed,
    signal: () => false,
  };
}

function awaitDeparture(child: ChildProcess): Promise<Departure> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      if (child.pid === undefined) resolve({ code: null, signal: null, error });
    });
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

function signalGroup(child: ChildProcess, name: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false;
  try {
    return hasGroups ? process.kill(-child.pid, name) : child.kill(name);
  } catch (error) {
    // ESRCH: everybody has left. EPERM: what is left there belongs to somebody else by now.
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH' || code === 'EPERM') return false;
    throw error;
  }
}
