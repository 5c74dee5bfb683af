/** Counts the files that differ from git's index, by size and times alone; no git is run and nothing is read. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { TreeStatus } from '../contract/types.gen.ts';
import { readIndex } from '../snapshot/index-reader.ts';
import { isOwnPath } from '../snapshot/own-path.ts';
import { withoutMissing } from './without-missing.ts';

export type TreePlace = { readonly root: string; readonly gitDir: string };

/** More than this many files would hold up whoever else is waiting for the disk. */
const fileLimit = 20_000;
const atOnce = 64;
const submodule = 0o160000;

type Row = { readonly path: string; readonly size: number; readonly mtimeMs: number };

/** Undefined where there is no index that can be read, or too much in it. */
export async function readTreeStatus({ root, gitDir }: TreePlace): Promise<TreeStatus | undefined> {
  const rows = readRows(join(gitDir, 'index'));
  if (rows === undefined || fileLimit < rows.length) return undefined;
  const dirty: { path: string; told: string }[] = [];
  let missing = 0;
  for (let at = 0; at < rows.length; at += atOnce) {
    const some = rows.slice(at, at + atOnce);
    const seen = await Promise.all(some.map((row) => look(root, row)));
    for (const [n, it] of seen.entries()) {
      if (it === undefined) continue;
      if (it === 'gone') missing += 1;
      dirty.push({ path: some[n]?.path ?? '', told: it });
    }
  }
  const hash = createHash('sha256');
  for (const { path, told } of dirty) hash.update(`${path}\0${told}\0`);
  const digest = hash.digest('hex').slice(0, 16);
  return { changed: dirty.length - missing, missing, digest };
}

function readRows(path: string): Row[] | undefined {
  const bytes = withoutMissing(() => readFileSync(path));
  if (bytes === undefined) return undefined;
  const rows: Row[] = [];
  const decode = (from: number, to: number) => bytes.toString('latin1', from, to);
  const report = readIndex(bytes, decode, (entry) => {
    if (entry.mode === submodule || entry.doubtful || fileLimit < rows.length) return;
    if (isOwnPath(entry.path)) return;
    const mtimeMs = entry.mtimeSeconds * 1000 + Math.floor(entry.mtimeNanos / 1e6);
    rows.push({ path: entry.path, size: entry.size, mtimeMs });
  });
  return report.kind === 'read' ? rows : undefined;
}

/** Undefined when it is as git left it. */
async function look(root: string, { path, size, mtimeMs }: Row): Promise<string | undefined> {
  const place = Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')]);
  try {
    const stat = await lstat(place);
    const isSame = stat.size % 2 ** 32 === size && Math.floor(stat.mtimeMs) === mtimeMs;
    return isSame ? undefined : `${stat.size} ${stat.mtimeMs}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'gone';
    if (code === undefined) throw error;
    return code;
  }
}
