/** Fault 7: damaged, cut and missing packs, indexes and references: told, never believed, and never made worse. */
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Failure } from '../../src/errors.ts';
import type { Shadow } from '../../src/shadow/open-shadow.ts';
import { seed, sizeOf, tellFigures } from '../soak.ts';
import { openDice } from '../store/make-journal.ts';
import { copyPlace, placeInMemory, type Story, writeStory } from './copy-place.ts';
import { dropPlace, makePlace, mintOrder, openTestShadow, type Place } from './open-test-shadow.ts';
import { printTree } from './print-tree.ts';
import { readCheckpoint } from './read-checkpoint.ts';

const turns = sizeOf(200, 4_000);
let place: Place;
let story: Story;
beforeAll(() => {
  place = makePlace(placeInMemory());
  story = writeStory(place);
});
afterAll(() => dropPlace(place));

const packs = (copy: Place) => join(copy.state, 'store.git/objects/pack');
const refs = (copy: Place) => join(copy.state, 'store.git/refs/clew/checkpoints');

function listFiles(copy: Place, end: string): string[] {
  const folder = end === '' ? refs(copy) : packs(copy);
  return readdirSync(folder)
    .filter((name) => name.endsWith(end))
    .sort()
    .map((name) => join(folder, name));
}

/** Checkpoints that can be read whole, and are what they were. */
function listWhole(shadow: Shadow): string[] {
  return [...story.kept].flatMap(([id, tree]) => {
    try {
      return readCheckpoint(shadow, id) === tree ? [id] : [];
    } catch (error) {
      expect((error as Error).message).toMatch(/missing|damaged|no checkpoint/);
      return [];
    }
  });
}

/** Opens, reads, goes back and prunes: nothing false is said, nothing half is done, nothing more is lost. */
function checkDamaged(copy: Place): { whole: number; refused: boolean } {
  const shadow = openTestShadow(copy);
  const whole = listWhole(shadow);
  const before = printTree(copy.root);
  let refused = false;
  try {
    const { steps } = shadow.plan(mintOrder(), story.first);
    shadow.apply('R1', steps);
    expect(printTree(copy.root)).toBe(story.after);
  } catch (error) {
    refused = true;
    expect(error).toBeInstanceOf(Failure);
    expect(['damaged', 'restore-refused', 'unknown-id']).toContain((error as Failure).code);
    expect(printTree(copy.root)).toBe(before);
    expect(whole).not.toContain(story.first);
  }
  const fresh = shadow.take(mintOrder());
  expect(readCheckpoint(shadow, fresh.id)).toBe(printTree(copy.root));
  prune(shadow);
  expect(listWhole(shadow)).toEqual(expect.arrayContaining(whole));
  expect(readCheckpoint(shadow, fresh.id)).toBe(printTree(copy.root));
  shadow.close();
  const again = openTestShadow(copy);
  expect(listWhole(again)).toEqual(expect.arrayContaining(whole));
  again.close();
  return { whole: whole.length, refused };
}

/** It may say that something is damaged; what it gives back then is nothing. */
function prune(shadow: Shadow): void {
  try {
    shadow.prune({ keepLast: 10 });
  } catch (error) {
    expect(error).toMatchObject({ code: 'damaged' });
  }
}

it(`${turns} bits turned over in packs, indexes and references`, () => {
  const roll = openDice(seed);
  const seen = { refused: 0, halfWhole: 0 };
  for (let turn = 0; turn < turns; turn += 1) {
    const copy = copyPlace(place, `flip-${turn}`);
    const files = listFiles(copy, ['.pack', '.pack', '.idx', ''][turn % 4] ?? '');
    const file = files[Math.floor(roll() * files.length)] ?? '';
    const bytes = readFileSync(file);
    const at = Math.floor(roll() * bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(roll() * 8));
    writeFileSync(file, bytes);
    const { whole, refused } = checkDamaged(copy);
    if (refused) seen.refused += 1;
    if (whole === 1) seen.halfWhole += 1;
    rmSync(copy.folder, { recursive: true });
  }
  tellFigures('bits of packs, indexes and references', { flips: turns, ...seen, wrong: 0 });
  expect(seen.refused).toBeGreaterThan(turns / 20);
  // The other checkpoint still works.
  expect(seen.halfWhole).toBeGreaterThan(turns / 20);
});

const cuts: Record<string, (file: string) => void> = {
  'cut in half': (file) => truncateSync(file, readFileSync(file).length >> 1),
  'cut by a byte': (file) => truncateSync(file, readFileSync(file).length - 1),
  empty: (file) => truncateSync(file, 0),
  missing: (file) => rmSync(file),
  'full of zeros': (file) => writeFileSync(file, Buffer.alloc(readFileSync(file).length)),
};
for (const [name, cut] of Object.entries(cuts)) {
  it(`each file of the store, ${name}`, () => {
    for (const end of ['.pack', '.idx', '']) {
      const count = listFiles(place, end).length;
      for (let number = 0; number < count; number += 1) {
        const copy = copyPlace(place, `${name}${end}${number}`);
        cut(listFiles(copy, end)[number] ?? '');
        checkDamaged(copy);
        rmSync(copy.folder, { recursive: true });
      }
    }
  });
}

it('a bad moment of the disk forgets no checkpoint', () => {
  let told = 0;
  for (const number of listFiles(place, '.pack').keys()) {
    const copy = copyPlace(place, `moment-${number}`);
    const file = listFiles(copy, '.pack')[number] ?? '';
    const bytes = readFileSync(file);
    writeFileSync(file, Buffer.alloc(bytes.length));
    const shadow = openTestShadow(copy);
    const { damaged } = shadow.prune({ keepLast: 0, before: Number.MAX_SAFE_INTEGER });
    told += damaged.length;
    shadow.close();
    writeFileSync(file, bytes);
    const again = openTestShadow(copy);
    expect(listWhole(again)).toEqual(expect.arrayContaining([...damaged]));
    again.close();
  }
  expect(told).toBeGreaterThan(0);
});

it('a restore whose bytes are lost is told, and does not stand in the way of the next', () => {
  const copy = copyPlace(place, 'lost');
  const oid = '1'.repeat(40);
  const intent = {
    v: 1,
    id: 'R0',
    root: copy.root,
    steps: [{ path: 'never', want: { mode: '100644', oid } }],
  };
  writeFileSync(join(copy.state, 'restores/R0.intent'), JSON.stringify(intent));
  writeFileSync(join(copy.state, 'restores/R9.intent'), '{"v":1,"id":"R9","ste');
  const shadow = openTestShadow(copy);
  expect(shadow.rolledForward).toMatchObject([
    { id: 'R0', written: [], unfinished: expect.stringContaining('never') },
  ]);
  const { steps } = shadow.plan(mintOrder(), story.first);
  expect(shadow.apply('R1', steps).skipped).toEqual([]);
  expect(printTree(copy.root)).toBe(story.after);
  shadow.close();
  const again = openTestShadow(copy);
  expect(again.rolledForward).toEqual([]);
  again.close();
});
