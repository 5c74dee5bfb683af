/** Rights that git's trees do not tell: kept beside them, given back as they were, and never wider on the way. */
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { layRights } from '../../src/shadow/lay-rights.ts';
import { idOf } from '../../src/shadow/object-id.ts';
import { dressBy } from '../../src/shadow/open-rights.ts';
import { writeRef } from '../../src/shadow/write-ref.ts';
import { addRow } from '../../src/snapshot/change-rows.ts';
import type { RestoreStep } from '../../src/snapshot/restore-step.ts';
import { noteRights, readRights } from '../../src/snapshot/rights.ts';
import { kinds, makeTable } from '../../src/snapshot/table.ts';
import { readTree, writeTree } from '../../src/snapshot/tree-object.ts';
import { fsck, git, mintOrder, openTestShadow, type Place } from './open-test-shadow.ts';
import { goBack, placeForEach, workIn } from './place-for-each.ts';

const place = placeForEach();
const { at, write } = workIn(place);
const umask = process.umask();
afterEach(() => process.umask(umask));

/** Every name below with its rights; a folder ends in a slash. */
function printRights(root: string, folder = ''): string[] {
  return readdirSync(join(root, folder))
    .filter((name) => name !== '.git')
    .sort()
    .flatMap((name) => {
      const inside = join(folder, name);
      const stat = lstatSync(join(root, inside));
      if (stat.isSymbolicLink()) return [`${inside} ->`];
      const rights = (stat.mode & 0o7777).toString(8);
      return stat.isDirectory()
        ? [`${inside}/ ${rights}`, ...printRights(root, inside)]
        : [`${inside} ${rights}`];
    });
}

/** Files of all kinds of rights, and folders. */
function furnish(): void {
  const files = {
    '.env': 0o600,
    group: 0o640,
    fixed: 0o444,
    shared: 0o664,
    mine: 0o700,
    all: 0o666,
  };
  for (const [name, mode] of Object.entries(files)) {
    for (const path of [name, `d/${name}`, `secret/${name}`]) {
      write(path, `${path}\n`);
      chmodSync(at(path), mode);
    }
  }
  write('plain', 'plain\n');
  write('run', 'run\n');
  chmodSync(at('plain'), 0o644);
  chmodSync(at('run'), 0o755);
  symlinkSync('plain', at('link'));
  mkdirSync(at('void/below'), { recursive: true });
  for (const [path, mode] of [
    ['d', 0o755],
    ['secret', 0o700],
    ['void', 0o750],
    ['void/below', 0o1777],
  ] as const)
    chmodSync(at(path), mode);
}

const listFiles = () =>
  readdirSync(place.root, { recursive: true, withFileTypes: true })
    .filter((it) => it.isFile() && !it.parentPath.includes('.git'))
    .map((it) => join(it.parentPath, it.name));

type Way = { readonly name: string; readonly spoil: () => void };

const all = () => readdirSync(place.root).filter((name) => name !== '.git');

const ways: readonly Way[] = [
  {
    name: 'all is removed',
    spoil: () => {
      for (const name of all()) rmSync(at(name), { recursive: true });
    },
  },
  {
    name: 'each file is replaced by a rename',
    spoil: () => {
      for (const name of ['.env', 'd/.env', 'group', 'fixed', 'secret/mine']) {
        writeFileSync(at('next'), 'by an agent');
        chmodSync(at('next'), 0o666);
        renameSync(at('next'), at(name));
      }
    },
  },
  {
    name: 'rights alone are changed',
    spoil: () => {
      for (const name of ['.env', 'd/group', 'secret/fixed', 'plain', 'run'])
        chmodSync(at(name), 0o644);
      for (const name of ['secret', 'void', 'void/below']) chmodSync(at(name), 0o755);
    },
  },
  {
    name: 'an empty folder is made anew, with something in it',
    spoil: () => {
      rmSync(at('void'), { recursive: true });
      write('void/below/deep/new', 'x');
      chmodSync(at('void'), 0o700);
      chmodSync(at('void/below'), 0o755);
    },
  },
  {
    name: 'files become folders, and folders files',
    spoil: () => {
      rmSync(at('.env'));
      write('.env/inside', 'x');
      rmSync(at('secret'), { recursive: true });
      write('secret', 'a file');
      rmSync(at('void'), { recursive: true });
    },
  },
];

