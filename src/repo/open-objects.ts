/** Reads objects of the user's repository, loose and packed, also those borrowed from another; no git is run. */
import { readdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { withoutMissing } from './without-missing.ts';

export type GitObject = {
  readonly type: 'commit' | 'tree' | 'blob' | 'tag';
  readonly bytes: Buffer;
};

/** As the shadow repository's reader gives it. */
export type PackReader = {
  find(oid: Uint8Array, at: number): number;
  read(offset: number, other: (oid: Buffer) => GitObject | undefined): GitObject | undefined;
  listIds(prefix: string): string[];
  close(): void;
};

export type GitObjects = {
  /** Undefined when it is not there, or damaged. */
  read(oid: string): GitObject | undefined;
  /** Whole ids that begin so. */
  find(prefix: string): string[];
  close(): void;
};

const borrowLimit = 5;
const looseLimitBytes = 256 << 20;

export function openObjects(
  commonDir: string,
  openPack: (file: string) => PackReader | undefined,
): GitObjects {
  const folders = listFolders(join(commonDir, 'objects'));
  let packs: PackReader[] | undefined;

  function openPacks(): PackReader[] {
    return folders.flatMap((folder) => {
      const place = join(folder, 'pack');
      const names = withoutMissing(() => readdirSync(place)) ?? [];
      const there = new Set(names);
      return names
        .filter((it) => it.endsWith('.pack') && there.has(it.replace(/\.pack$/, '.idx')))
        .flatMap((it) => withoutMissing(() => openPack(join(place, it))) ?? []);
    });
  }

  function readPacked(key: Buffer): GitObject | undefined {
    packs ??= openPacks();
    for (const pack of packs) {
      const offset = pack.find(key, 0);
      if (offset >= 0) return pack.read(offset, (other) => read(other.toString('hex')));
    }
    return undefined;
  }

  function read(oid: string): GitObject | undefined {
    try {
      for (const folder of folders) {
        const file = join(folder, oid.slice(0, 2), oid.slice(2));
        const packed = withoutMissing(() => readFileSync(file));
        const found = packed && cutLoose(packed);
        if (found !== undefined) return found;
      }
      return readPacked(Buffer.from(oid, 'hex'));
    } catch (error) {
      // zlib says so when an object is damaged.
      if (/^Z_|^ERR_/.test((error as NodeJS.ErrnoException).code ?? '')) return undefined;
      throw error;
    }
  }

  return {
    read,
    find(prefix) {
      packs ??= openPacks();
      const loose = folders.flatMap((folder) =>
        (withoutMissing(() => readdirSync(join(folder, prefix.slice(0, 2)))) ?? [])
          .map((it) => prefix.slice(0, 2) + it)
          .filter((it) => /^[0-9a-f]{40}$/.test(it) && it.startsWith(prefix)),
      );
      return [...new Set([...loose, ...packs.flatMap((it) => it.listIds(prefix))])];
    },
    close() {
      for (const pack of packs ?? []) pack.close();
      packs = undefined;
    },
  };
}

const looseHead = /^(commit|tree|blob|tag) \d+$/;

function cutLoose(packed: Buffer): GitObject | undefined {
  const bytes = inflateSync(packed, { maxOutputLength: looseLimitBytes });
  const end = bytes.indexOf(0);
  const [, type] = looseHead.exec(bytes.subarray(0, end).toString('latin1')) ?? [];
  return type === undefined
    ? undefined
    : { type: type as GitObject['type'], bytes: bytes.subarray(end + 1) };
}

/** Its own, and those that it borrows from. */
function listFolders(first: string): string[] {
  const folders = [first];
  for (const folder of folders) {
    if (folders.length > borrowLimit) break;
    const text = withoutMissing(() => readFileSync(join(folder, 'info', 'alternates'), 'utf8'));
    for (const line of (text ?? '').split('\n')) {
      const other = isAbsolute(line) ? line : join(folder, line);
      if (line !== '' && !line.startsWith('#') && !folders.includes(other)) folders.push(other);
    }
  }
  return folders;
}
