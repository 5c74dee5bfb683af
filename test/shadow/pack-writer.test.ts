/** A pack made by hand holds what went into it, entry by entry; one that is cut or changed is known by its ends. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { idOf, type ObjectType } from '../../src/shadow/object-id.ts';
import { openPack, type Pack } from '../../src/shadow/open-pack.ts';
import { openPackWriter } from '../../src/shadow/pack-writer.ts';
import { openDice } from '../store/make-journal.ts';
import { runIn } from './faulty-fs.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'clew-pack-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

type Made = { readonly type: ObjectType; readonly bytes: Buffer };
const dice = openDice(7);
const noise = (length: number) => Buffer.alloc(length).map(() => dice() * 256);
/** Around what a head says in one byte more, what a stored block holds, and what waits before it is written. */
const lengths = [0, 1, 15, 16, 2_047, 2_048, 65_535, 65_536, 131_070, 262_143, 262_144, 300_000];
const objects: readonly Made[] = [
  ...lengths.map((length) => ({ type: 'tree' as const, bytes: Buffer.from(noise(length)) })),
  ...lengths.map((length) => ({ type: 'blob' as const, bytes: Buffer.alloc(length, 'text ') })),
  // The most that a sum of bytes can become.
  { type: 'tree', bytes: Buffer.alloc(70_000, 0xff) },
  { type: 'commit', bytes: Buffer.from('tree and more') },
];
const oidOf = ({ type, bytes }: Made) => idOf(type, bytes);
const canCount = existsSync('/proc/self/fd');
const countOpen = () => (canCount ? readdirSync('/proc/self/fd').length : 0);
const filesIn = () => readdirSync(folder).sort();

function openWhole(file: string): Pack {
  const pack = openPack(file);
  if (!pack) throw new Error('no index');
  return pack;
}

function expectAll(pack: Pack, all: readonly Made[]): void {
  expect(pack.index.count).toBe(all.length);
  const offsets = all.map((it) => pack.find(oidOf(it), 0));
  for (const [place, { type, bytes }] of all.entries()) {
    const read = pack.read(offsets[place] ?? -1, () => undefined);
    expect([read?.type, read?.bytes.equals(bytes)]).toEqual([type, true]);
  }
  expect([...pack.readLengths(Float64Array.from(offsets))]).toEqual(
    all.map(({ bytes }) => bytes.length),
  );
}

test('all that was added is there, once, and git takes it', () => {
  const open = countOpen();
  const writer = openPackWriter(folder, () => {});
  expect(writer.finish()).toBeUndefined();
  for (const it of [...objects, ...objects]) writer.add(it.type, oidOf(it), it.bytes);
  expect(writer.count).toBe(objects.length);
  const file = writer.finish() ?? '';
  execFileSync('git', ['verify-pack', file.replace(/pack$/, 'idx')]);
  const pack = openWhole(file);
  expect(pack.isWhole).toBe(true);
  expectAll(pack, objects);
  // What is added now is in the next one, also as it lies in the first.
  const [first, second] = objects as [Made, Made];
  const at = pack.find(oidOf(second), 0);
  const raws = objects.map((it) => pack.find(oidOf(it), 0)).sort((a, b) => a - b);
  const raw = pack.readRaw(at, raws.find((next) => next > at) ?? 0);
  expect(writer.has(oidOf(first))).toBe(false);
  for (const _ of [1, 2]) writer.addRaw(oidOf(second), raw);
  writer.add(first.type, oidOf(first), first.bytes);
  const next = openWhole(writer.finish() ?? '');
  execFileSync('git', ['verify-pack', next.file.replace(/pack$/, 'idx')]);
  expectAll(next, [first, second]);
  for (const it of [pack, next]) it.close();
  expect(() => pack.readRaw(0, 4)).toThrow('EBADF');
  expect(countOpen()).toBe(open);
  expect(filesIn().filter((name) => !/^pack-[0-9a-f]{40}\.(?:pack|idx)$/.test(name))).toEqual([]);
});

test('one that is given up, or fails, leaves nothing', () => {
  const before = filesIn();
  const open = countOpen();
  const writer = openPackWriter(folder, () => {});
  for (const it of objects) writer.add(it.type, oidOf(it), it.bytes);
  expect(filesIn()).not.toEqual(before);
  writer.cancel();
  for (const at of ['pack-gathered', 'pack-written', 'pack-synced', 'file-written']) {
    const failing = openPackWriter(folder, (name) => {
      if (name === at) throw new Error(at);
    });
    for (const it of objects.slice(0, 3)) failing.add(it.type, oidOf(it), it.bytes);
    expect(() => failing.finish()).toThrow(at);
  }
  // Renamed, it is found by nobody without its index.
  expect(filesIn().filter((it) => !before.includes(it) && !it.endsWith('.pack'))).toEqual([]);
  expect(countOpen()).toBe(open);
});

