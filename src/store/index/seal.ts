/** Notes how the index file was left, so that a change by anybody else is noticed.
 *
 * SQLite does not check its pages, so a flipped bit could make a wrong answer. Only the holder of
 * the lock changes the file, and only when it moves the log into it; then it notes the file's size,
 * times and checksums here. The times are compared whenever somebody writes, the checksums once a
 * day. A file that is not as noted is built anew: the journals have everything.
 */
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { findLoggedPages, sumBlocks } from './block-sums.ts';

export type Seal = {
  /** Version of the tables in the file. */
  readonly tables: number;
  /** Which file it is, how long, and when it was changed. */
  readonly file: string;
  readonly sums: readonly number[];
  /** When the checksums were last held against the file. */
  readonly checkedAt: number;
};

const checkEveryMs = 24 * 60 * 60 * 1000;

export type Settling = { readonly tables: number; readonly now: number };

/** Calls `move`, which moves the log into the file, and seals the outcome. */
export function sealAfter(path: string, { tables, now }: Settling, move: () => void): void {
  const before = readSeal(path);
  const log = `${path}-wal`;
  // Without a log nobody knows what will change.
  const changed = existsSync(log) ? findLoggedPages(log) : undefined;
  move();
  const sums = changed === undefined ? sumBlocks(path) : sumBlocks(path, before?.sums, changed);
  const checkedAt = before?.checkedAt ?? now;
  writeSeal(path, { tables, file: describeFile(path), sums, checkedAt });
}

/** Whether the file is as it was left. */
export function isSealed(path: string, seal: Seal, now: number): boolean {
  if (seal.file !== describeFile(path)) return false;
  const sinceMs = now - seal.checkedAt;
  if (0 <= sinceMs && sinceMs < checkEveryMs) return true;
  const sums = sumBlocks(path);
  if (sums.length !== seal.sums.length || sums.some((it, at) => it !== seal.sums[at])) return false;
  writeSeal(path, { ...seal, checkedAt: now });
  return true;
}

export function writeSeal(path: string, seal: Seal): void {
  writeFileSync(`${path}-seal.new`, JSON.stringify(seal), { mode: 0o600 });
  renameSync(`${path}-seal.new`, `${path}-seal`);
}

/** Undefined when there is none that can be understood. */
export function readSeal(path: string): Seal | undefined {
  try {
    const seal = JSON.parse(readFileSync(`${path}-seal`, 'utf8')) as Partial<Seal> | null;
    if (typeof seal?.tables !== 'number') return undefined;
    const { tables, file = '', sums = [], checkedAt = 0 } = seal;
    return { tables, file, sums, checkedAt };
  } catch (error) {
    if (error instanceof SyntaxError || isMissing(error)) return undefined;
    throw error;
  }
}

export function describeFile(path: string): string {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | null)?.code === 'ENOENT';
}
