/** What one checkpoint knows of rights, put to the versions that its tree tells of. */
import { Failure } from '../errors.ts';
import { folderOf, type RawPath } from '../snapshot/raw-path.ts';
import type { Version } from '../snapshot/restore-step.ts';
import { type RightsRecord, readRights } from '../snapshot/rights.ts';
import type { Oid } from './object-id.ts';
import type { TreeStore } from './read-trees.ts';

export type Rights = {
  /** Undefined in checkpoints of earlier versions. */
  readonly record: RightsRecord | undefined;
  dress(path: RawPath, version: Version): Version;
};

const noRights: Rights = { record: undefined, dress: (_, version) => version };

/** A checkpoint as it is compared with others. */
export function openSide<T extends { readonly rights?: Oid }>(
  store: TreeStore,
  commit: T,
): Omit<T, 'rights'> & { readonly rights: Rights } {
  return { ...commit, rights: openRights(store, commit.rights) };
}

/** Without its record a checkpoint would claim to know what it does not. */
export function openRights(store: TreeStore, oid: Oid | undefined): Rights {
  if (oid === undefined) return noRights;
  const object = store.read(oid);
  if (object?.type === 'blob') return dressBy(readRights(object.bytes.toString('latin1')));
  throw new Failure('damaged', `the rights of files (${oid}) are missing or damaged`, {
    hint: 'other checkpoints may be whole: `clew checkpoints` lists them',
  });
}

export function dressBy(record: RightsRecord): Rights {
  const isAllUsual = record.usual.get('d') === usualFolder() && record.listed.d.size === 0;
  return {
    record,
    dress(path, version) {
      if (version.mode === '120000') return version;
      const rights = record.of(path, version.mode) ?? 'unseen';
      const above = isAllUsual ? undefined : listAbove(record, path);
      return { ...version, rights, ...(above ? { above } : {}) };
    },
  };
}

/** As one is made where nobody asks for other rights. */
const usualFolder = () => 0o777 & ~process.umask();

function listAbove(record: RightsRecord, path: RawPath): Version['above'] {
  const above: (number | 'unseen')[] = [];
  for (let at = folderOf(path); at !== ''; at = folderOf(at))
    above.unshift(record.of(at, '040000') ?? 'unseen');
  return above.every((rights) => rights === usualFolder()) ? undefined : above;
}
