/** Killed at every step of a checkpoint and of a restore: nothing acknowledged is lost, the tree is before or after. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildChild } from '../build-child.ts';
import {
  dropPlace,
  fsck,
  makePlace,
  mintOrder,
  openTestShadow,
  type Place,
  writeTreeByGit,
} from './open-test-shadow.ts';

const child = buildChild('shadow/crash-child');

function run(args: string[], failpoint = ''): { lines: string[]; signal: string | null } {
  const done = spawnSync(process.execPath, [child.main, ...args], {
    encoding: 'utf8',
    env: { ...process.env, CLEW_FAILPOINT: failpoint },
  });
  if (done.signal === null && done.status !== 0) throw new Error(done.stderr);
  return { lines: done.stdout.split('\n'), signal: done.signal };
}

/** The points that one run passes, each with how often; long loops are cut to the first, second and last. */
function listPoints(lines: readonly string[]): string[] {
  const last = new Map<string, number>();
  for (const line of lines) {
    const [, name = '', count = ''] = /^point (\S+) (\d+)$/.exec(line) ?? [];
    if (name !== '') last.set(name, Number(count));
  }
  return [...last].flatMap(([name, count]) =>
    [...new Set([1, 2, count])]
      .filter((turn) => turn <= count)
      .map((turn) => `${name}:crash@${turn}`),
  );
}

