/** Refs and logs in reftables: as another implementation wrote and reads them, and in the shapes that it does not write. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasBranch } from '../../src/repo/has-branch.ts';
import { readHead } from '../../src/repo/head.ts';
import { readAncestry } from '../../src/repo/read-ancestry.ts';
import { readDefaultBranch } from '../../src/repo/read-default-branch.ts';
import { readOperation } from '../../src/repo/read-operation.ts';
import { readRefLog } from '../../src/repo/read-ref-log.ts';
import { canReadRefs, readTableStack } from '../../src/repo/read-table-stack.ts';
import { makeFolder } from '../scratch.ts';
import '../seed.ts';
import recorded from './cases/reftables.json' with { type: 'json' };
import { type Table, writeTable } from './write-table.ts';

type Recorded = {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly refs: Readonly<Record<string, string>>;
  readonly logs: Readonly<Record<string, readonly (readonly [string, string, string])[]>>;
  readonly count: number;
};

function openPlace() {
  const gitDir = makeFolder();
  mkdirSync(join(gitDir, 'reftable'));
  writeFileSync(join(gitDir, 'HEAD'), 'ref: refs/heads/.invalid\n');
  const put = (files: Readonly<Record<string, Uint8Array>>) => {
    for (const [name, bytes] of Object.entries(files))
      writeFileSync(join(gitDir, 'reftable', name), bytes);
  };
  return { gitDir, put };
}

/** The oldest table first. */
function openTables(...tables: readonly Table[]): string {
  const { gitDir, put } = openPlace();
  const names = tables.map((_, n) => `${n}.ref`);
  put(Object.fromEntries(tables.map((it, n) => [`${n}.ref`, writeTable(it)])));
  put({ 'tables.list': Buffer.from(names.map((it) => `${it}\n`).join('')) });
  return gitDir;
}

const [a, b, c, none] = ['a', 'b', 'c', '0'].map((it) => it.repeat(40)) as [
  ...[string, string, string, string],
];

test('as JGit wrote it and reads it, after each of its commands', () => {
  const { gitDir, put } = openPlace();
  for (const { name, files, refs, logs, count } of recorded as unknown as Recorded[]) {
    put(
      Object.fromEntries(Object.entries(files).map(([it, at]) => [it, Buffer.from(at, 'base64')])),
    );
    const stack = readTableStack(gitDir);
    expect([name, stack?.names().length]).toEqual([name, count]);
    for (const [ref, text] of Object.entries(refs)) {
      const value = stack?.value(ref);
      const read = value?.kind === 'symbolic' ? `ref: ${value.target}` : value;
      const id = typeof read === 'object' && read.kind === 'id' ? read.id : read;
      expect([name, ref, id]).toEqual([name, ref, text]);
    }
    for (const [ref, lines] of Object.entries(logs)) {
      const zero = (id: string | undefined) => id ?? none;
      const read = readRefLog(gitDir, ref).lines;
      const told = read.map(({ from, to, message }) => [zero(from), zero(to), message]);
      expect([name, ref, told]).toEqual([name, ref, lines]);
    }
  }
  expect(readHead(gitDir)).toEqual({ head: '239de3f5ca285e4ffb99fd3b9aea9cb7cc74dcc8' });
  expect(hasBranch(gitDir, '日本')).toBe(true);
  expect(hasBranch(gitDir, 'topic')).toBe(false);
});