test('a disk that takes and gives a part of each call makes the same pack', () => {
  const make = () => {
    const writer = openPackWriter(folder, () => {});
    for (const it of objects) writer.add(it.type, oidOf(it), it.bytes);
    return writer.finish();
  };
  const file = make() ?? '';
  const bytes = readFileSync(file);
  expect(runIn({ share: () => 0.4 }, make)).toMatchObject({ result: file });
  expect(readFileSync(file).equals(bytes)).toBe(true);
  const pack = openWhole(file);
  const { error } = runIn({ share: () => 0.4 }, () => {
    for (const it of objects) {
      const read = pack.read(pack.find(oidOf(it), 0), () => undefined);
      expect(read?.bytes.equals(it.bytes)).toBe(true);
    }
  });
  expect(error).toBeUndefined();
  pack.close();
});

test('a pack that is cut short, emptied or another is not whole', () => {
  const writer = openPackWriter(folder, () => {});
  writer.add('blob', oidOf(objects[14] as Made), (objects[14] as Made).bytes);
  const file = writer.finish() ?? '';
  const index = file.replace(/pack$/, 'idx');
  const [pack, idx] = [file, index].map((name) => readFileSync(name)) as [Buffer, Buffer];
  const isWhole = () => {
    const opened = openPack(file);
    opened?.close();
    return opened?.isWhole;
  };
  expect(isWhole()).toBe(true);
  const flip = (bytes: Buffer, at: number) => {
    const other = Buffer.from(bytes);
    const place = at < 0 ? other.length + at : at;
    other[place] = (other[place] ?? 0) ^ 1;
    return other;
  };
  // Its head, the checksum at its end, and all of its index.
  for (const at of [0, -1]) {
    writeFileSync(file, flip(pack, at));
    expect([at, isWhole()]).toEqual([at, false]);
  }
  for (const size of [0, 12, 31, pack.length - 1]) {
    writeFileSync(file, pack);
    truncateSync(file, size);
    expect([size, isWhole()]).toEqual([size, false]);
  }
  writeFileSync(file, pack);
  for (const at of [1_033, 1_040, 1_055, -1, -21, -30]) {
    writeFileSync(index, flip(idx, at));
    expect([at, isWhole() ?? false]).toEqual([at, false]);
  }
  for (const size of [0, 100, 1_071, idx.length - 1]) {
    writeFileSync(index, idx.subarray(0, size));
    expect([size, isWhole() ?? false]).toEqual([size, false]);
  }
});

test('an entry that holds less than its head says is damaged', () => {
  const writer = openPackWriter(folder, () => {});
  const bytes = Buffer.from('fourteen bytes');
  writer.add('blob', idOf('blob', bytes), bytes);
  const file = writer.finish() ?? '';
  const whole = readFileSync(file);
  const read = () => {
    const pack = openWhole(file);
    const found = pack.read(12, () => undefined);
    pack.close();
    return found?.bytes.toString();
  };
  expect(read()).toBe('fourteen bytes');
  whole[12] = (whole[12] ?? 0) | 1;
  writeFileSync(file, whole);
  expect(read()).toBeUndefined();
});

test.each(['true', 'false'])('a pack of git, with deltas by offset (%s) or by id', (byOffset) => {
  const root = mkdtempSync(join(folder, 'git-'));
  const git = (input: string | Buffer, ...args: string[]) =>
    execFileSync('git', args, {
      cwd: root,
      input,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
  git('', 'init', '-q', '--bare', '.');
  const text = Buffer.from(noise(3_000)).toString('base64');
  const texts = Array.from({ length: 30 }, (_, at) =>
    Buffer.from(text.slice(at) + text.slice(0, 40 + at * 3)),
  );
  // One line each for a stream that makes all of them at once.
  const stream = texts.flatMap((it) => [`blob\ndata ${it.length}\n`, it, '\n']);
  git(Buffer.concat(stream.map((it) => Buffer.from(it))), 'fast-import', '--quiet', '--force');
  const names = git('', 'cat-file', '--batch-all-objects', '--batch-check').toString();
  const list = names.trim().split('\n');
  expect(list).toHaveLength(texts.length);
  const how = byOffset === 'true' ? ['--delta-base-offset'] : [];
  const oids = list.map((line) => `${line.slice(0, 40)}\n`).join('');
  const name = git(oids, 'pack-objects', '--no-reuse-delta', ...how, 'packed')
    .toString()
    .trim();
  const pack = openWhole(join(root, `packed-${name}.pack`));
  const all = texts.map((bytes): Made => ({ type: 'blob', bytes }));
  const offsets = Float64Array.from(all, (it) => pack.find(oidOf(it), 0));
  expect([...pack.readLengths(offsets)]).toEqual(texts.map(({ length }) => length));
  const readById = (oid: Buffer) => pack.read(pack.find(oid, 0), readById);
  for (const [place, { bytes }] of all.entries())
    expect(pack.read(offsets[place] ?? -1, readById)?.bytes.equals(bytes)).toBe(true);
  const types = offsets.map((offset) => ((pack.readRaw(offset, offset + 1)[0] ?? 0) >> 4) & 7);
  expect(new Set(types)).toEqual(new Set([3, byOffset === 'true' ? 6 : 7]));
  pack.close();
});
