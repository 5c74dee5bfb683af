/** Which writers of a folder are alive: each keeps a file `<writer>.live` that says which process it is. */
import { rmSync, statSync, utimes } from 'node:fs';
import { join } from 'node:path';
import type { Lease as LeaseFile } from '../contract/types.gen.ts';
import { readShape } from '../journal/json.ts';
import { readNames } from './journal-names.ts';
import { judgeLife, readOwnMark } from './process-mark.ts';
import { readIfThere, writeWhole } from './whole-file.ts';

/**
 * `elsewhere`: its heartbeat is fresh, but it runs in another container or on another machine. `silent`: it
 * has missed its beats there, so what it left open is shown as interrupted; but it may only sleep, and nobody
 * touches its files before it is `stale`.
 */
type LeaseState = 'here' | 'elsewhere' | 'silent' | 'stale';
type SeenLease = {
  readonly writer: string;
  readonly state: LeaseState;
  /** Where it tells of its progress, if it does. */
  readonly socket?: string;
};
export type Lease = { readonly writer: string; release(): void };

const ending = '.live';
const leaseVersion = 1;
/** For those who cannot look at the process. */
const heartbeatMs = 15_000;
const silentMs = 60_000;
const staleMs = 60 * 60_000;

export type LeaseTimes = {
  readonly now: () => number;
  readonly heartbeatMs: number;
  readonly silentMs: number;
  readonly staleMs: number;
};
export type LeaseOptions = Partial<LeaseTimes> & { readonly socket?: string | undefined };

const usual: LeaseTimes = { now: Date.now, heartbeatMs, silentMs, staleMs };

function leasePath(folder: string, writer: string): string {
  return join(folder, `${writer}${ending}`);
}

/** Durable before it returns, since a lease that a power cut takes away hides that its writer was lost. */
export function takeLease(folder: string, writer: string, options: LeaseOptions = {}): Lease {
  const { socket, ...given } = options;
  const { now, heartbeatMs } = { ...usual, ...given };
  const path = leasePath(folder, writer);
  const told = socket === undefined ? {} : { socket };
  const lease: LeaseFile = { v: leaseVersion, writer, ...readOwnMark(), ...told };
  writeWhole(path, `${JSON.stringify(lease)}\n`);
  const beat = setInterval(() => {
    const at = now() / 1000;
    // A beat that fails misleads only those who cannot see this process, and only until the next.
    utimes(path, at, at, (error) => void error);
  }, heartbeatMs).unref();
  return {
    writer,
    release() {
      clearInterval(beat);
      dropLease(folder, writer);
    },
  };
}

/** A lease of a writer that is gone stays as a mark until somebody has told about it: see settleJournals. */
export function readLeases(folder: string, given: Partial<LeaseTimes> = {}): SeenLease[] {
  const own = readOwnMark();
  const times = { ...usual, ...given };
  const names = readNames(folder).filter((it) => it.endsWith(ending));
  return names
    .map((name) => {
      const lease = readLease(join(folder, name));
      const writer = name.slice(0, -ending.length);
      if (lease === undefined) return undefined;
      const socket = lease.mark?.socket;
      const told = socket === undefined ? {} : { socket };
      return { writer, state: judgeLease(lease, own, times), ...told };
    })
    .filter((it) => it !== undefined);
}

/** Only what is stale by then; false when its holder lives. */
export function dropStaleLease(folder: string, writer: string): boolean {
  const path = leasePath(folder, writer);
  const lease = readLease(path);
  if (lease !== undefined && judgeLease(lease, readOwnMark(), usual) !== 'stale') return false;
  dropLease(folder, writer);
  return true;
}

/** Only for who knows that the holder is gone. */
export function dropLease(folder: string, writer: string): void {
  rmSync(leasePath(folder, writer), { force: true });
}

type ReadLease = { readonly mark: LeaseFile | undefined; readonly beatAt: number };

function judgeLease(
  { mark, beatAt }: ReadLease,
  own: ReturnType<typeof readOwnMark>,
  { now, silentMs, staleMs }: LeaseTimes,
): LeaseState {
  const life = mark === undefined ? 'unknown' : judgeLife(mark, own);
  if (life === 'running') return 'here';
  const silenceMs = now() - beatAt;
  if (life === 'gone' || staleMs <= silenceMs) return 'stale';
  return silenceMs < silentMs ? 'elsewhere' : 'silent';
}

/** Undefined when it has gone meanwhile. */
function readLease(path: string): ReadLease | undefined {
  const text = readIfThere(path)?.toString('utf8');
  const beatAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return text === undefined || beatAt === undefined
    ? undefined
    : { mark: parseLease(text), beatAt };
}

/** One that cannot be read is judged by its heartbeat alone. */
function parseLease(text: string): LeaseFile | undefined {
  const lease = readShape(text) as Partial<LeaseFile> | undefined;
  const isWhole = typeof lease?.pid === 'number' && typeof lease.started === 'string';
  return isWhole ? (lease as LeaseFile) : undefined;
}
