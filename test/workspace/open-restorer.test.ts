/** A restore by itself: what it leaves when it fails, what the next one finds, and that it lets go of all it held. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { idOf } from '../../src/shadow/object-id.ts';
import type { RestoreStep } from '../../src/snapshot/restore-step.ts';
import { openRestorer, type RestorerPlace } from '../../src/workspace/open-restorer.ts';
import { openSyncCrew } from '../../src/workspace/open-sync-crew.ts';

let top: string;
let root: string;
let folder: string;
const blobs = new Map<string, Buffer>();
beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'clew-restorer-')));
  root = join(top, 'work');
  folder = join(top, 'restores');
  mkdirSync(root);
  blobs.clear();
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

function keep(text: string): string {
  const bytes = Buffer.from(text);
  const oid = idOf('blob', bytes).toString('hex');
  blobs.set(oid, bytes);
  return oid;
}
const version = (text: string, more: object = {}) =>
  ({ mode: '100644', oid: keep(text), ...more }) as const;
const make = (path: string, text: string, more: object = {}): RestoreStep => ({
  path,
  want: version(text, more),
});
const open = (more: Partial<RestorerPlace> = {}) =>
  openRestorer({ root, folder, readBlob: (oid) => blobs.get(oid), ...more });
const failAt = (...names: string[]) => ({
  failpoint(name: string) {
    if (names.includes(name)) throw Object.assign(new Error(name), { code: 'EIO' });
  },
});
const textOf = (path: string) => readFileSync(join(root, path), 'utf8');
const intents = () => readdirSync(folder).filter((name) => name !== 'trash');
const countOpen = () =>
  existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').filter((fd) => isOurs(fd)).length : 0;
const isOurs = (fd: string) => {
  const target = `/proc/self/fd/${fd}`;
  return existsSync(target) && readlinkSync(target).startsWith(top);
};

test('asked for twice, it is done once; other steps under the same name are other steps', () => {
  const restorer = open();
  const steps = [make('f', 'one')];
  expect(restorer.apply('R1', steps)).toMatchObject({ written: ['f'] });
  writeFileSync(join(root, 'f'), 'by hand');
  expect(restorer.apply('R1', steps)).toMatchObject({ written: [], identical: ['f'] });
  expect(textOf('f')).toBe('by hand');
  expect(open().apply('R1', [make('g', 'two')])).toMatchObject({ written: ['g'] });
});

test('what fails before anything was changed is taken back, its folders and what waited beside', () => {
  mkdirSync(join(root, 'there'));
  const steps = [make('deep/er/f', 'one'), make('there/g', 'two')];
  for (const at of ['restore-intended', 'restore-foldered', 'restore-staged']) {
    expect(() => open(failAt(at)).apply('R1', steps)).toThrow('restore R1 failed');
    expect([at, readdirSync(root), readdirSync(join(root, 'there'))]).toEqual([at, ['there'], []]);
    expect([at, intents(), countOpen()]).toEqual([at, [], 0]);
  }
  expect(open().rollForward()).toEqual([]);
});

test('what fails later is finished by whoever comes next, with the bytes that it said it needs', () => {
  writeFileSync(join(root, 'gone'), 'old');
  const gone = { path: 'gone', found: version('old') };
  const steps = [make('a', 'one'), make('b', 'two'), gone];
  let placed = 0;
  const failpoint = (name: string) => {
    if (name === 'restore-placed') placed += 1;
    if (placed === 1) throw Object.assign(new Error('cut'), { code: 'EIO' });
  };
  expect(() => open({ failpoint }).apply('R1', steps)).toThrow('restore R1 failed');
  expect([intents(), countOpen()]).toEqual([['R1.intent'], 0]);
  const next = open();
  expect(next.listNeeded().sort()).toEqual(['one', 'two'].map(keep).sort());
  // What is in its place already needs them no more.
  blobs.delete(keep('one'));
  expect(next.rollForward()).toMatchObject([{ written: ['a', 'b'], removed: ['gone'] }]);
  expect([textOf('a'), textOf('b'), readdirSync(root).sort()]).toEqual(['one', 'two', ['a', 'b']]);
  expect([next.listNeeded(), intents(), countOpen()]).toEqual([[], ['R1.done'], 0]);
});

test('a folder that it made gets its rights, also from whoever finishes it', () => {
  const umask = process.umask(0o022);
  const above = [0o500, 0o2750];
  const steps = [make('d/e/f', 'one', { rights: 0o400, above })];
  expect(() => open(failAt('restore-closing')).apply('R1', steps)).toThrow('restore R1 failed');
  const rightsOf = (path: string) => statSync(join(root, path)).mode & 0o7777;
  expect(rightsOf('d')).toBe(0o700);
  open().rollForward();
  expect(['d', 'd/e', 'd/e/f'].map(rightsOf)).toEqual([0o500, 0o750, 0o400]);
  process.umask(umask);
});

test('what waits beside and is taken away is passed over, and what a folder replaced is gone', () => {
  writeFileSync(join(root, 'c'), 'a file');
  const steps = [{ path: 'c', found: version('a file') }, make('c/d', 'one'), make('z', 'two')];
  expect(() => open(failAt('restore-placed')).apply('R1', steps)).toThrow('restore R1 failed');
  const failpoint = (name: string) => {
    if (name !== 'restore-staged') return;
    const waiting = readdirSync(root).filter((it) => it.startsWith('.clew-restore'));
    expect(waiting).toHaveLength(1);
    for (const it of waiting) rmSync(join(root, it));
  };
  const [report] = open({ failpoint }).rollForward();
  expect(report).toMatchObject({ written: ['c/d'], removed: ['c'], skipped: ['z'] });
  expect([textOf('c/d'), readdirSync(root)]).toEqual(['one', ['c']]);
});

test('it follows its folder, and leaves another that stands in its place alone', () => {
  const cut = open(failAt('restore-placed'));
  expect(() => cut.apply('R1', [make('a', 'one'), make('b', 'two')])).toThrow('restore R1 failed');
  renameSync(root, join(top, 'moved'));
  mkdirSync(root);
  expect(open().rollForward()).toEqual([]);
  expect(readdirSync(root)).toEqual([]);
  root = join(top, 'moved');
  expect(open().rollForward()).toMatchObject([{ id: 'R1' }]);
  expect([textOf('a'), textOf('b')]).toEqual(['one', 'two']);
});

test('whoever leads no more changes nothing, and leaves the rest to whoever does', () => {
  writeFileSync(join(root, 'gone'), 'old');
  const steps = [make('a', 'one'), { path: 'gone', found: version('old') }];
  for (const at of ['restore-intended', 'restore-staged', 'restore-placed']) {
    let holds = true;
    const failpoint = (name: string) => {
      if (name === at) holds = false;
    };
    const before = at === 'restore-placed' ? ['a', 'gone'] : ['gone'];
    const lost = open({ failpoint, holds: () => holds });
    expect(() => lost.apply(at, steps)).toThrow('taken over');
    expect([at, intents().includes(`${at}.intent`), countOpen()]).toEqual([at, true, 0]);
    const seen = readdirSync(root).filter((name) => !name.startsWith('.clew-restore'));
    expect([at, seen.sort()]).toEqual([at, before]);
    expect(() => lost.rollForward()).toThrow('taken over');
    expect(open().rollForward()).toMatchObject([{ id: at }]);
    expect(readdirSync(root)).toEqual(['a']);
    rmSync(join(root, 'a'));
    writeFileSync(join(root, 'gone'), 'old');
  }
});

test('what lacks bytes stays to be tried again, until another restore is to be made', () => {
  const cut = open(failAt('restore-placed'));
  expect(() => cut.apply('R1', [make('a', 'one'), make('b', 'two')])).toThrow('restore R1 failed');
  blobs.delete(keep('two'));
  const waiting = readdirSync(root).find((name) => name.startsWith('.clew-restore'));
  rmSync(join(root, waiting ?? ''));
  const [tried] = open().rollForward();
  expect(tried).toMatchObject({ id: 'R1', unfinished: expect.stringContaining('went missing') });
  expect([tried?.isAbandoned, intents(), countOpen()]).toEqual([undefined, ['R1.intent'], 0]);
  expect(open().settle()).toMatchObject([{ id: 'R1', isAbandoned: true }]);
  expect([intents(), open().rollForward()]).toEqual([['R1.bad'], []]);
});

test('what the checks have read is not read again', () => {
  const reads: string[] = [];
  const readBlob = (oid: string) => {
    reads.push(oid);
    return blobs.get(oid);
  };
  open({ readBlob }).apply('R1', [make('a', 'one'), make('b', 'one'), make('c', 'two')]);
  expect(reads).toEqual([keep('one'), keep('two')]);
});

test.runIf(existsSync('/proc/self/fd'))(
  'whoever finishes it syncs what folders the other had made',
  () => {
    const steps = [make('d/e/f', 'one'), make('z', 'two')];
    const synced = new Set<string>();
    const openCrew = (files: number) => {
      const crew = openSyncCrew(files);
      return {
        ...crew,
        take(fd: number) {
          synced.add(readlinkSync(`/proc/self/fd/${fd}`).slice(root.length));
          crew.take(fd);
        },
      };
    };
    const folders = () => ['', '/d', '/d/e'].map((path) => [path, synced.has(path)]);
    expect(() => open(failAt('restore-placed')).apply('R1', steps)).toThrow('restore R1 failed');
    open({ openCrew }).rollForward();
    expect(folders()).toEqual([
      ['', true],
      ['/d', true],
      ['/d/e', true],
    ]);
    synced.clear();
    open({ openCrew }).apply('R2', [make('d/e/g', 'three')]);
    // Nobody came to be in the others.
    expect(folders()).toEqual([
      ['', false],
      ['/d', false],
      ['/d/e', true],
    ]);
  },
);
