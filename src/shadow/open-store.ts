/** The shadow repository's objects: our own packs, behind them the base; reads are verified by their hash. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf } from '../snapshot/tree-object.ts';
import { type Failpoint, makeFolder, writeDurable } from './durable-file.ts';
import { type BasePack, listPacks } from './link-base.ts';
import { idOf, type Oid } from './object-id.ts';
import { openPack, type Pack, type StoredObject } from './open-pack.ts';
import { openPackWriter, type PackWriter } from './pack-writer.ts';

export type Store = {
  readonly gitDir: string;
  /** Whether it is ours: in our packs, or in a base pack that we own. A pack found damaged does not count. */
  isOwned(oid: Uint8Array, at?: number): boolean;
  /** Not counting packs found damaged. */
  has(oid: Uint8Array, at: number): boolean;
  /** In our own packs, where git and isomorphic-git look. */
  isOwn(oid: Uint8Array): boolean;
  /** Packs in which damage was found so far. */
  readonly damaged: number;
  /** Base packs in which no damage was found. */
  readonly soundBase: readonly Pack[];
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
  /** Those of them that are ours: linked or copied. */
  readonly ownedBase: readonly Pack[];
  forgetBase(packs: readonly Pack[]): void;
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
  for (const folder of [packFolder, join(gitDir, 'refs', 'clew')]) makeFolder(folder);
  if (!existsSync(join(gitDir, 'HEAD'))) {
    writeDurable(join(gitDir, 'config'), Buffer.from(config), failpoint);
    makeFolder(join(gitDir, 'objects', 'info'));
    // For git itself, when a person or a test looks; isomorphic-git knows nothing of it.
    const alternates = join(gitDir, 'objects', 'info', 'alternates');
    writeDurable(alternates, Buffer.from('../../base\n'), failpoint);
    writeDurable(join(gitDir, 'HEAD'), Buffer.from('ref: refs/heads/none\n'), failpoint);
  }
  let own: Pack[] = [];
  let base: { pack: Pack; owned: boolean }[] = [];
  /** What they have is read where it is whole, and kept once more elsewhere where it is needed again. */
  const damaged = new Set<Pack>();

  function openChecked(file: string): Pack | undefined {
    const pack = openPack(file);
    if (pack && !pack.isWhole) damaged.add(pack);
    return pack;
  }

  function reload(): void {
    const known = new Map(own.map((pack) => [pack.file, pack]));
    const files = listPacks(packFolder).map((name) => join(packFolder, name));
    const kept = new Set(files);
    const old = own;
    // All are opened before any is closed: what fails half way leaves the store as it was.
    own = files.flatMap((file) => known.get(file) ?? openChecked(file) ?? []);
    for (const pack of old) if (!kept.has(pack.file)) pack.close();
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
      if (pack.find(key, 0) < 0) continue;
      const found = readFrom(pack, key);
      if (found && idOf(found.type, found.bytes).equals(key)) return found;
      damaged.add(pack);
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
    get ownedBase() {
      return base.filter((item) => item.owned).map((item) => item.pack);
    },
    forgetBase(packs) {
      base = base.filter((item) => !packs.includes(item.pack));
      for (const pack of packs) pack.close();
    },
    isOwn: (oid) => own.some((pack) => !damaged.has(pack) && pack.find(oid, 0) >= 0),
    isOwned: (oid, at = 0) =>
      own.some((pack) => !damaged.has(pack) && pack.find(oid, at) >= 0) ||
      base.some(({ owned, pack }) => owned && !damaged.has(pack) && pack.find(oid, at) >= 0),
    has: (oid, at) =>
      own.some((pack) => !damaged.has(pack) && pack.find(oid, at) >= 0) ||
      base.some(({ pack }) => !damaged.has(pack) && pack.find(oid, at) >= 0),
    get damaged() {
      return damaged.size;
    },
    get soundBase() {
      return base.map(({ pack }) => pack).filter((pack) => !damaged.has(pack));
    },
    read: (oid) => lookUp(bytesOf(oid)),
    write: () => openPackWriter(packFolder, failpoint),
    admit(file) {
      const known = own.find((one) => one.file === file);
      // The same objects make the same pack: it is there already, unless it was damaged and is new.
      if (known && !damaged.has(known)) return;
      const pack = openChecked(file);
      if (pack) own.unshift(pack);
      own = own.filter((one) => one !== known);
      known?.close();
    },
    setBase(packs) {
      const known = new Map(base.map((item) => [item.pack.file, item.pack]));
      const kept = new Set(packs.map((pack) => pack.file));
      const old = base;
      base = packs.flatMap(({ file, owned }) => {
        const pack = known.get(file) ?? openChecked(file);
        return pack ? [{ pack, owned }] : [];
      });
      for (const item of old) if (!kept.has(item.pack.file)) item.pack.close();
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
