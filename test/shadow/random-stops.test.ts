/** Restores between random trees, stopped after each change they make to the disk: always before, after, or brought to the end. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hasTime, longestMs, seed, sizeOf, tellFigures } from '../soak.ts';
import { openDice } from '../store/make-journal.ts';
import { copyPlace, placeInMemory } from './copy-place.ts';
import { runIn } from './faulty-fs.ts';
import { dropPlace, makePlace, mintOrder, openTestShadow, type Place } from './open-test-shadow.ts';
import { printTree } from './print-tree.ts';

const stories = sizeOf(12, 2_000);
const names = ['a', 'b', 'c/d', 'c/e/f', 'g/h', 'g/i', 'k/l/m', 'run'];

let top: Place;
beforeAll(() => {
  top = makePlace(placeInMemory());
});
afterAll(() => dropPlace(top));

function edit(root: string, roll: (sides: number) => number): void {
  for (let turn = 1 + roll(8); turn > 0; turn -= 1) {
    const name = names[roll(names.length)] ?? 'a';
    const path = join(root, name);
    const kind = roll(7);
    clear(root, name);
    const gone = kind < 2 ? (name.split('/')[0] ?? name) : name;
    rmSync(join(root, gone), { recursive: true, force: true });
    if (kind === 0) continue;
    if (kind === 1) {
      writeFileSync(join(root, gone), `a file ${roll(9)}`);
      continue;
    }
    mkdirSync(join(path, '..'), { recursive: true });
    if (kind === 2) mkdirSync(path, { recursive: true });
    else if (kind === 3) symlinkSync('a', path);
    else writeFileSync(path, `${roll(100)}\n`.repeat(1 + roll(30)));
    if (kind === 4) chmodSync(path, 0o755);
  }
}

/** What stands where a folder has to be. */
function clear(root: string, name: string): void {
  const names = name.split('/');
  for (let depth = 1; depth < names.length; depth += 1) {
    const path = join(root, ...names.slice(0, depth));
    const isFolder = lstatSync(path, { throwIfNoEntry: false })?.isDirectory();
    if (!isFolder) return rmSync(path, { force: true });
  }
}

it(`${stories} stories, seed ${seed}`, { timeout: longestMs }, () => {
  const dice = openDice(seed);
  const roll = (sides: number) => Math.floor(dice() * sides);
  let stops = 0;
  let number = 0;
  for (; number < stories && hasTime(); number += 1) {
    const place = { folder: join(top.folder, `${number}`), root: '', state: '' };
    const whole = {
      ...place,
      root: join(place.folder, 'work'),
      state: join(place.folder, 'state'),
    };
    mkdirSync(whole.root, { recursive: true });
    edit(whole.root, roll);
    const shadow = openTestShadow(whole);
    const target = shadow.take(mintOrder());
    const after = printTree(whole.root);
    edit(whole.root, roll);
    const before = printTree(whole.root);
    const { steps } = shadow.plan(mintOrder(), target.id);
    shadow.close();
    for (let at = 1; ; at += 1) {
      const copy = copyPlace(whole, `copy-${at}`);
      const opened = openTestShadow(copy);
      const fault = {
        code: 'EKILLED',
        befalls: 'changes' as const,
        hits: (call: number) => call >= at,
      };
      const { calls } = runIn({ fault }, () => opened.apply('R1', steps));
      opened.close();
      const again = openTestShadow(copy);
      const told = { number, at, skipped: again.rolledForward.flatMap((one) => one.skipped) };
      expect(told).toEqual({ number, at, skipped: [] });
      const tree = printTree(copy.root);
      expect({ number, at, tree }).toEqual({
        number,
        at,
        tree: existsSync(join(copy.state, 'restores/R1.done')) ? after : before,
      });
      again.close();
      stops += 1;
      rmSync(copy.folder, { recursive: true });
      if (calls < at) break;
    }
    rmSync(whole.folder, { recursive: true });
  }
  tellFigures('restores stopped', { stories: number, stops, wrong: 0 });
  expect(stops).toBeGreaterThan(number * 5);
});
