/** Makes the user's packs ours without copying them: hard links, else copies, else borrowed until they are copied. */
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
} from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { makeFolder, nameTemp, syncFolder } from './durable-file.ts';

export type BasePack = { readonly file: string; readonly owned: boolean };

export type BasePlace = {
  readonly base: string;
  /** `objects` folder of the user's repository; without one there is only what we have already. */
  readonly objects: string | undefined;
  /** Never link; copy in the background. */
  readonly copies: boolean;
};

export function linkBase(place: BasePlace): BasePack[] {
  makeFolder(place.base);
  const copies = rememberCopies(place);
  const packs: BasePack[] = [];
  let added = false;
  const theirObjects =
    place.objects === undefined ? [] : [place.objects, ...readAlternates(place.objects, 0)];
  for (const objects of theirObjects) {
    for (const name of listPacks(join(objects, 'pack'))) {
      const own = join(place.base, name);
      const theirs = join(objects, 'pack', name);
      if (existsSync(own)) continue;
      if (copies || !linkPack(theirs, own)) packs.push({ file: theirs, owned: false });
      else added = true;
    }
  }
  if (added) syncFolder(place.base);
  for (const name of listPacks(place.base))
    packs.push({ file: join(place.base, name), owned: true });
  return packs;
}

/** Whoever opens it next, a command perhaps, has to know that the user wants no links. */
function rememberCopies({ base, copies }: BasePlace): boolean {
  const mark = join(base, '..', 'copies-only');
  const isKnown = existsSync(mark);
  if (copies && !isKnown) closeSync(openSync(mark, 'a', 0o600));
  return copies || isKnown;
}

/** The pack last: a pack in `base` always has its index beside it. */
function linkPack(theirs: string, own: string): boolean {
  try {
    linkQuietly(theirs.replace(/\.pack$/, '.idx'), own.replace(/\.pack$/, '.idx'));
    linkQuietly(theirs, own);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    // Another file system, a file system without links, protected links, too many of them, or gone.
    return false;
  }
}

function linkQuietly(from: string, to: string): void {
  if (!existsSync(to)) linkSync(from, to);
}

/** For the background: one pack becomes ours for good. */
export function copyPack(theirs: string, base: string, name: string): void {
  for (const end of ['.idx', '.pack']) {
    const temp = nameTemp(join(base, 'tmp_base'));
    copyFileSync(theirs.replace(/\.pack$/, end), temp, constants.COPYFILE_FICLONE);
    syncFile(temp);
    renameSync(temp, join(base, name.replace(/\.pack$/, end)));
  }
  syncFolder(base);
}

function syncFile(file: string): void {
  const fd = openSync(file, 'r');
  fsyncSync(fd);
  closeSync(fd);
}

export function listPacks(folder: string): string[] {
  const names = readNames(folder);
  const whole = new Set(names);
  return names.filter(
    (name) => /^pack-[0-9a-f]+\.pack$/.test(name) && whole.has(name.replace(/\.pack$/, '.idx')),
  );
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return [];
  }
}

function readAlternates(objects: string, depth: number): string[] {
  const file = join(objects, 'info', 'alternates');
  if (depth > 5 || !existsSync(file)) return [];
  const found: string[] = [];
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const other = isAbsolute(line) ? line : resolve(objects, line);
    found.push(other, ...readAlternates(other, depth + 1));
  }
  return found;
}