test('the newer table wins: a ref that was deleted is gone, and a line that was taken out', () => {
  const gitDir = openTables(
    {
      refs: [
        ['HEAD', { target: 'refs/heads/main' }],
        ['refs/heads/main', a],
        ['refs/heads/old', a],
        ['refs/remotes/origin/HEAD', { target: 'refs/remotes/origin/trunk' }],
        ['CHERRY_PICK_HEAD', c],
      ],
      logs: [
        ['HEAD', 1, [none, a, 'commit (initial): x']],
        ['refs/stash', 2, [none, b, 'WIP']],
        ['refs/stash', 3, [b, c, 'WIP again']],
        // Says only that there is a log.
        ['refs/heads/main', 4, [none, none, '']],
      ],
    },
    { refs: [['refs/heads/old', undefined]], logs: [['refs/stash', 2, undefined]] },
    {
      refs: [
        ['refs/heads/main', b],
        ['CHERRY_PICK_HEAD', undefined],
      ],
      logs: [['HEAD', 5, [a, b, 'commit: y\n']]],
    },
  );
  expect(readHead(gitDir)).toEqual({ branch: 'main', head: b });
  expect(hasBranch(gitDir, 'old')).toBe(false);
  expect(readDefaultBranch(gitDir)).toBe('trunk');
  expect(readOperation(gitDir)).toBe(undefined);
  expect(readRefLog(gitDir, 'refs/stash').lines.map((it) => it.to)).toEqual([c]);
  expect(readRefLog(gitDir, 'refs/heads/main').lines).toEqual([]);
  const { cursor } = readRefLog(gitDir, 'HEAD', { offset: 1, anchor: 'reftable' });
  expect(readRefLog(gitDir, 'HEAD', { offset: 1, anchor: 'reftable' }).lines).toEqual([
    { from: a, to: b, message: 'commit: y' },
  ]);
  expect(readRefLog(gitDir, 'HEAD', cursor).lines).toEqual([]);
  // Read on in files until now: what is new cannot be told.
  expect(readRefLog(gitDir, 'HEAD', { offset: 170, anchor: 'a line' }).lines).toEqual([]);
  expect(readAncestry(gitDir, gitDir).isAncestor(a, b)).toBe(true);
});

test('an operation that only a ref tells of, a linked worktree, and ids of SHA-256', () => {
  const long = 'd'.repeat(64);
  const shared = openTables({
    sha256: true,
    refs: [
      ['refs/heads/main', a.padEnd(64, 'a')],
      ['refs/heads/topic', long],
    ],
  });
  const own = openTables({
    sha256: true,
    refs: [
      ['HEAD', { target: 'refs/heads/topic' }],
      ['REVERT_HEAD', long],
    ],
    logs: [['HEAD', 1, ['0'.repeat(64), long, 'checkout: x']]],
  });
  expect(readHead(own, shared)).toEqual({ branch: 'topic', head: long });
  expect(readOperation(own)).toBe('revert');
  expect(readRefLog(own, 'HEAD').lines).toEqual([
    { from: undefined, to: long, message: 'checkout: x' },
  ]);
});

test('what is damaged anywhere is not read, and does no harm', () => {
  const whole = writeTable({
    blockBytes: 256,
    refs: Array.from({ length: 20 }, (_, n) => [`refs/heads/b${n}`, a] as const),
    logs: [['refs/heads/b1', 1, [none, a, 'x']]],
  });
  const { gitDir, put } = openPlace();
  put({ 'tables.list': Buffer.from('0.ref\n'), '0.ref': whole });
  expect(readTableStack(gitDir)?.names()).toHaveLength(20);
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      rmSync(join(gitDir, 'reftable', '0.ref'));
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ flip;
      put({ '0.ref': bytes.subarray(0, flip % 2 === 0 ? whole.length : at) });
      const stack = readTableStack(gitDir);
      expect(canReadRefs(gitDir)).toBe(stack !== undefined);
      if (flip % 2 === 1) expect(stack).toBe(undefined);
      stack?.log('refs/heads/b1');
      readHead(gitDir);
    }),
  );
});

test('a list that names a way out, or what is gone, reads nothing there', () => {
  const { gitDir, put } = openPlace();
  put({ 'tables.list': Buffer.from('../../secret\n') });
  expect(readTableStack(gitDir)?.names()).toEqual([]);
  put({ 'tables.list': Buffer.from('gone.ref\n') });
  expect([readTableStack(gitDir), canReadRefs(gitDir)]).toEqual([undefined, false]);
});
