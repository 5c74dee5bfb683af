/** Reads objects of the user's repository, loose or packed; git is not run, and nothing is fetched. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inflateSync } from 'node:zlib';
import { withoutMissing } from './without-missing.ts';

export type RepoObject = { readonly type: string; readonly bytes: Buffer };

/** One pack; whoever knows the format opens it. */
export type PackReader = {
  find(oid: Uint8Array, at: number): number;
  read(offset: number, other: (oid: Buffer) => RepoObject | undefined): RepoObject | undefined;
  close(): void;
};

export type ObjectsPorts = {
  /** Undefined for a pack whose index cannot be read. */
  openPack(file: string): PackReader | undefined;
};

export type Objects = {
  /** Undefined where it is missing or damaged, or lies where we do not look. */
  read(id: string): RepoObject | undefined;
  close(): void;
};

/** Commits and trees are small; what is larger is none of these, or made to be. */
const looseLimitBytes = 8 << 20;
/** To read the index of a larger one takes longer than anybody should wait. */
const indexLimitBytes = 64 << 20;
const alternatesDepth = 5;
const alternatesLimit = 10;

export function openObjects(commonDir: string, ports: ObjectsPorts): Objects {
  const folders = listFolders(join(commonDir, 'objects'), alternatesDepth);
  let packs: PackReader[] | undefined;

  function readPacked(key: Buffer): RepoObject | undefined {
    packs ??= folders.flatMap((it) => openPacks(join(it, 'pack'), ports));
    for (const pack of packs) {
      const offset = pack.find(key, 0);
      if (offset < 0) continue;
      const found = pack.read(offset, (other) => read(other.toString('hex')));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  function read(id: string): RepoObject | undefined {
    // Ids of another length are of a format that the packs' readers do not know.
    if (!/^[0-9a-f]{40}$/.test(id)) return undefined;
    try {
      for (const folder of folders) {
        const found = readLoose(folder, id);
        if (found !== undefined) return found;
      }
      return readPacked(Buffer.from(id, 'hex'));
    } catch (error) {
      if (isDamage(error)) return undefined;
      throw error;
    }
  }

  return {
    read,
    close() {
      for (const pack of packs ?? []) pack.close();
      packs = [];
    },
  };
}

/** zlib says so when what is there is no object, and the system when it went away meanwhile. */
const isDamage = (error: unknown) =>
  /^Z_|^ERR_|^E[A-Z]+$/.test((error as NodeJS.ErrnoException).code ?? '');

function readLoose(folder: string, id: string): RepoObject | undefined {
  const path = join(folder, id.slice(0, 2), id.slice(2));
  const size = withoutMissing(() => statSync(path).size);
  if (size === undefined || looseLimitBytes < size) return undefined;
  const packed = withoutMissing(() => readFileSync(path));
  if (packed === undefined) return undefined;
  const bytes = inflateSync(packed, { maxOutputLength: looseLimitBytes });
  const end = bytes.indexOf(0);
  const [, type] = /^([a-z]+) \d+$/.exec(bytes.toString('latin1', 0, end)) ?? [];
  return type === undefined ? undefined : { type, bytes: bytes.subarray(end + 1) };
}

function openPacks(folder: string, { openPack }: ObjectsPorts): PackReader[] {
  const names = withoutMissing(() => readdirSync(folder)) ?? [];
  return names
    .filter((it) => it.endsWith('.idx'))
    .map((it) => join(folder, it))
    .filter(
      (it) =>
        (withoutMissing(() => statSync(it).size) ?? Number.POSITIVE_INFINITY) <= indexLimitBytes,
    )
    .map((it) => withoutMissing(() => openPack(it.replace(/\.idx$/, '.pack'))))
    .filter((it) => it !== undefined);
}

/** Objects may lie with another repository. */
function listFolders(objects: string, left: number): string[] {
  const text =
    withoutMissing(() => readFileSync(join(objects, 'info', 'alternates'), 'utf8')) ?? '';
  const named =
    left === 0
      ? []
      : text
          .split('\n')
          .filter((it) => it !== '' && !it.startsWith('#'))
          .slice(0, alternatesLimit);
  return [objects, ...named.flatMap((it) => listFolders(resolve(objects, it), left - 1))];
}
