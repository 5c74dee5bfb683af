/** What a checkpoint tells of files that were changed before some act of its time had begun. */
import { linkSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openEarly } from '../../src/shadow/open-early.ts';
import type { Shadow } from '../../src/shadow/open-shadow.ts';
import type { Early } from '../../src/undo/bouts.ts';
import { openWorkspace } from '../../src/workspace/open-workspace.ts';
import { passTick } from '../pass-tick.ts';
import { mintOrder, openTestShadow } from './open-test-shadow.ts';
import { placeForEach, workIn } from './place-for-each.ts';

const place = placeForEach();
const { at, write } = workIn(place);
beforeEach(() => {
  write('a', 'one');
  write('b', 'two');
  write('folder/x', 'three');
  write('folder/y', 'four');
});

const by = { session: 's', turn: 't', step: 'c' };

function takeSince(shadow: Shadow, since: number | undefined, paths?: string[]): string[] {
  const act = { by, paths: [], reach: 'anything' as const };
  const acts = [since === undefined ? act : { ...act, since }];
  const { id } = shadow.take(mintOrder({ acts, ...(paths ? { paths } : {}) }));
  const found = shadow.show(id);
  expect(found.looked).toBeGreaterThan(1_700_000_000_000);
  // What was touched after all had begun is told too, and acquits nobody of these.
  const isEarly = ([, atMs, bound]: Early[number]) => bound === undefined && atMs < (since ?? 0);
  const early = found.early ?? [];
  for (const one of early)
    expect(isEarly(one) || (one[2] === 'at-least' && one[1] >= (since ?? 0))).toBe(true);
  return early.filter(isEarly).map(([path]) => path);
}

describe('of what was changed before a command began, it is told', () => {
  const befores: Record<string, { typed: () => void; told: string[] }> = {
    'a file written in its place': { typed: () => write('a', 'typed'), told: ['a'] },
    'a new file, and one in a new folder': {
      typed: () => {
        write('n', 'typed');
        write('deep/er/ü', 'typed');
      },
      told: ['deep/er/ü', 'n'],
    },
    'a file put in the place of another': {
      typed: () => {
        write('t', 'typed');
        renameSync(at('t'), at('a'));
      },
      told: ['a'],
    },
    'a file that went': { typed: () => rmSync(at('folder/y')), told: ['folder/y'] },
    nothing: { typed: () => undefined, told: [] },
  };
  for (const [name, { typed, told }] of Object.entries(befores))
    it(name, () => {
      const shadow = openTestShadow(place);
      shadow.take(mintOrder());
      typed();
      const since = passTick(place.folder);
      write('b', 'by the command');
      utimesSync(at('b'), 1, 1);
      expect(takeSince(shadow, since).sort()).toEqual(told);
      shadow.close();
    });
});

describe('of what may have come after it began, nothing', () => {
  const afters: Record<string, (since: number) => void> = {
    'old times were given to it': () => {
      write('b', 'made');
      utimesSync(at('b'), 1, 1);
    },
    'it came with a folder that was moved': () => {
      renameSync(at('folder'), at('moved'));
    },
    'something else went from the same folder': () => {
      rmSync(at('folder/y'));
      rmSync(at('folder'), { recursive: true });
    },
    'it has one more name': () => linkSync(at('a'), at('also')),
  };
  for (const [name, act] of Object.entries(afters))
    it(name, () => {
      const shadow = openTestShadow(place);
      shadow.take(mintOrder());
      const since = passTick(place.folder);
      act(since);
      expect(takeSince(shadow, since)).toEqual([]);
      shadow.close();
    });

  it('a folder that was changed before was moved here', () => {
    mkdirSync(at('../outside'));
    writeFileSync(at('../outside/new'), 'typed');
    const shadow = openTestShadow(place);
    shadow.take(mintOrder());
    const since = passTick(place.folder);
    renameSync(at('../outside'), at('here'));
    expect(takeSince(shadow, since)).toEqual([]);
    shadow.close();
  });

  it('nobody knows when it began', () => {
    const shadow = openTestShadow(place);
    shadow.take(mintOrder());
    write('a', 'typed');
    passTick(place.folder);
    expect(takeSince(shadow, undefined)).toEqual([]);
    shadow.close();
  });
});

it('a narrow look tells it too, and a later change of the same file takes it back', () => {
  const shadow = openTestShadow(place);
  shadow.take(mintOrder());
  write('a', 'typed');
  const since = passTick(place.folder);
  expect(takeSince(shadow, since, ['a'])).toEqual(['a']);
  write('a', 'by the command');
  expect(takeSince(shadow, since, ['a'])).toEqual([]);
  shadow.close();
});

it('where another machine stamps files, or by whole seconds, not all of it is told', async () => {
  const workspace = openWorkspace({ root: place.root, threads: 1 });
  const acts = [{ by, paths: [], reach: 'anything' as const, since: Date.now() + 60_000 }];
  expect(openEarly(workspace, acts)).toBeDefined();
  expect(openEarly({ ...workspace, isStampedHere: () => false }, acts)).toBeUndefined();
  // Whole seconds: it may be of the end of that second, or of the next.
  const notes = openEarly(workspace, acts);
  const reading = workspace.read('a', 100);
  if (reading.kind !== 'read') throw new Error('not read');
  const whole = (ms: number) => ({
    ...reading,
    seen: { ...reading.seen, ctime: BigInt(ms) * 1_000_000n },
  });
  const limitMs = Math.floor(((acts[0]?.since ?? 0) - 1_000) / 1_000) * 1_000;
  notes?.note('a', whole(limitMs), true);
  notes?.note('b', whole(limitMs + 1), true);
  expect(notes?.list().map(([path]) => path)).toEqual(['b']);
  await workspace.close();
});

it('of what came after it began, its own time is told, and of nothing else', () => {
  const shadow = openTestShadow(place);
  shadow.take(mintOrder());
  write('a', 'typed');
  const since = passTick(place.folder);
  write('b', 'by the command');
  write('folder/n', 'new');
  rmSync(at('folder/x'));
  const act = { by, paths: [], reach: 'anything' as const, since };
  const { id } = shadow.take(mintOrder({ acts: [act] }));
  const told = (shadow.show(id).early ?? []).map(([path, , bound]) => `${path} ${bound ?? ''}`);
  expect(told.sort()).toEqual(['a ', 'b at-least', 'folder/n at-least']);
  shadow.close();
});

it('of what a second look adds it is told as well, and of what it only read by now, once', () => {
  const shadow = openTestShadow(place, { limitBytes: 100 });
  shadow.take(mintOrder());
  write('missed', 'typed');
  write('large', 'typed'.repeat(100));
  const since = passTick(place.folder);
  write('b', 'by the command');
  const act = { by, paths: [], reach: 'anything' as const, since };
  // Long after all was written, so that the second look may add what the first was not told of.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5_000 });
  const { id } = shadow.take(mintOrder({ acts: [act], paths: ['b', 'large'] }));
  vi.useRealTimers();
  const told = () =>
    (shadow.show(id).early ?? []).map(([path, , bound]) => `${path} ${bound ?? ''}`);
  expect(told().sort()).toEqual(['b at-least', 'large ']);
  expect(shadow.engine.confirm()).toBeDefined();
  expect(told().sort()).toEqual(['b at-least', 'large ', 'missed ']);
  expect(shadow.engine.capture(60_000)).toBe(true);
  expect(shadow.versionAt(id, 'large')).toBeDefined();
  expect(told().sort()).toEqual(['b at-least', 'large ', 'missed ']);
  shadow.close();
});
