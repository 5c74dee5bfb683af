/** A table filled from an index has the paths that git lists, each in its folder, however alike their folders are called. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readFolderPath, readName } from '../../src/snapshot/find-rows.ts';
import { joinPath } from '../../src/snapshot/raw-path.ts';
import { flags, kinds, makeTable } from '../../src/snapshot/table.ts';
import { hexOf } from '../../src/snapshot/tree-object.ts';
import { type Seeding, seedTable } from '../../src/workspace/seed-table.ts';

let folder: string;
let index: Buffer;
let packed: Buffer;
const git = (input: string, ...args: string[]) =>
  execFileSync('git', args, { cwd: folder, input, encoding: 'utf8' });

/** Neighbours that are as long and differ in one letter, wherever it is, the first one too; each has names that could go on in the other. */
const alphabet = 'abcdefghijk';
const letters = 'ABCDEFGHIJKLMNOPQRST';
const alike = Array.from({ length: 10 }, (_, rest) => alphabet.slice(0, rest)).flatMap(
  (rest, at) => [
    ...[letters[at * 2], letters[at * 2 + 1]].map((letter) => `${letter}${rest}`),
    ...Array.from(rest, (_, place) =>
      ['X', 'Y'].map((it) => `in${at}/${rest.slice(0, place)}${it}${rest.slice(place + 1)}`),
    ).flat(),
  ],
);
const inOrder = alike.map((name) => `${name}/`).sort();
const paths = [
  ...inOrder.flatMap((name, at) => [`${name}n${at + 1000}a`, `${name}n${at + 1000}b`]),
  ...['top', 'a.b', '.a', 'a/f', 'a/.hidden', 'a/deep/.x', 'a/deep/y'],
  ...['sub/-', 'sub/.two', 'sub/d/e', 'sub/one', '.clew/other'],
];
const own = ['.clew/project_state.json', '.clew/sessions/s'];
const odd = ['run', 'link', 'module', 'conflict'];
const oidOf = (place: number) => (place + 1).toString(16).padStart(40, '0');
const oids = new Map([...paths, ...own, ...odd].map((path, place) => [path, oidOf(place)]));
const told = new Map([
  ['run', ['100755 0']],
  ['link', ['120000 0']],
  ['module', ['160000 0']],
  ['conflict', ['100644 1', '100644 2', '100644 3']],
]);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'clew-seed-'));
  git('', 'init', '-q');
  const lines = [...oids].flatMap(([path, oid]) =>
    (told.get(path) ?? ['100644 0']).map((head) => {
      const [mode, stage] = head.split(' ');
      return `${mode} ${oid} ${stage}\t${path}\n`;
    }),
  );
  git(lines.join(''), 'update-index', '--add', '--index-info');
  index = readFileSync(join(folder, '.git/index'));
  git('', 'update-index', '--index-version', '4');
  packed = readFileSync(join(folder, '.git/index'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** As small as can be: it has to grow while it is filled. */
function seed(rest: Partial<Seeding> = {}) {
  const table = makeTable(1, 1, 1);
  const { columns } = table;
  columns.rights.fill(9);
  const seeded = seedTable(table, { index, indexMtime: 1n, prefix: '', ...rest });
  const found = new Map<string, { oid: string; kind: number; flag: number; rights: number }>();
  for (let at = 0; at < table.folders; at += 1) {
    const first = columns.folderFirst[at] ?? 0;
    for (let row = first; row < first + (columns.folderCount[at] ?? 0); row += 1) {
      const [kind = 0, flag = 0, rights = 0] = [columns.kind, columns.flag, columns.rights].map(
        (column) => column[row],
      );
      if (kind === kinds.folder) continue;
      const path = joinPath(readFolderPath(columns, at), readName(columns, row));
      found.set(path, { oid: hexOf(columns.oid, row * 20), kind, flag, rights });
    }
  }
  return { table, seeded, found };
}

const files = [...paths, 'run', 'link'].sort();

test('each path is in its own folder, with its own id, in each version of the index', () => {
  for (const bytes of [index, packed]) {
    const { seeded, found } = seed({ index: bytes });
    expect([...found.keys()].sort()).toEqual(files);
    expect(seeded).toEqual({ rows: files.length });
    for (const [path, { oid, kind, flag, rights }] of found) {
      const is = { run: kinds.program, link: kinds.link }[path] ?? kinds.file;
      expect([path, oid, kind]).toEqual([path, oids.get(path), is]);
      expect([path, flag, rights]).toEqual([path, flags.unproven, 0]);
    }
  }
});

test('of a workspace inside a repository what lies in it, by its name there', () => {
  const { found } = seed({ prefix: 'sub/' });
  expect([...found.keys()].sort()).toEqual(['-', '.two', 'd/e', 'one']);
  expect(found.get('d/e')?.oid).toBe(oids.get('sub/d/e'));
});

test('a name that no checkout could make is not followed, also where it comes among others', () => {
  const spoilt = Buffer.from(index);
  spoilt.write('sub/.git', spoilt.indexOf('sub/.two'), 'latin1');
  const { found } = seed({ index: spoilt });
  expect([...found.keys()].sort()).toEqual(files.filter((path) => path !== 'sub/.two'));
});

test('what is as young as the index, or stored otherwise, is not taken at its word', () => {
  const doubted = (rest: Partial<Seeding>) =>
    [...seed(rest).found].flatMap(([path, { flag }]) => (flag === flags.doubtful ? [path] : []));
  expect(doubted({ indexMtime: 0n }).sort()).toEqual(files);
  expect(doubted({ isConverted: (path) => path === 'a/f' })).toEqual(['a/f']);
  expect(doubted({ prefix: 'sub/', isConverted: (path) => path === 'd/e' })).toEqual(['d/e']);
  // The first entry but those of ours, as if written at five seconds and a half.
  const at = index.indexOf('.a\0') - 62;
  const young = Buffer.from(index);
  young.writeUInt32BE(5, at + 8);
  young.writeUInt32BE(500_000_000, at + 12);
  for (const [indexMtime, isYoung] of [
    [4_900_000_000n, true],
    [5_500_000_000n, true],
    [5_500_000_001n, false],
    [6_000_000_000n, false],
  ] as const)
    expect([indexMtime, doubted({ index: young, indexMtime })]).toEqual([
      indexMtime,
      isYoung ? ['.a'] : [],
    ]);
});

test('each folder is told of once, when all its rows are there, the deepest first', () => {
  const told: number[] = [];
  let spoilt = 0;
  const list = {
    add: (at: number) => void told.push(at),
    spoil() {
      spoilt += 1;
    },
  };
  const { table } = seed({ list });
  expect(told.toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: table.folders }, (_, at) => at),
  );
  expect([told.at(-1), spoilt]).toEqual([0, 0]);
  const place = new Map(told.map((at, number) => [at, number]));
  for (let at = 1; at < table.folders; at += 1) {
    const above = table.columns.folderParent[at] ?? 0;
    expect(place.get(at)).toBeLessThan(place.get(above) ?? -1);
  }
});

test('an index that comes back to a folder is said to: it was told of already', () => {
  const back = Buffer.from(index);
  back.write('a/deep/z', back.indexOf('sub/.two'), 'latin1');
  let spoilt = 0;
  const list = {
    add() {},
    spoil() {
      spoilt += 1;
    },
  };
  expect(seed({ index: back, list }).found.has('a/deep/z')).toBe(true);
  expect(spoilt).toBeGreaterThan(0);
});
