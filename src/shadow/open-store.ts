/** The shadow repository's objects: our own packs, behind them the base; reads are verified by their hash. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf } from '../snapshot/tree-object.ts';
import type { Failpoint } from './durable-file.ts';
import { type BasePack, listPacks } from './link-base.ts';
import { idOf, type Oid } from './object-id.ts';
import { openPack, type Pack, type StoredObject } from './open-pack.ts';
import { openPackWriter, type PackWriter } from './pack-writer.ts';

export type Store = {
  readonly gitDir: string;
  /** Whether it is ours: in our packs, or in a base pack that we own. */
  isOwned(oid: Uint8Array, at?: number): boolean;
  has(oid: Uint8Array, at: number): boolean;
  /** In our own packs, where isomorphic-git sees it too. */
  isOwnTree(oid: Uint8Array): boolean;
  /** Undefined when missing or damaged. */
  read(oid: Oid): StoredObject | undefined;
  write(): PackWriter;
  /** Makes a finished pack known. */
  admit(file: string): void;
  setBase(packs: readonly BasePack[]): void;
  /** Reads the pack folder anew: packs were added or taken away. */
  reload(): void;
  readonly own: readonly Pack[];
  readonly base: readonly Pack[];
  close(): void;
};

/** What git and isomorphic-git need to see to take it for a repository; nothing in it runs anything. */
const config = `[core]
\trepositoryformatversion = 0
\tbare = true
\thooksPath = /dev/null
\tfsmonitor = false
\tattributesFile = /dev/null
\tautocrlf = false
\tprotectHFS = true
\tprotectNTFS = true
\tsymlinks = true
\tuntrackedCache = false
\tlogAllRefUpdates = false
[gc]
\tauto = 0
[commit]
\tgpgsign = false
`;

export function openStore(gitDir: string, failpoint: Failpoint): Store {
  const packFolder = join(gitDir, 'objects', 'pack');
  for (const folder of [packFolder, join(gitDir, 'refs', 'clew')]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  if (!existsSync(join(gitDir, 'HEAD'))) {
    writeFileSync(join(gitDir, 'config'), config, { mode: 0o600 });
    mkdirSync(join(gitDir, 'objects', 'info'), { mode: 0o700 });
    // For git itself, when a person or a test looks; isomorphic-git knows nothing of it.
    writeFileSync(join(gitDir, 'objects', 'info', 'alternates'), '../../base\n', { mode: 0o600 });
    writeFileSync(join(gitDir, 'HEAD'), 'ref: refs/heads/none\n', { mode: 0o600 });
  }
  let own: Pack[] = [];
  let base: { pack: Pack; owned: boolean }[] = [];

  function reload(): void {
    const known = new Map(own.map((pack) => [pack.file, pack]));
    const files = listPacks(packFolder).map((name) => join(packFolder, name));
    const kept = new Set(files);
    for (const pack of own) if (!kept.has(pack.file)) pack.close();
    own = files.flatMap((file) => known.get(file) ?? openPack(file) ?? []);
  }

  function readFrom(pack: Pack, key: Uint8Array): StoredObject | undefined {
    const offset = pack.find(key, 0);
    if (offset < 0) return undefined;
    try {
      return pack.read(offset, (other) => lookUp(other));
    } catch (error) {
      // zlib says so when an entry is damaged; any other store of the same object may still be whole.
      if (/^Z_|^ERR_|^EIO$/.test((error as NodeJS.ErrnoException).code ?? '')) return undefined;
      throw error;
    }
  }

  function lookUp(key: Uint8Array): StoredObject | undefined {
    for (const pack of [...own, ...base.map((item) => item.pack)]) {
      const found = readFrom(pack, key);
      if (found && idOf(found.type, found.bytes).equals(key)) return found;
    }
    return undefined;
  }

  reload();
  return {
    gitDir,
    get own() {
      return own;
    },
    get base() {
      return base.map((item) => item.pack);
    },
    isOwned: (oid, at = 0) =>
      own.some((pack) => pack.find(oid, at) >= 0) ||
      base.some((item) => item.owned && item.pack.find(oid, at) >= 0),
    has: (oid, at) =>
      own.some((pack) => pack.find(oid, at) >= 0) ||
      base.some((item) => item.pack.find(oid, at) >= 0),
    isOwnTree: (oid) => own.some((pack) => pack.find(oid, 0) >= 0),
    read: (oid) => lookUp(bytesOf(oid)),
    write: () => openPackWriter(packFolder, failpoint),
    admit(file) {
      // The same objects make the same pack: it is there already.
      if (own.some((known) => known.file === file)) return;
      const pack = openPack(file);
      if (pack) own.unshift(pack);
    },
    setBase(packs) {
      const known = new Map(base.map((item) => [item.pack.file, item.pack]));
      const kept = new Set(packs.map((pack) => pack.file));
      for (const item of base) if (!kept.has(item.pack.file)) item.pack.close();
      base = packs.flatMap(({ file, owned }) => {
        const pack = known.get(file) ?? openPack(file);
        return pack ? [{ pack, owned }] : [];
      });
    },
    reload,
    close() {
      for (const pack of own) pack.close();
      for (const { pack } of base) pack.close();
      own = [];
      base = [];
    },
  };
}
