/**
 * The file system as it is on a bad day: any call can fail, take too little, or be watched. Whoever imports this
 * has node:fs wrapped for the whole process; the weather is bad only while `runIn` says so.
 */
import fs from 'node:fs';

import { syncBuiltinESMExports } from 'node:module';

/** Calls that change the disk, which a full or read-only one refuses. */
const changing = [
  'writeSync',
  'fsyncSync',
  'mkdirSync',
  'rmdirSync',
  'rmSync',
  'renameSync',
  'linkSync',
  'unlinkSync',
  'symlinkSync',
  'copyFileSync',
  'fchmodSync',
] as const;
const looking = [
  'openSync',
  'readSync',
  'readFileSync',
  'readdirSync',
  'readlinkSync',
  'lstatSync',
  'statSync',
  'fstatSync',
  'statfsSync',
  'accessSync',
] as const;
type Name = (typeof changing)[number] | (typeof looking)[number];

export type Fault = {
  readonly code: string;
  /** Counted from 1, of those calls that it can befall. */
  readonly hits: (call: number) => boolean;
  readonly befalls: 'changes' | 'everything' | 'opening' | 'reading' | 'linking' | 'looking';
  /** Only where such a path is named. */
  readonly path?: string;
};

type Weather = {
  fault: Fault | undefined;
  calls: number;
  hits: number;
  /** How much of each read or write is done, from 0 to 1. */
  share: (() => number) | undefined;
  watch: ((name: Name, given: readonly unknown[], result: unknown) => void) | undefined;
};

const weather: Weather = {
  fault: undefined,
  calls: 0,
  hits: 0,
  share: undefined,
  watch: undefined,
};
const calm: typeof fs = { ...fs };
wrapFs();

/** The disk as it is, whatever the weather. */
export function openCalmDisk(): typeof fs {
  return calm;
}

function wrapFs(): void {
  const wrapped = fs as unknown as Record<Name, Call>;
  for (const name of [...changing, ...looking]) wrapped[name] = wrapCall(name, calm[name] as Call);
  // What modules have imported by name is that from now on.
  syncBuiltinESMExports();
}

type Call = (...given: unknown[]) => unknown;

function wrapCall(name: Name, call: Call): Call {
  return (...given) => {
    if (isHit(name, given)) throw failure(name, given[0]);
    const result = call(...shorten(name, given));
    weather.watch?.(name, given, result);
    return result;
  };
}

function isHit(name: Name, given: readonly unknown[]): boolean {
  const { fault } = weather;
  if (fault === undefined || !isTarget(fault, name, given)) return false;
  weather.calls += 1;
  if (!fault.hits(weather.calls)) return false;
  weather.hits += 1;
  return true;
}

function isTarget({ befalls, path }: Fault, name: Name, given: readonly unknown[]): boolean {
  if (path !== undefined && !isAt(String(given[0]), path)) return false;
  if (befalls === 'everything') return true;
  if (befalls === 'opening') return name === 'openSync';
  if (befalls === 'reading') return name === 'openSync' || name === 'readdirSync';
  if (befalls === 'linking') return name === 'linkSync';
  if (befalls === 'looking') return name === 'lstatSync';
  return (changing as readonly string[]).includes(name) || (name === 'openSync' && isMaking(given));
}

/** A path that ends in `/` is looked for anywhere, another only at the end. */
function isAt(target: string, path: string): boolean {
  return path.endsWith('/') ? target.includes(path) : target.endsWith(path);
}

function isMaking([, mode]: readonly unknown[]): boolean {
  const create = openCalmDisk().constants.O_CREAT;
  return typeof mode === 'number' ? (mode & create) !== 0 : mode !== undefined && mode !== 'r';
}

function failure(name: Name, target: unknown): Error {
  const code = weather.fault?.code ?? '';
  const path = typeof target === 'number' ? undefined : String(target);
  return Object.assign(new Error(`${code}: injected, ${name} ${path ?? ''}`), {
    code,
    syscall: name,
    ...(path === undefined ? {} : { path }),
  });
}

/** `(fd, bytes, from, length, position)`: at least one byte, but for a share below nothing. */
function shorten(name: Name, given: unknown[]): unknown[] {
  if (weather.share === undefined || (name !== 'writeSync' && name !== 'readSync')) return given;
  const [fd, bytes, from = 0, length = (bytes as Uint8Array).length, ...rest] = given;
  const asked = length as number;
  const part = Math.min(asked, 1 + Math.floor(weather.share() * asked));
  return [fd, bytes, from, Math.max(0, part), ...rest];
}

/** Does something in that weather; answers how many calls it could befall, and how many it did. */
export function runIn<T>(
  storm: Partial<Pick<Weather, 'fault' | 'share' | 'watch'>>,
  act: () => T,
): { calls: number; hits: number; result?: T; error?: unknown } {
  const { fault, share, watch } = storm;
  Object.assign(weather, { fault, share, watch, calls: 0, hits: 0 });
  try {
    const result = act();
    return { calls: weather.calls, hits: weather.hits, result };
  } catch (error) {
    return { calls: weather.calls, hits: weather.hits, error };
  } finally {
    Object.assign(weather, { fault: undefined, share: undefined, watch: undefined });
  }
}