describe.each([
  ['without git', 0o022, false],
  ['in an index, with a umask that closes', 0o077, true],
  ['in an index, with a umask that opens', 0o002, true],
] as const)('%s', (_, mask, isTracked) => {
  it.each(ways)('comes back as it was: $name', ({ spoil }) => {
    process.umask(mask);
    if (isTracked) git(place.root, 'init', '-q');
    furnish();
    if (isTracked) {
      // Not as young as the index, and packed: else nothing is taken on its word.
      for (const path of listFiles()) utimesSync(path, 1e9, 1e9);
      git(place.root, 'add', '-A');
      git(place.root, 'commit', '-qm', 'all');
      git(place.root, 'repack', '-adq');
    }
    const before = printRights(place.root);
    const shadow = openTestShadow(place, { git: isTracked });
    const first = shadow.take(mintOrder());
    spoil();
    const spoilt = printRights(place.root);
    const { safety } = goBack(shadow, first.id);
    expect(printRights(place.root)).toEqual(before);
    goBack(shadow, safety);
    expect(printRights(place.root)).toEqual(spoilt);
    shadow.close();
    // Another process knows the same.
    const again = openTestShadow(place, { git: isTracked });
    goBack(again, first.id);
    expect(printRights(place.root)).toEqual(before);
    expect(goBack(again, first.id).plan.steps).toEqual([]);
    expect(fsck(place)).toBe('');
    again.close();
  });
});

/** Whoever may read a file, or write it, at any moment of a restore. */
function watchWidest(folder: string, widest: Map<string, number>): void {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    const stat = lstatSync(file);
    if (stat.isDirectory()) watchWidest(file, widest);
    if (!stat.isFile() && !stat.isDirectory()) continue;
    const text = stat.isFile() ? readFileSync(file, 'utf8') : `folder ${name}`;
    widest.set(text, (widest.get(text) ?? 0) | (stat.mode & 0o7777));
  }
}

it('at no moment of a restore, under no name, is anything wider than it was', () => {
  furnish();
  const before = new Map<string, number>();
  watchWidest(place.root, before);
  const widest = new Map<string, number>();
  const shadow = openTestShadow(place, { failpoint: () => watchWidest(place.root, widest) });
  const first = shadow.take(mintOrder());
  for (const name of all()) rmSync(at(name), { recursive: true });
  widest.clear();
  goBack(shadow, first.id);
  // Its owner may write it until it is done.
  for (const [what, rights] of before)
    expect([what, (widest.get(what) ?? 0) & ~rights & 0o7077]).toEqual([what, 0]);
  shadow.close();
});

it('to run as another is not given back, and is taken away where it is new', () => {
  write('su', 'one');
  chmodSync(at('su'), 0o4755);
  write('new', 'new');
  const shadow = openTestShadow(place);
  const first = shadow.take(mintOrder());
  expect(shadow.versionAt(first.id, 'su')?.rights).toBe(0o4755);
  chmodSync(at('new'), 0o6755);
  goBack(shadow, first.id);
  expect(printRights(place.root)).toEqual(['new 644', 'su 4755']);
  rmSync(at('su'));
  goBack(shadow, first.id);
  expect(printRights(place.root)).toEqual(['new 644', 'su 755']);
  shadow.close();
});

