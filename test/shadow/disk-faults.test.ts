/** Faults 8, 9 and 10: a disk that fails at any call of a checkpoint, a restore or a pruning, or takes less than it was given. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Failure } from '../../src/errors.ts';
import type { Shadow } from '../../src/shadow/open-shadow.ts';
import { isSoak, seed, sizeOf, tellFigures } from '../soak.ts';
import { openDice } from '../store/make-journal.ts';
import { copyPlace, placeInMemory, type Story, writeStory } from './copy-place.ts';
import { type Fault, runIn } from './faulty-fs.ts';
import {
  dropPlace,
  fsck,
  makePlace,
  mintOrder,
  openTestShadow,
  type Place,
} from './open-test-shadow.ts';
import { printTree } from './print-tree.ts';
import { readCheckpoint } from './read-checkpoint.ts';

let place: Place;
let story: Story;
beforeAll(() => {
  place = makePlace(placeInMemory());
  story = writeStory(place);
});
afterAll(() => dropPlace(place));

/** Each acts on a copy, and may leave the tree only as one of these. */
type Deed = {
  readonly ready?: (copy: Place) => Shadow;
  readonly act: (copy: Place, shadow: Shadow | undefined) => Shadow;
  readonly trees: () => readonly string[];
  /** What stays readable; all that was acknowledged, unless the deed is to forget some. */
  readonly kept?: () => readonly string[];
};

const forever = Number.MAX_SAFE_INTEGER;
const deeds: Record<string, Deed> = {
  'opening a store': {
    act: (copy) => openTestShadow(copy),
    trees: () => [story.before],
  },
  'a first checkpoint': {
    act(copy) {
      const shadow = openTestShadow({ ...copy, state: join(copy.folder, 'fresh') });
      shadow.take(mintOrder());
      return shadow;
    },
    trees: () => [story.before],
  },
  'a checkpoint': {
    ready: (copy) => openTestShadow(copy),
    act(copy, shadow = openTestShadow(copy)) {
      shadow.take(mintOrder());
      return shadow;
    },
    trees: () => [story.before],
  },
  'a restore': {
    ready: (copy) => openTestShadow(copy),
    act(copy, shadow = openTestShadow(copy)) {
      shadow.apply('R1', story.steps);
      return shadow;
    },
    trees: () => [story.before, story.after],
  },
  'a pruning': {
    ready: (copy) => openTestShadow(copy),
    act(copy, shadow = openTestShadow(copy)) {
      shadow.prune({ keepLast: 1, before: forever, trashBefore: forever });
      return shadow;
    },
    trees: () => [story.before],
    kept: () => [...story.kept.keys()].slice(-1),
  },
};

/** One deed on a bad disk; answers how often the fault could have struck, and what was said. */
function doBadly(deed: Deed, fault: Fault, name: string): { calls: number; told?: unknown } {
  const copy = copyPlace(place, name);
  const ready = deed.ready?.(copy);
  const done = runIn({ fault }, () => deed.act(copy, ready));
  const opened = done.result ?? ready;
  const near = printTree(copy.root);
  if (done.error !== undefined) checkTold(done.error, near);
  opened?.close();
  // The next opening, on a disk that is well again, finds everything and finishes what was begun.
  const again = openTestShadow(copy);
  const ids = new Set(again.list().map(({ id }) => id));
  for (const id of deed.kept?.() ?? story.kept.keys()) {
    expect({ id, tree: ids.has(id) && readCheckpoint(again, id) }).toEqual({
      id,
      tree: story.kept.get(id),
    });
  }
  expect(deed.trees()).toContain(printTree(copy.root));
  expect(again.rolledForward.filter((report) => report.unfinished)).toEqual([]);
  const fresh = again.take(mintOrder());
  expect(readCheckpoint(again, fresh.id)).toBe(printTree(copy.root));
  again.prune({ keepLast: 10 });
  if (done.calls % 16 === 0) expect(fsck(copy)).toBe('');
  again.close();
  rmSync(copy.folder, { recursive: true });
  return { calls: done.calls, told: done.error };
}

/** A Failure that names what to do; where it says that nothing was changed, nothing was. */
function checkTold(error: unknown, tree: string): void {
  expect(error).toBeInstanceOf(Failure);
  const { code, hint, message } = error as Failure;
  expect(['no-space', 'state-refused', 'damaged', 'restore-refused']).toContain(code);
  expect({ message, hint }).toMatchObject({ hint: expect.stringMatching(/./) });
  if (hint?.includes('nothing was changed')) expect(tree).toBe(story.before);
}

/** Every call in the soak; in the suite the faults that are told apart take turns where there are many calls. */
const few = ['opening a store'];
const faults = [
  { code: 'ENOSPC', befalls: 'changes', every: 1, isLasting: false },
  { code: 'ENOSPC', befalls: 'changes', every: 3, isLasting: true },
  { code: 'EIO', befalls: 'everything', every: 5, isLasting: false },
  { code: 'EACCES', befalls: 'opening', every: 3, isLasting: false },
  { code: 'EROFS', befalls: 'changes', every: 7, isLasting: true },
  { code: 'EDQUOT', befalls: 'changes', every: 7, isLasting: false },
  { code: 'EMFILE', befalls: 'opening', every: 4, isLasting: true },
] as const;

for (const [name, deed] of Object.entries(deeds)) {
  for (const { code, befalls, every, isLasting } of faults) {
    it(`${name}: ${code}${isLasting ? ' from then on' : ''}, at each call`, () => {
      let told = 0;
      let struck = 0;
      const step = isSoak || few.includes(name) ? 1 : every;
      for (let at = 1; ; at += step) {
        const hits = (call: number) => (isLasting ? call >= at : call === at);
        const run = doBadly(deed, { code, befalls, hits }, `copy-${at}`);
        if (run.told !== undefined) told += 1;
        if (run.calls < at) break;
        struck += 1;
      }
      tellFigures(`${name}: ${code}`, { struck, told, lost: 0 });
      expect(told).toBeGreaterThan(0);
    });
  }
}

it('a disk that takes and gives only a part of each call, however small', () => {
  const dice = Array.from({ length: sizeOf(1, 20) }, (_, at) => openDice(seed + at));
  for (const share of [() => 0, () => 0.5, ...dice]) {
    const copy = copyPlace(place, 'short');
    writeFileSync(join(copy.root, 'large'), 'some text\n'.repeat(300));
    const now = printTree(copy.root);
    const shadow = openTestShadow(copy);
    const { error } = runIn({ share }, () => {
      const taken = shadow.take(mintOrder());
      expect(readCheckpoint(shadow, taken.id)).toBe(now);
      const { steps } = shadow.plan(mintOrder(), story.first);
      expect(shadow.apply('R2', steps).skipped).toEqual([]);
      shadow.prune({ keepLast: 2, before: forever });
    });
    expect(error).toBeUndefined();
    expect(printTree(copy.root)).toBe(story.after);
    expect(fsck(copy)).toBe('');
    shadow.close();
    rmSync(copy.folder, { recursive: true });
  }
});

it('a disk that takes nothing, and says so only by a count', () => {
  const copy = copyPlace(place, 'none');
  expect(readdirSync(copy.root).length).toBeGreaterThan(3);
  const shadow = openTestShadow(copy);
  const { error } = runIn({ share: () => -1 }, () => shadow.take(mintOrder()));
  expect(error).toMatchObject({ code: 'no-space' });
  shadow.close();
});
