/** A checkpoint as a git commit: the workspace's tree and our own lists beside it, its particulars in the message. */
import { modes, readTree, type TreeEntry, writeTree } from '../snapshot/tree-object.ts';
import type { Early } from '../undo/bouts.ts';
import { emptyTree, idOf, type Oid } from './object-id.ts';
import type { Store } from './open-store.ts';
import type { Checkpoint, TakeOrder } from './order.ts';
import type { PackWriter } from './pack-writer.ts';

/** Lists that a git tree has no place for, each a blob of raw paths that end in NUL. */
const lists = ['folders', 'special', 'uncaptured'] as const;
export type Lists = Readonly<Record<(typeof lists)[number], readonly string[]>>;

/** Of a checkpoint whose time was up before there was a tree: of no path does it say anything. */
export const nothingCaptured: Lists = { folders: [], special: [], uncaptured: [''] };

export const noLists: Lists = { folders: [], special: [], uncaptured: [] };

export type CommitOrder = {
  readonly order: TakeOrder;
  readonly number: number;
  readonly tree: Oid;
  readonly lists: Lists;
  /** The record of what git's modes do not tell. */
  readonly rights: Uint8Array;
  readonly degraded?: string | undefined;
  readonly looked: number;
  readonly early: Early;
  readonly parent?: Oid | undefined;
  /** What the store has already, and need not be written again. */
  readonly isKept: (oid: Uint8Array) => boolean;
};

/** A record as large as that is kept once. */
const sharedBytes = 4096;

export function writeCommit(pack: PackWriter, commit: CommitOrder): Oid {
  const entries: TreeEntry[] = [{ name: 'tree', mode: modes.folder, oid: commit.tree }];
  for (const name of lists) {
    const paths = commit.lists[name];
    if (paths.length === 0) continue;
    const bytes = Buffer.from(paths.map((path) => `${path}\0`).join(''), 'latin1');
    entries.push({ name, mode: modes.file, oid: addObject(pack, 'blob', bytes) });
  }
  const rights = idOf('blob', commit.rights);
  // Mostly that of the last one: a small one is kept with each, so that no damage to one costs them all.
  if (commit.rights.length < sharedBytes || !commit.isKept(rights))
    pack.add('blob', rights, commit.rights);
  entries.push({ name: 'rights', mode: modes.file, oid: rights.toString('hex') });
  const texts = addTexts(pack, commit);
  if (texts !== undefined) entries.push({ name: 'texts', mode: modes.folder, oid: texts });
  if (commit.tree === emptyTree) addObject(pack, 'tree', Buffer.alloc(0));
  const root = addObject(pack, 'tree', writeTree(entries));
  return addObject(pack, 'commit', Buffer.from(writeText(commit, root)));
}

/** In a tree of their own, so that pruning and git itself see that they are needed. */
function addTexts(pack: PackWriter, { order, isKept }: CommitOrder): Oid | undefined {
  const oids = (order.texts ?? []).map((text) => {
    const bytes = Buffer.from(text);
    const oid = idOf('blob', bytes);
    if (!isKept(oid)) pack.add('blob', oid, bytes);
    return oid.toString('hex');
  });
  if (oids.length === 0) return undefined;
  const entries = [...new Set(oids)].map((oid) => ({ name: oid, mode: modes.file, oid }));
  return addObject(pack, 'tree', writeTree(entries));
}

function addObject(pack: PackWriter, type: 'blob' | 'tree' | 'commit', bytes: Uint8Array): Oid {
  const oid = idOf(type, bytes);
  pack.add(type, oid, bytes);
  return oid.toString('hex');
}

function writeText({ order, ...commit }: CommitOrder, root: Oid): string {
  const { number, parent, degraded, looked } = commit;
  const early = commit.early.length === 0 ? undefined : commit.early;
  const who = `clew <clew@localhost> ${Math.floor(order.at / 1000)} +0000`;
  const { label = '', marks = {}, acts, logged, after } = order;
  const { id, at } = order;
  const evidence = { marks, acts, logged, looked, early };
  const particulars = { v: 1, id, number, at, label, ...evidence, after, degraded };
  const lines = [
    `tree ${root}`,
    ...(parent ? [`parent ${parent}`] : []),
    `author ${who}`,
    `committer ${who}`,
  ];
  const [title = ''] = label.split('\n');
  return `${lines.join('\n')}\n\n${title === '' ? 'checkpoint' : title}\n\n${JSON.stringify(particulars)}\n`;
}

export type ReadCommit = Omit<Checkpoint, 'pinned'> & {
  readonly lists: Lists;
  readonly parents: readonly Oid[];
  /** Where its record of rights is; earlier versions had none. */
  readonly rights?: Oid;
};

export function readCommit(store: Store, oid: Oid): ReadCommit | undefined {
  const commit = store.read(oid);
  if (commit?.type !== 'commit') return undefined;
  const text = commit.bytes.toString('utf8');
  const cut = text.indexOf('\n\n');
  const root = /^tree ([0-9a-f]{40})$/m.exec(text.slice(0, cut))?.[1];
  const parents = [...text.slice(0, cut).matchAll(/^parent ([0-9a-f]{40})$/gm)].map(
    (match) => match[1] ?? '',
  );
  const last = text.trimEnd().split('\n').at(-1) ?? '';
  const rootTree = root === undefined ? undefined : store.read(root);
  if (!rootTree || !last.startsWith('{')) return undefined;
  const entries = readTree(rootTree.bytes);
  const tree = entries.find((entry) => entry.name === 'tree')?.oid;
  if (tree === undefined) return undefined;
  const { id, number, at, label, marks, acts, ...more } = JSON.parse(last);
  const { logged, after, degraded, looked, early } = more;
  const read = (name: string) => readList(store, entries.find((entry) => entry.name === name)?.oid);
  const rights = entries.find((entry) => entry.name === 'rights')?.oid;
  const [folders, special, uncaptured] = [read('folders'), read('special'), read('uncaptured')];
  // Without its lists a checkpoint would claim to know what it does not.
  if (!folders || !special || !uncaptured) return undefined;
  return {
    id,
    commit: oid,
    tree,
    at,
    marks: marks ?? {},
    acts: acts ?? [],
    number: number ?? 0,
    ...(label ? { label } : {}),
    ...(logged ? { logged } : {}),
    ...(after ? { after } : {}),
    ...(degraded ? { degraded } : {}),
    ...(looked ? { looked } : {}),
    ...(early ? { early } : {}),
    ...(rights ? { rights } : {}),
    parents,
    lists: { folders, special, uncaptured },
  };
}

function readList(store: Store, oid: Oid | undefined): string[] | undefined {
  if (oid === undefined) return [];
  return store.read(oid)?.bytes.toString('latin1').split('\0').slice(0, -1);
}
