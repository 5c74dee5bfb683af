/** The user's index: what git wrote is what we read, in each version; damaged bytes are never believed blindly. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readIndex } from '../../src/snapshot/index-reader.ts';

let folder: string;
const git = (...args: string[]) =>
  execFileSync('git', args, {
    cwd: folder,
    encoding: 'latin1',
    env: { PATH: process.env.PATH, HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' },
  });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'clew-index-'));
  git('init', '-q');
  const long = `${'long/'.repeat(820)}`.slice(0, 3000);
  for (const path of ['a', 'a-b', 'b/c', 'b/c2/d', 'new\nline', 'é', 'z'.repeat(200)]) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), path);
  }
  git('add', '-A');
  const oid = git('hash-object', '-w', 'a').trim();
  // Names longer than the twelve bits that the index has for their length.
  git('update-index', '--add', '--cacheinfo', `100755,${oid},${long}${long}x`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function readAll(bytes: Buffer) {
  const lines: string[] = [];
  const decode = (from: number, to: number) => bytes.toString('latin1', from, to);
  const report = readIndex(bytes, decode, (entry) => {
    const oid = bytes.toString('hex', entry.oidAt, entry.oidAt + 20);
    lines.push(`${entry.mode.toString(8)} ${oid} ${entry.stage}\t${entry.path}`);
  });
  return { report, lines };
}

describe('versions', () => {
  for (const version of ['2', '3', '4']) {
    it(`${version}: the same entries as git lists`, () => {
      if (version === '3') git('update-index', '--skip-worktree', 'a');
      else git('update-index', '--no-skip-worktree', 'a');
      git('update-index', '--index-version', version);
      const { report, lines } = readAll(readFileSync(join(folder, '.git/index')));
      expect(report.kind).toBe('read');
      expect(lines).toEqual(git('ls-files', '-s', '-z').split('\0').slice(0, -1));
    });
  }
});

it('split and sparse indexes are not used', () => {
  git('update-index', '--split-index');
  expect(readAll(readFileSync(join(folder, '.git/index'))).report).toEqual({
    kind: 'unusable',
    why: 'split index',
  });
  git('update-index', '--no-split-index');
});

it('cut or changed anywhere: never a crash, never a hang', () => {
  const bytes = readFileSync(join(folder, '.git/index'));
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(255), fc.boolean(), (at, value, isCut) => {
      const broken = Buffer.from(isCut ? bytes.subarray(0, at) : bytes);
      if (!isCut) broken[at] = value;
      const { report } = readAll(broken);
      expect(['read', 'unusable']).toContain(report.kind);
    }),
    { numRuns: 500 },
  );
});
