/**
 * Notes how the index file was left, so that a change by anybody else is noticed.
 *
 * SQLite does not check its pages, so a flipped bit could make a wrong answer. Only the holder of
 * the lock changes the file, and only when it moves the log into it; then it notes the file's size
 * and times here. A file that is not as noted is built anew: the journals have everything.
 */
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';

export type Seal = {
  /** Version of the tables in the file. */
  readonly tables: number;
  readonly file: string;
};

export function writeSeal(path: string, tables: number): void {
  const seal: Seal = { tables, file: describeFile(path) };
  writeFileSync(`${path}-seal.new`, JSON.stringify(seal), { mode: 0o600 });
  renameSync(`${path}-seal.new`, `${path}-seal`);
}

/** Undefined when there is none that can be understood. */
export function readSeal(path: string): Seal | undefined {
  try {
    const seal = JSON.parse(readFileSync(`${path}-seal`, 'utf8')) as Partial<Seal> | null;
    if (typeof seal?.tables !== 'number' || typeof seal.file !== 'string') return undefined;
    return { tables: seal.tables, file: seal.file };
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
