/** A restore among others: edits at every step of it are kept, nothing is followed out of the tree, no .git is entered. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openKeeper } from '../../src/shadow/open-keeper.ts';
import type { RestoreStep } from '../../src/snapshot/restore-step.ts';
import { isSoak } from '../soak.ts';
import { copyPlace, writeStory } from './copy-place.ts';
import { fsck, git, mintOrder, openTestShadow } from './open-test-shadow.ts';
import { goBack, placeForEach, workIn } from './place-for-each.ts';
import { printTree } from './print-tree.ts';
import { readCheckpoint } from './read-checkpoint.ts';

const place = placeForEach();
const { at, write } = workIn(place);

describe('somebody who writes while a restore runs', () => {
  it('at any step of it, loses nothing', () => {
    const story = writeStory(place);
    const points = new Set<string>();
    const dry = copyPlace(place, 'dry');
    openTestShadow(dry, { failpoint: (name) => points.add(name) }).apply('R1', story.steps);
    // Between the last look at a file and the rename there is no way to see a writer.
    const seen = [...points].filter((name) => /^restore-(?!placing|removing)/.test(name));
    expect(seen.length).toBeGreaterThan(7);
    for (const point of seen) {
      const copy = copyPlace(place, `copy-${point}`);
      const edited = ['a', 'extra/more', 'run', 'new by hand'];
      let isDone = false;
      const failpoint = (name: string) => {
        if (name !== point || isDone) return;
        isDone = true;
        for (const path of edited) {
          mkdirSync(join(copy.root, path, '..'), { recursive: true });
          writeFileSync(join(copy.root, path), `by hand at ${point}`);
        }
      };
      const shadow = openTestShadow(copy, { failpoint });
      try {
        shadow.apply('R1', story.steps);
      } catch (error) {
        expect(error).toMatchObject({ code: 'restore-refused' });
      }
      for (const path of edited) {
        const text = readFileSync(join(copy.root, path), 'utf8');
        expect({ point, path, text }).toEqual({ point, path, text: `by hand at ${point}` });
      }
      shadow.close();
    }
  });
});

it('a restore of a restore of a restore: each is taken back', () => {
  const shadow = openTestShadow(place);
  const trees: string[] = [];
  const ids = ['one', 'two', 'three'].map((text) => {
    write('d/f', text);
    write(`d/${text}`, text);
    trees.push(printTree(place.root));
    return shadow.take(mintOrder()).id;
  });
  let before = printTree(place.root);
  let target = ids[0] ?? '';
  for (let turn = 0; turn < 6; turn += 1) {
    const id = mintOrder().id;
    goBack(shadow, target, id);
    expect(printTree(place.root)).toBe(turn % 2 === 0 ? trees[0] : trees[2]);
    expect(readCheckpoint(shadow, id)).toBe(before);
    before = printTree(place.root);
    target = id;
  }
  shadow.close();
});

it('one checkpoint after the other while two write: going back for one path leaves the others', () => {
  const shadow = openTestShadow(place);
  write('of A', 'before');
  write('of B', 'before');
  const before = shadow.take(mintOrder());
  write('of A', 'A wrote');
  write('of B', 'B wrote');
  const safety = mintOrder();
  const plan = shadow.plan(safety, before.id, ['of A']);
  write('of B', 'B still writes');
  expect(shadow.apply(safety.id, plan.steps)).toMatchObject({ written: ['of A'], skipped: [] });
  expect(readFileSync(at('of B'), 'utf8')).toBe('B still writes');
  expect(readFileSync(at('of A'), 'utf8')).toBe('before');
  shadow.close();
});

describe('paths that are not to be written', () => {
  const mode = '100644' as const;
  const refused = [
    '../out',
    '/etc/x',
    'a/../../x',
    '.git/config',
    'sub/.git/config',
    '.GIT/x',
    'git~1/x',
    'a//b',
    'a\0b',
    '.git\u200c/x',
    'x/.git/hooks/post-checkout',
    'n'.repeat(256),
  ];
  it('are refused, all of them, and nothing else is written either', () => {
    write('source', 'bytes');
    const shadow = openTestShadow(place);
    const taken = shadow.take(mintOrder());
    const oid = shadow.versionAt(taken.id, 'source')?.oid ?? '';
    const before = printTree(place.folder);
    for (const path of refused) {
      const steps: RestoreStep[] = [
        { path: 'fine', want: { mode, oid } },
        { path, want: { mode, oid } },
      ];
      expect(() => shadow.apply('R1', steps)).toThrow(/restore|:/);
      expect(existsSync(at('fine'))).toBe(false);
    }
    expect(printTree(place.folder)).toBe(before);
    shadow.close();
  });

  it('links out of the tree are kept, made again only on request, and never followed', () => {
    const outside = join(place.folder, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'f'), 'not yours');
    symlinkSync('../outside', at('out'));
    symlinkSync('../outside/f', at('file'));
    const shadow = openTestShadow(place);
    const first = shadow.take(mintOrder());
    expect(shadow.versionAt(first.id, 'out')).toMatchObject({ mode: '120000' });
    rmSync(at('out'));
    expect(() => goBack(shadow, first.id)).toThrow('out: is a link out of the workspace');
    symlinkSync('../outside', at('out'));
    // The link itself is what gives way, not what it leads to.
    const with2 = shadow.take(mintOrder());
    rmSync(at('file'));
    write('file', 'a file now');
    const third = shadow.take(mintOrder());
    rmSync(at('file'));
    symlinkSync('../outside/f', at('file'));
    goBack(shadow, third.id);
    expect(lstatSync(at('file')).isFile()).toBe(true);
    expect(readlinkSync(at('out'))).toBe('../outside');
    expect(readFileSync(join(outside, 'f'), 'utf8')).toBe('not yours');
    expect(with2.tree).toBe(first.tree);
    shadow.close();
  });

  it('a file that nobody may replace: refused before another one is written', (context) => {
    write('held', 'one');
    write('other', 'one');
    const shadow = openTestShadow(place);
    const first = shadow.take(mintOrder());
    write('held', 'two');
    write('other', 'two');
    if (spawnSync('chattr', ['+i', at('held')]).status !== 0) {
      shadow.close();
      return context.skip('no file can be made immutable here');
    }
    try {
      expect(() => goBack(shadow, first.id)).toThrow(/^held: is immutable/);
      expect(readFileSync(at('other'), 'utf8')).toBe('two');
    } finally {
      spawnSync('chattr', ['-i', at('held')]);
    }
    goBack(shadow, first.id);
    expect(readFileSync(at('held'), 'utf8')).toBe('one');
    shadow.close();
  });

  it('no .git is written, whatever lies in a nested repository', () => {
    write('inner/f', 'one');
    git(at('inner'), 'init', '-q');
    git(at('inner'), 'add', '-A');
    git(at('inner'), 'commit', '-qm', 'inner');
    const shadow = openTestShadow(place);
    const first = shadow.take(mintOrder());
    write('inner/f', 'two');
    write('inner/g', 'new');
    git(at('inner'), 'add', '-A');
    git(at('inner'), 'commit', '-qm', 'second');
    const before = printTree(at('inner/.git'));
    goBack(shadow, first.id);
    expect(readFileSync(at('inner/f'), 'utf8')).toBe('one');
    expect(printTree(at('inner/.git'))).toBe(before);
    // A folder with a repository in it never gives way, even to a file that was there.
    rmSync(at('inner'), { recursive: true });
    write('inner', 'a file');
    const second = shadow.take(mintOrder());
    rmSync(at('inner'));
    git(place.root, 'init', '-q', 'inner');
    expect(() => goBack(shadow, second.id)).toThrow(
      /inner: is a folder now, with inner\/.git in it/,
    );
    shadow.close();
  });
});

/** A disk of its own, so small that it fills up; nothing where it cannot be mounted. */
function mountSmall(size: string): { folder: string; drop(): void } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'clew-small-'));
  const options = ['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'clew-test', folder];
  if (spawnSync('mount', options).status !== 0) {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  const drop = () => {
    spawnSync('umount', ['--lazy', folder]);
    rmSync(folder, { recursive: true });
  };
  return { folder, drop };
}

const sizes = isSoak ? ['1m', '4m', '16m'] : ['256k', '1m'];

describe.each(sizes)('a disk of %s that is full', (size) => {
  it('takes nothing half, restores nothing half, and goes on when there is room', (context) => {
    const small = mountSmall(size);
    if (!small) return context.skip('no tmpfs can be mounted here');
    try {
      const tight = { ...place, state: join(small.folder, 'state') };
      const shadow = openTestShadow(tight);
      write('a', 'one');
      const kept = new Map([[shadow.take(mintOrder()).id, printTree(place.root)]]);
      let told: unknown;
      for (let turn = 0; told === undefined; turn += 1) {
        const noise = Array.from(
          { length: 60_000 },
          (_, byte) => (byte * (turn + 3) * 7919 + (byte >> 3) * turn) % 256,
        );
        writeFileSync(at('a'), Buffer.from(noise));
        try {
          kept.set(shadow.take(mintOrder()).id, printTree(place.root));
        } catch (error) {
          told = error;
        }
      }
      expect(told).toMatchObject({ code: 'no-space', hint: expect.stringContaining('make room') });
      for (const [id, tree] of kept) expect(readCheckpoint(shadow, id)).toBe(tree);
      expect(fsck(tight)).toBe('');
      const now = printTree(place.root);
      expect(() => goBack(shadow, [...kept.keys()][0] ?? '')).toThrow(
        /no space|was not taken|ENOSPC/,
      );
      expect(printTree(place.root)).toBe(now);
      spawnSync('mount', ['-o', 'remount,size=64m', small.folder]);
      goBack(shadow, [...kept.keys()][0] ?? '');
      expect(readFileSync(at('a'), 'utf8')).toBe('one');
      shadow.close();
    } finally {
      small.drop();
    }
  });

  it('a workspace without room: the restore is refused before anything is changed', async (context) => {
    const small = mountSmall(size);
    if (!small) return context.skip('no tmpfs can be mounted here');
    try {
      const root = join(small.folder, 'work');
      mkdirSync(root);
      writeFileSync(join(root, 'large'), 'x'.repeat(150_000));
      const shadow = openTestShadow({ ...place, root });
      const first = shadow.take(mintOrder());
      writeFileSync(join(root, 'large'), 'small now');
      const { steps } = shadow.plan(mintOrder(), first.id);
      spawnSync('sh', ['-c', `head -c 32m /dev/zero > '${join(root, 'filler')}'`]);
      const before = printTree(root);
      expect(() => shadow.apply('R1', steps)).toThrow(
        /restoring needs 150000 bytes and 1 MB to spare, the disk has/,
      );
      const placeLead = () => ({ folder: root, socket: '', token: '', marks });
      const marks = { own: '', judge: () => 'gone' as const };
      const openShadow = () => expect.fail('there was room for a lock');
      const keeper = openKeeper({ placeLead, openShadow, onTrouble: () => undefined });
      await expect(keeper).rejects.toMatchObject({
        code: 'no-space',
        message: expect.stringContaining(root),
      });
      expect(printTree(root)).toBe(before);
      shadow.close();
    } finally {
      small.drop();
    }
  });
});