function copyOf(place: Place, number: number): Place {
  const folder = join(place.folder, `copy-${number}`);
  cpSync(join(place.folder, 'work'), join(folder, 'work'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  cpSync(join(place.folder, 'state'), join(folder, 'state'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  // A copy is another workspace; here it stands for the first.
  rmSync(join(folder, 'state', 'workspace.json'));
  return { folder, root: join(folder, 'work'), state: join(folder, 'state') };
}

let place: Place;
let first: { id: string; tree: string };
beforeAll(() => {
  place = makePlace();
  for (const name of ['a', 'b', 'c/d', 'c/e/f', 'g/h']) {
    mkdirSync(join(place.root, name, '..'), { recursive: true });
    writeFileSync(join(place.root, name), `${name}\n`);
  }
  const shadow = openTestShadow(place);
  first = shadow.take(mintOrder());
  shadow.close();
});
afterAll(() => {
  dropPlace(place);
});

describe('a checkpoint', () => {
  it('at every failpoint: the store is whole, and what was acknowledged is there', () => {
    const dry = copyOf(place, 0);
    const points = listPoints(run(['take', dry.folder]).lines);
    expect(points.length).toBeGreaterThan(9);
    points.forEach((point, number) => {
      const copy = copyOf(place, number + 1);
      expect({ point, signal: run(['take', copy.folder], point).signal }).toEqual({
        point,
        signal: 'SIGKILL',
      });
      // A second process goes on in the same store, and its checkpoint is acknowledged.
      const next = run(['take', copy.folder]).lines.find((line) => line.startsWith('acked'));
      const [, id, tree] = (next ?? '').split(' ');
      const shadow = openTestShadow(copy);
      expect({ point, ids: shadow.list().map((one) => one.id) }).toMatchObject({
        point,
        ids: expect.arrayContaining([first.id, id]),
      });
      shadow.prune({ keepLast: 10 });
      expect({ point, fsck: fsck(copy), tree: shadow.show(id ?? '').tree }).toEqual({
        point,
        fsck: '',
        tree,
      });
      expect(
        readdirSync(join(copy.state, 'store.git/objects/pack')).filter((name) =>
          name.startsWith('tmp'),
        ),
      ).toEqual([]);
      shadow.close();
      rmSync(copy.folder, { recursive: true });
    });
  });
});

describe('a restore', () => {
  it('at every failpoint: before or after, and after at the next opening', () => {
    const work = copyOf(place, 100);
    const change = () => {
      writeFileSync(join(work.root, 'a'), 'changed');
      rmSync(join(work.root, 'c'), { recursive: true });
      writeFileSync(join(work.root, 'c'), 'a file now');
      rmSync(join(work.root, 'b'));
      rmSync(join(work.root, 'g/h'));
      mkdirSync(join(work.root, 'g/h'));
      writeFileSync(join(work.root, 'g/h/i'), 'a folder now');
      writeFileSync(join(work.root, 'extra'), 'x');
      symlinkSync('a', join(work.root, 'link'));
    };
    change();
    const shadow = openTestShadow(work);
    const plan = shadow.plan(mintOrder(), first.id);
    shadow.close();
    writeFileSync(join(work.folder, 'steps.json'), JSON.stringify(plan.steps));
    const before = writeTreeByGit(work);
    const dry = copyOf(work, 0);
    writeFileSync(join(dry.folder, 'steps.json'), JSON.stringify(plan.steps));
    const points = listPoints(run(['restore', dry.folder, 'R1']).lines);
    expect(writeTreeByGit(dry)).toBe(first.tree);
    expect(points.length).toBeGreaterThan(15);
    points.forEach((point, number) => {
      const copy = copyOf(work, number + 1);
      writeFileSync(join(copy.folder, 'steps.json'), JSON.stringify(plan.steps));
      expect({ point, signal: run(['restore', copy.folder, 'R1'], point).signal }).toEqual({
        point,
        signal: 'SIGKILL',
      });
      const isIntended = readdirSync(join(copy.state, 'restores')).includes('R1.intent');
      const again = openTestShadow(copy);
      const wasDone = readdirSync(join(copy.state, 'restores')).includes('R1.done');
      expect({ point, tree: writeTreeByGit(copy) }).toEqual({
        point,
        tree: wasDone ? first.tree : before,
      });
      if (isIntended)
        expect({ point, skipped: again.rolledForward[0]?.skipped }).toEqual({ point, skipped: [] });
      expect({
        point,
        left: readdirSync(copy.root).filter((name) => name.startsWith('.clew')),
      }).toEqual({ point, left: [] });
      again.close();
      rmSync(copy.folder, { recursive: true });
    });
  });

  it('cut short, then edited by hand: the edit stays', () => {
    const work = copyOf(place, 200);
    writeFileSync(join(work.root, 'a'), 'changed');
    writeFileSync(join(work.root, 'b'), 'changed');
    const shadow = openTestShadow(work);
    const plan = shadow.plan(mintOrder(), first.id);
    shadow.close();
    writeFileSync(join(work.folder, 'steps.json'), JSON.stringify(plan.steps));
    expect(run(['restore', work.folder, 'R2'], 'restore-placed:crash@1').signal).toBe('SIGKILL');
    writeFileSync(join(work.root, 'b'), 'by hand');
    const again = openTestShadow(work);
    expect(again.rolledForward).toMatchObject([{ id: 'R2', skipped: ['b'] }]);
    expect(readFileSync(join(work.root, 'a'), 'utf8')).toBe('a\n');
    expect(readFileSync(join(work.root, 'b'), 'utf8')).toBe('by hand');
    again.close();
  });
});

describe('a damaged store', () => {
  it('refuses the restore naming the file, and changes nothing', () => {
    const work = copyOf(place, 300);
    writeFileSync(join(work.root, 'a'), 'changed');
    const packs = join(work.state, 'store.git/objects/pack');
    const shadow = openTestShadow(work);
    const plan = shadow.plan(mintOrder(), first.id);
    shadow.close();
    // Every byte of the first pack's blobs is turned over; trees and commits of the plan are read already.
    for (const name of readdirSync(packs).filter((one) => one.endsWith('.pack'))) {
      const bytes = readFileSync(join(packs, name));
      for (let at = 14; at < bytes.length - 20; at += 1) bytes[at] = 255 - (bytes[at] ?? 0);
      writeFileSync(join(packs, name), bytes);
    }
    const again = openTestShadow(work);
    expect(() => again.apply('R3', plan.steps)).toThrow(/^a: its bytes .* are missing or damaged/);
    expect(readFileSync(join(work.root, 'a'), 'utf8')).toBe('changed');
    again.close();
  });
});
