/** Empties the trash of restores that are long done, and forgets their records. */
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { syncFolder } from './write-file.ts';

export type Cleared = {
  readonly restores: number;
  /** Files taken away by those restores, and how much they held. */
  readonly files: number;
  readonly bytes: number;
};

/** `before`: milliseconds since 1970. A restore that is still to be finished keeps its trash. */
export function clearRestores(folder: string, before: number): Cleared {
  const trash = join(folder, 'trash');
  const names = readdirSync(folder);
  const open = new Set(names.filter((name) => name.endsWith('.intent')).map(idOf));
  const cleared = { restores: 0, files: 0, bytes: 0 };
  for (const id of readdirSync(trash)) {
    // By the folder, whose time is that of the last file put in: files bring their own times along.
    if (open.has(id) || !isOlder(join(trash, id), before)) continue;
    for (const name of readdirSync(join(trash, id))) {
      cleared.files += 1;
      cleared.bytes += lstatSync(join(trash, id, name)).size;
    }
    rmSync(join(trash, id), { recursive: true });
  }
  for (const name of names) {
    const isRecord = /\.(?:done|bad|tmp)$/.test(name);
    if (!isRecord || !isOlder(join(folder, name), before)) continue;
    if (name.endsWith('.done')) cleared.restores += 1;
    rmSync(join(folder, name));
  }
  syncFolder(trash);
  syncFolder(folder);
  return cleared;
}

function idOf(name: string): string {
  return name.replace(/\.\w+$/, '');
}

function isOlder(path: string, before: number): boolean {
  return lstatSync(path).mtimeMs < before;
}
