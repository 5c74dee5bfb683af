import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Entry } from '../../src/attribution/entry.ts';
import type { Origin } from '../../src/attribution/origin.ts';
import { unseen } from '../../src/attribution/origin.ts';
import type { Run } from '../../src/attribution/runs.ts';
import { openKeptAttribution } from '../../src/methods/open-kept-attribution.ts';

const folder = mkdtempSync(join(tmpdir(), 'clew-kept-'));
const file = join(folder, 'attribution.ndjson');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function originOf(step: string): Origin {
  return { grade: 'W', by: { session: 'S', turn: 'T', step }, seen: step };
}

/** Versions of one file, each with one more line in the middle of the one before. */
function makeEntries(names: readonly string[]): Entry[] {
  let runs: readonly Run[] = [[9, unseen]];
  return names.map((id, at) => {
    const [first, ...rest] = runs;
    const [count = 0, origin = unseen] = first ?? [];
    runs = [[count - 1, origin], [1, originOf(id)], ...rest];
    const page = { path: 'f', runs, isTelling: true };
    const lost = at === 1 ? [{ path: 'f', oid: 'before' }] : [];
    return {
      id,
      key: `key ${id}`,
      told: [],
      confirmed: [],
      unclaimed: [],
      lost,
      pages: [{ oid: id, page }],
    };
  });
}

const all = makeEntries(['a', 'b', 'c', 'd', 'e']);
const read = () => openKeptAttribution(folder);
function begin(): string {
  rmSync(file, { force: true });
  read().keep(all.slice(0, 2));
  return readFileSync(file, 'utf8');
}

test('what is new is added, and not a byte before it written again', () => {
  const first = begin();
  const kept = read();
  kept.keep([...kept.entries, ...all.slice(2)]);
  const text = readFileSync(file, 'utf8');
  expect(text.startsWith(first)).toBe(true);
  expect(text.split('\n')).toHaveLength(7);
  expect(read().entries).toEqual(all);
});

test('it is the same whether it was written at once or line by line', () => {
  begin();
  const kept = read();
  kept.keep([...kept.entries, ...all.slice(2)]);
  const bit = readFileSync(file, 'utf8');
  rmSync(file);
  read().keep(all);
  expect(readFileSync(file, 'utf8')).toBe(bit);
});

test('of what no longer holds nothing stays, and what comes instead of it can be read', () => {
  rmSync(file, { force: true });
  read().keep(all);
  const kept = read();
  const anew = makeEntries(['a', 'b', 'x', 'y']).slice(2);
  kept.keep([...kept.entries.slice(0, 2), ...anew]);
  expect(read().entries).toEqual([...all.slice(0, 2), ...anew]);
  expect(readFileSync(file, 'utf8')).not.toContain('"c"');
});

test('a line that a crash cut short is as if it were not there, wherever it was cut', () => {
  const first = begin();
  const kept = read();
  kept.keep([...kept.entries, ...all.slice(2)]);
  const text = readFileSync(file, 'utf8');
  for (let end = first.length; end < text.length; end += 7) {
    writeFileSync(file, text.slice(0, end));
    const torn = read();
    const count = torn.entries.length;
    expect(torn.entries).toEqual(all.slice(0, count));
    torn.keep([...torn.entries, ...all.slice(count)]);
    expect(read().entries).toEqual(all);
  }
  // Blocks that never came to the disk.
  writeFileSync(file, `${first}${'\0'.repeat(50)}\n`);
  expect(read().entries).toEqual(all.slice(0, 2));
});

test('of two who add at once, neither spoils what the other wrote', () => {
  begin();
  const [one, other] = [read(), read()];
  one.keep([...one.entries, ...all.slice(2, 3)]);
  other.keep([...other.entries, ...all.slice(2)]);
  expect(read().entries).toEqual(all);
  const late = read();
  read().keep(makeEntries(['another', 'story']));
  late.keep(late.entries.slice(0, 4));
  expect(read().entries).toEqual(all.slice(0, 4));
});

test('a file of another format, or of none, is written anew', () => {
  for (const text of ['', 'clew attribution 3\n{"id":"a"}\n', 'no format\n']) {
    writeFileSync(file, text);
    expect(read().entries).toEqual([]);
    read().keep(all);
    expect(read().entries).toEqual(all);
  }
  appendFileSync(file, '{"id":');
  expect(read().entries).toEqual(all);
});
