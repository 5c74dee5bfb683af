/** A new place for each test of a file, and the few things that most tests do there. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { Shadow } from '../../src/shadow/open-shadow.ts';
import { dropPlace, makePlace, mintOrder, type Place } from './open-test-shadow.ts';

/** Always that of the test at hand. */
export function placeForEach(): Place {
  let current: Place | undefined;
  beforeEach(() => {
    current = makePlace();
  });
  afterEach(() => current && dropPlace(current));
  const here = (): Place => {
    if (!current) throw new Error('there is a place only while a test runs');
    return current;
  };
  return {
    get folder() {
      return here().folder;
    },
    get root() {
      return here().root;
    },
    get state() {
      return here().state;
    },
  };
}

/** Writes a file of a workspace, with the folders above it. */
export function writeIn(root: string, path: string, text: string | Buffer): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

export function workIn(place: Place) {
  return {
    at: (path: string) => join(place.root, path),
    write: (path: string, text: string | Buffer) => writeIn(place.root, path, text),
  };
}

/** As `clew restore` does: a safety checkpoint, the plan, and all of its steps. */
export function goBack(shadow: Shadow, target: string, id = mintOrder().id) {
  const plan = shadow.plan(mintOrder({ id }), target);
  return { plan, safety: id, report: shadow.apply(id, plan.steps) };
}
