/** What a command has of the world: where it is, where it writes, and when it is. */
import { Failure } from '../errors.ts';

export type Io = {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** On standard output; bytes where they are no text. */
  write(text: string | Uint8Array): void;
  /** On standard error. */
  warn(text: string): void;
  /** How wide the terminal is; undefined when standard output is none. */
  readonly columns: number | undefined;
  /** How high the terminal is. */
  readonly rows?: number | undefined;
  /** Standard error is a terminal, where a line may be written over. */
  readonly showsProgress: boolean;
  readonly usesColor: boolean;
  now(): number;
  /** Standard input to its end. */
  readInput(limitBytes: number): Promise<string>;
  /** Fulfilled with the signal's name when somebody wants it to end; until asked, signals just kill. */
  untilInterrupted(): Promise<'SIGINT' | 'SIGTERM'>;
};

export function openIo(): Io {
  const { env } = process;
  let guardsPipe = false;
  let guardsWarnings = false;
  function warn(text: string): void {
    // Nobody is there to be told that nobody is there; the exit code still says it.
    if (!guardsWarnings) process.stderr.on('error', () => process.stderr.destroy());
    guardsWarnings = true;
    process.stderr.write(text);
  }
  return {
    cwd: readCwd(env),
    env,
    write(text) {
      if (!guardsPipe) {
        guardsPipe = true;
        process.stdout.on('error', (error) => process.exit(leavingCode(error, warn)));
      }
      process.stdout.write(text);
    },
    warn,
    // Asked for late: merely to look at process.stdout takes its descriptor, which the sidecar needs.
    get columns() {
      return process.stdout.isTTY ? process.stdout.columns || 80 : undefined;
    },
    get rows() {
      return process.stdout.isTTY ? process.stdout.rows || 24 : undefined;
    },
    get showsProgress() {
      return process.stderr.isTTY === true;
    },
    get usesColor() {
      return wantsColor(env, process.stdout.isTTY === true);
    },
    now: Date.now,
    readInput,
    untilInterrupted: () =>
      new Promise((done) => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, done);
      }),
  };
}

async function readInput(limitBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (limitBytes < bytes)
      throw new Failure('usage', `standard input has more than ${limitBytes} bytes`, {
        hint: 'send less of it',
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The folder that we were started in may be gone; then we say which, as the shell has it, and others can be named. */
function readCwd({ PWD = '' }: Io['env']): string {
  try {
    return process.cwd();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return PWD.startsWith('/') ? PWD : '/';
    throw error;
  }
}

/** As sysexits.h has it. */
const outputExit = 74;

/** Whoever read our output has seen enough: `clew log | head`. All else is told: a full disk cut it short. */
function leavingCode(error: NodeJS.ErrnoException, warn: (text: string) => void): number {
  if (error.code === 'EPIPE') return 0;
  warn(`clew: standard output could not be written: ${error.message}\n`);
  return outputExit;
}

/** See no-color.org and force-color.org: any value but the empty one, and who forbids it has the last word. */
function wantsColor(env: Io['env'], isTerminal: boolean): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = env;
  if (NO_COLOR || FORCE_COLOR === '0') return false;
  return Boolean(FORCE_COLOR) || (isTerminal && TERM !== 'dumb');
}
