/** The checkpoints of a store by their names: listed, found and pinned. What they said when last listed is remembered. */
import { Failure } from '../errors.ts';
import type { Failpoint } from './durable-file.ts';
import type { Oid } from './object-id.ts';
import type { Store } from './open-store.ts';
import type { Checkpoint } from './order.ts';
import { noLists, type ReadCommit, readCommit } from './write-commit.ts';
import { dropRef, findRef, listRefs, readRef, writeRef } from './write-ref.ts';

export type Checkpoints = {
  /** In the order they were taken. */
  list(): Checkpoint[];
  /** By its id, by what that begins or ends with, or by a commit. */
  find(name: string): ReadCommit;
  show(name: string): Checkpoint;
  /** Of many one after the other: a name need not be looked for among all others each time. */
  readListed(checkpoint: Checkpoint | undefined): ListedCommit;
  pin(name: string): void;
  unpin(name: string): void;
};

export type ListedCommit = Pick<ReadCommit, 'id' | 'tree' | 'lists' | 'degraded' | 'rights'>;

type Listed = {
  readonly checkpoint: Checkpoint;
  /** It has no lists beside its tree: all that it says is here. */
  readonly isBare: boolean;
  readonly rights: Oid | undefined;
};

export function openCheckpoints(store: Store, failpoint: Failpoint): Checkpoints {
  const { gitDir } = store;
  let listed = new Map<Oid, Listed>();

  /** A commit names its checkpoint too, also when that was amended since and has another one. */
  function nameCommit(oid: string): string | undefined {
    return /^[0-9a-f]{40}$/.test(oid) ? readCommit(store, oid)?.id : undefined;
  }

  function find(name: string): ReadCommit {
    const id = findRef(gitDir, 'checkpoints', nameCommit(name) ?? name);
    const oid = readRef(gitDir, 'checkpoints', id);
    const commit = oid === undefined ? undefined : readCommit(store, oid);
    if (commit) return commit;
    throw new Failure('damaged', `checkpoint ${id} is damaged`, {
      hint: 'other checkpoints may be whole',
    });
  }

  function describe({ lists: _, parents: __, rights: ___, ...commit }: ReadCommit): Checkpoint {
    return { ...commit, pinned: readRef(gitDir, 'pins', commit.id) !== undefined };
  }

  function readForList(oid: Oid): Listed | undefined {
    const commit = readCommit(store, oid);
    if (commit === undefined) return undefined;
    const isBare = Object.values(commit.lists).every((it) => it.length === 0);
    return { checkpoint: describe(commit), isBare, rights: commit.rights };
  }

  return {
    /** A commit never changes: what it said when it was last listed, it says now. */
    list() {
      const before = listed;
      listed = new Map();
      const pins = new Set(listRefs(gitDir, 'pins'));
      const found = listRefs(gitDir, 'checkpoints').flatMap((id) => {
        const oid = readRef(gitDir, 'checkpoints', id);
        const known = oid === undefined ? undefined : (before.get(oid) ?? readForList(oid));
        if (oid === undefined || known === undefined) return [];
        listed.set(oid, known);
        return { ...known.checkpoint, pinned: pins.has(id) };
      });
      return found.sort((a, b) => a.number - b.number);
    },
    find,
    show: (name) => describe(find(name)),
    readListed(checkpoint) {
      if (checkpoint === undefined) return find('');
      const known = listed.get(checkpoint.commit);
      if (known?.isBare === true) {
        const { rights } = known;
        return { ...checkpoint, lists: noLists, ...(rights ? { rights } : {}) };
      }
      return readCommit(store, checkpoint.commit) ?? find(checkpoint.id);
    },
    pin(name) {
      const id = findRef(gitDir, 'checkpoints', name);
      const oid = readRef(gitDir, 'checkpoints', id);
      if (oid !== undefined) writeRef(gitDir, { kind: 'pins', id, oid }, failpoint);
    },
    unpin: (name) => dropRef(gitDir, 'pins', findRef(gitDir, 'pins', name)),
  };
}
