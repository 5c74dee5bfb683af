/** A folder whose times are as they were is not listed again: what is found is the same as if it were. */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addRow, writeSeen } from '../../src/snapshot/change-rows.ts';
import { findFolder } from '../../src/snapshot/find-rows.ts';
import { folderOf, nameOf } from '../../src/snapshot/raw-path.ts';
import { makeTable, type Table } from '../../src/snapshot/table.ts';
import { openSweeper, type Sweeper } from '../../src/workspace/open-sweeper.ts';
import { readSeen } from '../../src/workspace/read-seen.ts';

const never = Number.POSITIVE_INFINITY;
let root: string;
let sweeper: Sweeper;
let table: Table;

/** Only what nobody touched for a while is believed: looked at until that is so. */
function settle(folders: readonly string[]): void {
  const isSettled = (path: string) =>
    table.columns.folderMtime[findFolder(table.columns, path)] !== 0n;
  do sweeper.sweep(table, never);
  while (!folders.every(isSettled));
}

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'clew-times-')));
  for (const path of ['a', 'd/a', 'd/b', 'd/e/f', 'g/h', 'g/i.log', 'k/l/m']) {
    mkdirSync(join(root, folderOf(path)), { recursive: true });
    writeFileSync(join(root, path), path);
  }
  writeFileSync(join(root, '.gitignore'), '*.log\n');
  sweeper = openSweeper({ root, excludes: [], threads: 1 });
  table = makeTable();
  const found = [...sweeper.sweep(table, never).changed].sort();
  for (const path of found) {
    const seen = readSeen(root, path);
    if (!seen) continue;
    const row = addRow(table, findFolder(table.columns, folderOf(path)), nameOf(path), seen.kind);
    writeSeen(table.columns, row, seen);
  }
  settle(['', 'd', 'd/e', 'k', 'k/l']);
});
afterEach(async () => {
  await sweeper.close();
  rmSync(root, { recursive: true, force: true });
});

const at = (path: string) => join(root, path);
const edits: Record<string, readonly [act: () => void, changed: readonly string[]]> = {
  nothing: [() => {}, []],
  'a file written': [() => writeFileSync(at('d/a'), 'D/A'), ['d/a']],
  'a file made': [() => writeFileSync(at('d/e/new'), ''), ['d/e/new']],
  'a file removed': [() => rmSync(at('d/b')), ['d/b']],
  'a file renamed': [() => renameSync(at('d/b'), at('d/c')), ['d/b', 'd/c']],
  'a file over another': [() => renameSync(at('a'), at('d/b')), ['a', 'd/b']],
  'a file set to run': [() => chmodSync(at('d/e/f'), 0o755), ['d/e/f']],
  'a file made, and the time of its folder put back': [
    () => {
      writeFileSync(at('k/l/new'), '');
      utimesSync(at('k/l'), new Date(1e12), new Date(1e12));
    },
    ['k/l/new'],
  ],
  'a folder made': [
    () => {
      mkdirSync(at('k/new'));
      writeFileSync(at('k/new/file'), '');
    },
    ['k/new', 'k/new/file'],
  ],
  'a folder removed': [() => rmSync(at('k/l'), { recursive: true }), ['k/l']],
  'a folder that became a file': [
    () => {
      rmSync(at('k/l'), { recursive: true });
      writeFileSync(at('k/l'), '');
    },
    ['k/l'],
  ],
  'a file that became a folder': [
    () => {
      rmSync(at('d/b'));
      mkdirSync(at('d/b'));
      writeFileSync(at('d/b/in'), '');
    },
    ['d/b', 'd/b/in'],
  ],
  'a folder that became a link': [
    () => {
      rmSync(at('k/l'), { recursive: true });
      symlinkSync('../d', at('k/l'));
    },
    ['k/l'],
  ],
  'what was ignored is no longer': [
    () => writeFileSync(at('.gitignore'), '*.tmp\n'),
    ['.gitignore', 'g/i.log'],
  ],
};

it.each(Object.entries(edits))('%s', (_, [act, changed]) => {
  act();
  expect([...sweeper.sweep(table, never).changed].sort()).toEqual(changed);
  table.columns.folderMtime.fill(0n);
  expect([...sweeper.sweep(table, never).changed].sort()).toEqual(changed);
});
