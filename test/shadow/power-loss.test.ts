/** The power fails after any call: what was not synced is gone, and nothing that was acknowledged is. */
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../src/shadow/open-shadow.ts';
import { copyPlace, placeInMemory, type Story, writeStory } from './copy-place.ts';
import { runIn } from './faulty-fs.ts';
import {
  dropPlace,
  fsck,
  makePlace,
  mintOrder,
  openTestShadow,
  type Place,
} from './open-test-shadow.ts';
import { openPowerMeter, type PowerMeter } from './power-loss.ts';
import { printTree } from './print-tree.ts';
import { readCheckpoint } from './read-checkpoint.ts';

const canFollow = existsSync('/proc/self/fd');
let place: Place;
let story: Story;
beforeAll(() => {
  place = makePlace(placeInMemory());
  story = writeStory(place);
});
afterAll(() => dropPlace(place));

type Cut = { readonly rest: Place; readonly acked: ReadonlyMap<string, string> };

/** Runs a deed, and looks at what would be left after each call that can make a difference. */
function cutEverywhere(
  copy: Place,
  isStrict: boolean,
  deed: (shadow: Shadow, ack: (id: string) => void) => void,
  check: (cut: Cut) => void,
): number {
  const meter: PowerMeter = openPowerMeter(copy.folder);
  const acked = new Map(copy.state.endsWith('new') ? [] : story.kept);
  let cuts = 0;
  const cut = () => {
    cuts += 1;
    const folder = join(place.folder, `rest-${copy.folder.split('/').at(-1)}-${cuts}`);
    meter.writeRest(folder, isStrict);
    const inRest = (path: string) => path.replace(copy.folder, folder);
    const rest = { folder, root: inRest(copy.root), state: inRest(copy.state) };
    standIn(rest);
    check({ rest, acked });
    rmSync(folder, { recursive: true });
  };
  let isBusy = false;
  const watch = (name: string, given: readonly unknown[]) => {
    if (isBusy || !meter.note(name, given) || (isStrict && name !== 'fsyncSync')) return;
    isBusy = true;
    cut();
    isBusy = false;
  };
  const { error } = runIn({ watch }, () => {
    const shadow = openTestShadow(copy);
    deed(shadow, (id) => {
      acked.set(id, printTree(copy.root));
      isBusy = true;
      cut();
      isBusy = false;
    });
    shadow.close();
  });
  meter.close();
  if (error !== undefined) throw error;
  return cuts;
}

/** What is left lies in another folder than it was written for. */
function standIn({ state, root }: Place): void {
  rmSync(join(state, 'workspace.json'), { force: true });
  const folder = join(state, 'restores');
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const file = join(folder, name);
    if (!name.endsWith('.intent') || statSync(file).size === 0) continue;
    const { folder: _, ...intent } = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...intent, root }));
  }
}

function checkAcked({ rest, acked }: Cut, trees: readonly string[]): void {
  const isWhole = trees.includes(printTree(rest.root));
  const isBegun = readdirSync(rest.folder).some((name) =>
    existsSync(join(rest.folder, name, 'restores')),
  );
  const shadow = openTestShadow(rest);
  const ids = new Set(shadow.list().map(({ id }) => id));
  for (const [id, tree] of acked)
    expect({ id, tree: ids.has(id) && readCheckpoint(shadow, id) }).toEqual({ id, tree });
  // Before or after already, or brought to its end by the opening.
  expect(isWhole || isBegun).toBe(true);
  expect(trees).toContain(printTree(rest.root));
  const fresh = shadow.take(mintOrder());
  expect(readCheckpoint(shadow, fresh.id)).toBe(printTree(rest.root));
  shadow.close();
}

for (const isStrict of [true, false]) {
  const how = isStrict ? 'names and bytes that were not synced' : 'bytes that were not synced';
  it.runIf(canFollow)(`a first and a second checkpoint, without ${how}`, () => {
    const copy = copyPlace(place, `first-${isStrict}`);
    const fresh = { ...copy, state: join(copy.folder, 'new') };
    const cuts = cutEverywhere(
      fresh,
      isStrict,
      (shadow, ack) => {
        ack(shadow.take(mintOrder()).id);
        rmSync(join(copy.root, 'link'));
        ack(shadow.take(mintOrder()).id);
      },
      (cut) => checkAcked(cut, [printTree(copy.root), story.before]),
    );
    expect(cuts).toBeGreaterThan(isStrict ? 15 : 25);
    rmSync(copy.folder, { recursive: true });
  });

  it.runIf(canFollow)(`a restore, without ${how}`, () => {
    const copy = copyPlace(place, `restore-${isStrict}`);
    const cuts = cutEverywhere(
      copy,
      isStrict,
      (shadow) => {
        expect(shadow.apply('R1', story.steps).skipped).toEqual([]);
      },
      (cut) => checkAcked(cut, [story.before, story.after]),
    );
    expect(cuts).toBeGreaterThan(isStrict ? 15 : 40);
    expect(printTree(copy.root)).toBe(story.after);
    expect(fsck(copy)).toBe('');
    rmSync(copy.folder, { recursive: true });
  });

  it.runIf(canFollow)(`a pruning, without ${how}`, () => {
    const copy = copyPlace(place, `prune-${isStrict}`);
    const [, last = ''] = story.kept.keys();
    const cuts = cutEverywhere(
      copy,
      isStrict,
      (shadow) => {
        shadow.prune({ keepLast: 1, before: Number.MAX_SAFE_INTEGER });
      },
      ({ rest }) => {
        const acked = new Map([...story.kept].filter(([id]) => id === last));
        checkAcked({ rest, acked }, [story.before]);
      },
    );
    expect(cuts).toBeGreaterThan(3);
    rmSync(copy.folder, { recursive: true });
  });
}