it('other rights alone leave the file itself alone, but not one that has a second name', () => {
  write('f', 'one');
  write('g', 'two');
  const shadow = openTestShadow(place);
  const first = shadow.take(mintOrder());
  chmodSync(at('f'), 0o600);
  chmodSync(at('g'), 0o600);
  linkSync(at('g'), at('../outside'));
  const old = statSync(at('f'), { bigint: true });
  goBack(shadow, first.id);
  const now = statSync(at('f'), { bigint: true });
  expect([now.ino, now.mtimeNs]).toEqual([old.ino, old.mtimeNs]);
  expect(printRights(place.root)).toEqual(['f 644', 'g 644']);
  expect(statSync(at('../outside')).mode & 0o777).toBe(0o600);
  shadow.close();
});

it('a change of rights alone is a change: of the next checkpoint, and of a comparison', () => {
  write('.env', 'KEY=1');
  write('other', 'x');
  chmodSync(at('.env'), 0o600);
  const shadow = openTestShadow(place);
  const first = shadow.take(mintOrder());
  expect(shadow.take(mintOrder({ unlessSame: true })).same).toBe(true);
  chmodSync(at('.env'), 0o644);
  const second = shadow.take(mintOrder({ unlessSame: true }));
  expect(second.same).toBeUndefined();
  const change = { path: '.env', before: { rights: 0o600 }, after: { rights: 0o644 } };
  expect(shadow.diff(first.id, second.id)).toMatchObject([change]);
  expect(shadow.diff(first.id)).toMatchObject([change]);
  expect(shadow.windows(second.id)).toMatchObject([{ changes: [change] }]);
  expect(shadow.diff(second.id, second.id)).toEqual([]);
  shadow.close();
});

it('where the usual is another by now, all that changed is told, and nothing else', () => {
  for (const path of ['a', 'b', 'd/c', 'same']) write(path, path);
  mkdirSync(at('void'));
  const before = printRights(place.root);
  const one = openTestShadow(place);
  const first = one.take(mintOrder());
  one.close();
  for (const path of ['a', 'b', 'd/c']) chmodSync(at(path), 0o600);
  for (const path of ['d', 'void']) chmodSync(at(path), 0o700);
  // Whoever has to begin anew finds for itself what is usual.
  rmSync(join(place.state, 'table'));
  const shadow = openTestShadow(place);
  const second = shadow.take(mintOrder());
  const changed = shadow.diff(first.id, second.id).map(({ path }) => path);
  expect(changed).toEqual(['a', 'b', 'd/c']);
  goBack(shadow, first.id);
  expect(printRights(place.root)).toEqual(before);
  shadow.close();
});

describe('what nobody knows', () => {
  const mode = '100644' as const;
  it.each([
    { name: 'nothing is there: as any new file', there: undefined, rights: undefined, is: 0o644 },
    { name: 'a file is there: as that one', there: 0o600, rights: undefined, is: 0o600 },
    { name: 'not looked at: for its owner alone', there: undefined, rights: 'unseen', is: 0o600 },
    { name: 'and never wider than what is there', there: 0o444, rights: 'unseen', is: 0o400 },
  ] as const)('$name', ({ there, rights, is }) => {
    write('f', 'old');
    const shadow = openTestShadow(place);
    const oid = shadow.versionAt(shadow.take(mintOrder()).id, 'f')?.oid ?? '';
    rmSync(at('f'));
    if (there !== undefined) {
      write('f', 'new');
      chmodSync(at('f'), there);
    }
    const found = shadow.versionAt(shadow.take(mintOrder()).id, 'f');
    const want = { mode, oid, ...(rights ? { rights } : {}) };
    const step: RestoreStep = { path: 'f', ...(found ? { found } : {}), want };
    expect(shadow.apply('R1', [step]).written).toEqual(['f']);
    expect(readFileSync(at('f'), 'utf8')).toBe('old');
    expect(statSync(at('f')).mode & 0o7777).toBe(is);
    shadow.close();
  });
});

