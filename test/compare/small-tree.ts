/** Small trees of files and links: made at random, written to disk, read back, and compared. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { compareFile } from '../../src/compare/compare-file.ts';
import { findRenames } from '../../src/compare/find-renames.ts';
import type { Change } from '../../src/compare/sources.ts';
import type { FileChange } from '../../src/contract/types.gen.ts';
import { showPath } from '../../src/snapshot/raw-path.ts';
import type { Version } from '../../src/snapshot/restore-step.ts';

type Mode = '100644' | '100755' | '120000';
export type Kept = { readonly mode: Mode; readonly text: string };
/** By path; paths and texts have one character a byte. */
export type SmallTree = Readonly<Record<string, Kept>>;

const bytesOf = (raw: string) => Buffer.from(raw, 'latin1');

export function file(text: string, mode: Mode = '100644'): Kept {
  return { mode, text };
}

function versionOf({ mode, text }: Kept): Version {
  const bytes = bytesOf(text);
  const oid = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  return { mode, oid };
}

export function openTrees(before: SmallTree, after: SmallTree) {
  const blobs = new Map<string, Buffer>();
  for (const kept of [...Object.values(before), ...Object.values(after)])
    blobs.set(versionOf(kept).oid, bytesOf(kept.text));
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const changes = paths.flatMap((path): Change[] => {
    const [old, now] = [before[path], after[path]].map((it) => it && versionOf(it));
    if (old?.oid === now?.oid && old?.mode === now?.mode) return [];
    return [{ path: showPath(path), ...(old && { before: old }), ...(now && { after: now }) }];
  });
  const sources = { readBytes: (oid: string) => blobs.get(oid) };
  return { changes, sources };
}

export async function compareTrees(
  before: SmallTree,
  after: SmallTree,
  context?: number,
): Promise<FileChange[]> {
  const { changes, sources } = openTrees(before, after);
  const { changes: paired } = await findRenames(changes, sources);
  const options = context === undefined ? {} : { context };
  return Promise.all(paired.map((it) => compareFile(it, sources, options)));
}

export function writeTree(folder: string, tree: SmallTree): void {
  mkdirSync(folder, { recursive: true });
  for (const [path, { mode, text }] of Object.entries(tree)) {
    const place = Buffer.concat([Buffer.from(`${folder}/`), bytesOf(path)]);
    const above = Buffer.concat([Buffer.from(`${folder}/`), bytesOf(dirname(path))]);
    mkdirSync(above, { recursive: true });
    if (mode === '120000') symlinkSync(bytesOf(text), place);
    else writeFileSync(place, bytesOf(text));
    if (mode === '100755') chmodSync(place, 0o755);
  }
}

export function readTree(folder: string): SmallTree {
  const tree: Record<string, Kept> = {};
  const walk = (above: string) => {
    const place = Buffer.concat([Buffer.from(`${folder}/`), bytesOf(above)]);
    for (const name of readdirSync(place, { encoding: 'buffer' })) {
      const path = join(above, name.toString('latin1'));
      const at = Buffer.concat([Buffer.from(`${folder}/`), bytesOf(path)]);
      const stats = lstatSync(at);
      if (stats.isDirectory()) {
        if (path !== '.git') walk(path);
      } else if (stats.isSymbolicLink())
        tree[path] = file(readlinkSync(at, { encoding: 'buffer' }).toString('latin1'), '120000');
      else
        tree[path] = file(
          readFileSync(at).toString('latin1'),
          (stats.mode & 0o100) === 0 ? '100644' : '100755',
        );
    }
  };
  walk('');
  return tree;
}
