/** A rehearsal comes to its end, and leaves everything as it is, whatever the workspace is like. */
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openRehearsal } from '../../src/workspace/open-rehearsal.ts';

const above = realpathSync(mkdtempSync(join(tmpdir(), 'clew-rehearsal-')));
afterAll(() => rmSync(above, { recursive: true, force: true }));

function countTurns(root: string): number {
  const rehearse = openRehearsal({ root, excludes: [], device: undefined });
  for (let turn = 1; turn < 1_000; turn += 1) if (!rehearse()) return turn;
  return Number.POSITIVE_INFINITY;
}

it('of folders and files, more than it takes', () => {
  const root = join(above, 'many');
  for (let id = 0; id < 50; id += 1) {
    mkdirSync(join(root, `d${id}/é`), { recursive: true });
    for (let file = 0; file < 20; file += 1) writeFileSync(join(root, `d${id}/é/${file}`), '');
  }
  const before = readdirSync(root, { recursive: true });
  const turns = countTurns(root);
  expect(turns).toBeGreaterThan(1);
  expect(turns).toBeLessThan(1_000);
  expect(readdirSync(root, { recursive: true })).toEqual(before);
});

it('of an empty folder', () => {
  const root = join(above, 'empty');
  mkdirSync(root);
  expect(countTurns(root)).toBeLessThan(1_000);
});

it('of a folder that is not there: at once, and without a word', () => {
  expect(countTurns(join(above, 'none'))).toBe(1);
});

it('of a folder that goes away meanwhile', () => {
  const root = join(above, 'going');
  mkdirSync(join(root, 'inside'), { recursive: true });
  const rehearse = openRehearsal({ root, excludes: [], device: undefined });
  expect(rehearse()).toBe(true);
  rmSync(root, { recursive: true });
  expect(() => rehearse()).not.toThrow();
});