it('a checkpoint of an earlier version has none: a file that is there keeps its own', () => {
  write('f', 'one');
  write('gone', 'two');
  const shadow = openTestShadow(place);
  const { store } = shadow.engine;
  const taken = shadow.take(mintOrder());
  const text = store.read(taken.commit)?.bytes.toString('utf8') ?? '';
  const root = /^tree (.*)$/m.exec(text)?.[1] ?? '';
  const entries = readTree(store.read(root)?.bytes ?? new Uint8Array());
  const pack = store.write();
  const add = (type: 'tree' | 'commit', bytes: Uint8Array) => {
    const oid = idOf(type, bytes);
    pack.add(type, oid, bytes);
    return oid.toString('hex');
  };
  const old = add('tree', writeTree(entries.filter(({ name }) => name !== 'rights')));
  const oid = add('commit', Buffer.from(text.replace(root, old)));
  store.admit(pack.finish() ?? '');
  writeRef(store.gitDir, { kind: 'checkpoints', id: taken.id, oid }, () => {});
  write('f', 'secret by now');
  chmodSync(at('f'), 0o600);
  rmSync(at('gone'));
  expect(shadow.versionAt(taken.id, 'f')).not.toHaveProperty('rights');
  goBack(shadow, taken.id);
  expect(readFileSync(at('f'), 'utf8')).toBe('one');
  expect(printRights(place.root)).toEqual(['f 600', 'gone 644']);
  expect(fsck(place)).toBe('');
  shadow.close();
});

it('of what an index vouches for and no sweep came to see, it says so', () => {
  const table = makeTable();
  for (const name of ['a', 'b']) addRow(table, 0, name, kinds.file);
  const unseen = dressBy(readRights(layRights(table).toString('latin1')));
  expect(unseen.dress('a', { mode: '100644', oid: '' }).rights).toBe('unseen');
  table.columns.rights.fill(noteRights(0o100640), 0, 2);
  table.columns.folderRightsStale.fill(1);
  const seen = dressBy(readRights(layRights(table).toString('latin1')));
  expect(seen.dress('a', { mode: '100644', oid: '' }).rights).toBe(0o640);
});

it('a second look for a checkpoint takes no rights of a folder that came later', () => {
  write('d/f', 'x');
  chmodSync(at('d'), 0o700);
  const shadow = openTestShadow(place);
  shadow.take(mintOrder());
  write('g', 'y');
  write('missed', 'z');
  // Long after both were written, so that the second look may add what the first was not told of.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5_000 });
  const quick = shadow.take(mintOrder({ paths: ['g'] }));
  vi.useRealTimers();
  chmodSync(at('d'), 0o755);
  shadow.engine.confirm();
  expect(shadow.versionAt(quick.id, 'missed')).toBeDefined();
  const rightsAt = (id: string) => {
    const [version] = shadow.versionsAt(id, ['d']);
    return version && version !== 'unknown' ? version.rights : undefined;
  };
  expect(rightsAt(quick.id)).toBe(0o700);
  expect(rightsAt(shadow.take(mintOrder()).id)).toBe(0o755);
  shadow.close();
});

/** Bytes of all packs of ours. */
function sizeOfStore({ state }: Place): number {
  const packs = join(state, 'store.git', 'objects', 'pack');
  return readdirSync(packs).reduce((sum, name) => sum + statSync(join(packs, name)).size, 0);
}

it.each([0o022, 0o077, 0o002])('a record is small where all have the same: umask %o', (mask) => {
  process.umask(mask);
  for (let file = 0; file < 300; file += 1) write(`d${file % 9}/f${file}`, 'x');
  const shadow = openTestShadow(place);
  shadow.take(mintOrder());
  const before = sizeOfStore(place);
  chmodSync(at('d1/f1'), 0o640);
  shadow.take(mintOrder());
  expect(sizeOfStore(place) - before).toBeLessThan(4000);
  shadow.close();
});
