/** Places that many tests begin from, each in a copy of its own. */
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { RestoreStep } from '../../src/snapshot/restore-step.ts';
import { mintOrder, openTestShadow, type Place } from './open-test-shadow.ts';
import { printTree } from './print-tree.ts';

export function copyPlace(place: Place, name: string): Place {
  const folder = join(place.folder, name);
  for (const part of ['work', 'state'])
    cpSync(join(place.folder, part), join(folder, part), {
      recursive: true,
      verbatimSymlinks: true,
    });
  // A copy is another workspace; here it stands for the first.
  rmSync(join(folder, 'state', 'workspace.json'), { force: true });
  return { folder, root: join(folder, 'work'), state: join(folder, 'state') };
}

/** In memory where there is such a thing: what is asked here is what is done, not how fast a disk is. */
export function placeInMemory(): string | undefined {
  return existsSync('/dev/shm') ? '/dev/shm' : undefined;
}

export type Story = {
  /** Acknowledged checkpoints, each with the tree it must give back. */
  readonly kept: ReadonlyMap<string, string>;
  /** From the tree as it is to that of `first`. */
  readonly steps: readonly RestoreStep[];
  readonly first: string;
  readonly before: string;
  readonly after: string;
};

/** Two checkpoints, much changed between them, and the way back from the second to the first. */
export function writeStory({ root, ...rest }: Place): Story {
  const write = (path: string, text: string) => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const name of ['a', 'b', 'c/d', 'c/e/f', 'g/h', 'same']) write(name, `${name}\n`);
  write('run', 'x');
  chmodSync(join(root, 'run'), 0o755);
  mkdirSync(join(root, 'void/deep'), { recursive: true });
  for (const name of ['b', 'g/h', 'same']) chmodSync(join(root, name), 0o600);
  for (const name of ['g', 'c/e', 'void/deep']) chmodSync(join(root, name), 0o700);
  const shadow = openTestShadow({ root, ...rest });
  const first = shadow.take(mintOrder());
  const after = printTree(root);
  write('a', 'changed');
  for (const name of ['b', 'g/h', 'c', 'void']) rmSync(join(root, name), { recursive: true });
  write('c', 'a file now');
  write('g/h/i', 'a folder now');
  write('extra/more', 'x');
  chmodSync(join(root, 'run'), 0o644);
  chmodSync(join(root, 'same'), 0o640);
  chmodSync(join(root, 'g'), 0o755);
  symlinkSync('a', join(root, 'link'));
  const safety = mintOrder();
  const { steps } = shadow.plan(safety, first.id);
  const before = printTree(root);
  shadow.close();
  const kept = new Map([
    [first.id, after],
    [safety.id, before],
  ]);
  return { kept, steps, first: first.id, before, after };
}
