/** One leader per workspace: a lock file that says which process it is, taken over only when that process is gone. */
import { linkSync, mkdirSync, readFileSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { nameTemp, removeTemp, syncFolder, writeNew } from './durable-file.ts';

/** What tells a process from a later one with the same pid; made and judged by the store's hand. */
export type Marks<Mark> = {
  readonly own: Mark;
  readonly judge: (mark: Mark) => 'running' | 'gone' | 'unknown';
};

export type LeadPlace<Mark> = {
  readonly folder: string;
  /** Where the leader will answer others. */
  readonly socket: string;
  /** A fresh name for this holding of the lock. */
  readonly token: string;
  readonly marks: Marks<Mark>;
};

export type Lead =
  | { readonly kind: 'leader'; holds(): boolean; release(): void }
  | { readonly kind: 'follower'; readonly socket: string };

type Lock<Mark> = { readonly token: string; readonly socket: string; readonly mark: Mark };

/** Whoever holds the lock and refuses at `refusing` has lost the thread that led. */
export function takeLead<Mark>(place: LeadPlace<Mark>, refusing?: string): Lead {
  mkdirSync(place.folder, { recursive: true, mode: 0o700 });
  const file = join(place.folder, 'leader.lock');
  if (claim(file, place)) return lead(file, place);
  const holder = readLock<Mark>(file);
  const isDead = holder?.socket === refusing;
  if (holder && !isDead && place.marks.judge(holder.mark) !== 'gone')
    return { kind: 'follower', socket: holder.socket };
  if (takeOver(file, place, holder)) return lead(file, place);
  const winner = readLock<Mark>(file);
  return { kind: 'follower', socket: winner?.socket ?? place.socket };
}

function lead<Mark>(file: string, place: LeadPlace<Mark>): Lead {
  const holds = () => readLock(file)?.token === place.token;
  return {
    kind: 'leader',
    holds,
    release() {
      if (holds()) unlinkSync(file);
    },
  };
}

/** A link is made only where nothing is, and brings its content with it. */
function claim<Mark>(file: string, { token, socket, marks, folder }: LeadPlace<Mark>): boolean {
  const temp = nameTemp(join(folder, 'leader.tmp'));
  const lock: Lock<Mark> = { token, socket, mark: marks.own };
  try {
    writeNew(temp, Buffer.from(JSON.stringify(lock)));
    linkSync(temp, file);
    syncFolder(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    removeTemp(temp);
  }
}

/** Under a second lock, so that of two who see a dead leader one takes its place and the other sees that. */
function takeOver<Mark>(
  file: string,
  place: LeadPlace<Mark>,
  dead: Lock<Mark> | undefined,
): boolean {
  const gate = `${file}.takeover`;
  if (!claim(gate, place)) {
    const other = readLock<Mark>(gate);
    if (other && (place.marks.judge(other.mark) === 'gone' || isStuck(gate))) removeTemp(gate);
    return false;
  }
  try {
    if (readLock(file)?.token !== dead?.token) return false;
    removeTemp(file);
    if (dead) removeTemp(dead.socket);
    return claim(file, place);
  } finally {
    if (readLock(gate)?.token === place.token) removeTemp(gate);
  }
}

/** A take-over is a matter of milliseconds. */
const longestMs = 2_000;

/** Begun by a thread that died in the midst of it: its process, which may live on, does not tell. */
function isStuck(gate: string): boolean {
  const begun = statSync(gate, { throwIfNoEntry: false })?.mtimeMs;
  return begun !== undefined && longestMs < Date.now() - begun;
}

function readLock<Mark>(file: string): Lock<Mark> | undefined {
  try {
    const lock = JSON.parse(readFileSync(file, 'utf8')) as Lock<Mark> | null;
    return typeof lock?.token === 'string' ? lock : undefined;
  } catch (error) {
    // Gone meanwhile, or not written by us: nobody that could be asked.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT')
      return undefined;
    throw error;
  }
}
