/** The hooks themselves, run by real git and by several shells: silent, harmless, and 0 whatever is in their way. */
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hookNames } from '../../src/hooking/layout.ts';
import { git } from '../git.ts';
import { makeFolder } from '../scratch.ts';

const templates = join(import.meta.dirname, '../../hooks');

function makeRepository(): { root: string; spool: string } {
  const root = makeFolder("a repository's ü");
  git(root, 'init', '-q', '-b', 'main', '.');
  git(root, 'commit', '-q', '--allow-empty', '-m', 'x');
  const spool = join(root, '.git', 'clew', 'spool');
  mkdirSync(spool, { recursive: true });
  return { root, spool };
}

type Run = { cwd: string; env?: Record<string, string>; args?: string[]; input?: string };

function runHook(shell: string, hook: string, { cwd, env = {}, args = [], input = '' }: Run) {
  const whole = { PATH: process.env.PATH ?? '', ...env };
  const done = spawnSync(shell, [join(templates, hook), ...args], { cwd, env: whole, input });
  return { status: done.status, said: String(done.stdout) + String(done.stderr) };
}

const silent = { status: 0, said: '' };
const linesIn = (spool: string) =>
  readdirSync(spool)
    .sort()
    .map((it) => readFileSync(join(spool, it), 'utf8'));

describe.each(['dash', 'bash'])('%s', (shell) => {
  test('tells what git told it', () => {
    const { root, spool } = makeRepository();
    const head = git(root, 'rev-parse', 'HEAD');
    const old = '1'.repeat(40);
    const env = { CLEW_RUN: '01K5A0000000000000000WRTR1' };
    expect(runHook(shell, 'post-checkout', { cwd: root, env, args: [old, head, '1'] })).toEqual(
      silent,
    );
    expect(runHook(shell, 'post-commit', { cwd: root, env })).toEqual(silent);
    expect(runHook(shell, 'post-merge', { cwd: root, args: ['0'] })).toEqual(silent);
    const input = `${old} ${head}\n${head} ${old}\n`;
    expect(runHook(shell, 'post-rewrite', { cwd: root, args: ['rebase'], input })).toEqual(silent);
    const rest = `refs/heads/main\t-\t${env.CLEW_RUN}\t-\nend\n`;
    expect(linesIn(spool)).toEqual([
      `1\tpost-checkout\t${old}\t${head}\t1\t${rest}`,
      `1\tpost-commit\t-\t${head}\t-\t${rest}`,
      `1\tpost-merge\t-\t${head}\t0\trefs/heads/main\t-\t-\t-\nend\n`,
      `1\tpost-rewrite\t-\t${head}\trebase\trefs/heads/main\t-\t-\t-\n${input}end\n`,
    ]);
  });

  test('asks git for the commit where refs are in reftables, and says nothing without it', () => {
    const { root, spool } = makeRepository();
    writeFileSync(join(root, '.git', 'HEAD'), 'ref: refs/heads/.invalid\n');
    const id = '2'.repeat(40);
    const bin = makeFolder();
    writeFileSync(join(bin, 'git'), `#!/bin/sh\necho ${id}\n`, { mode: 0o755 });
    expect(runHook(`/bin/${shell}`, 'post-commit', { cwd: root, env: { PATH: bin } })).toEqual(
      silent,
    );
    expect(runHook(`/bin/${shell}`, 'post-merge', { cwd: root, env: { PATH: '/gone' } })).toEqual(
      silent,
    );
    expect(linesIn(spool)).toEqual([
      `1\tpost-commit\t-\t${id}\t-\t-\t-\t-\t-\nend\n`,
      '1\tpost-merge\t-\t-\t-\t-\t-\t-\t-\nend\n',
    ]);
  });

  test.each<[string, (spool: string, root: string) => void]>([
    ['missing', (spool) => rmSync(spool, { recursive: true })],
    [
      'a file',
      (spool) => {
        rmSync(spool, { recursive: true });
        writeFileSync(spool, '');
      },
    ],
    [
      'a link to nowhere',
      (spool) => {
        rmSync(spool, { recursive: true });
        symlinkSync('nowhere', spool);
      },
    ],
    [
      'in a repository whose HEAD is noise',
      (_, root) => writeFileSync(join(root, '.git', 'HEAD'), '\0\0\n'),
    ],
    ['in a repository without HEAD', (_, root) => rmSync(join(root, '.git', 'HEAD'))],
    ['in no repository', (_, root) => rmSync(join(root, '.git'), { recursive: true })],
    [
      'named by a broken .git file',
      (_, root) => {
        rmSync(join(root, '.git'), { recursive: true });
        writeFileSync(join(root, '.git'), 'gitdir: nowhere\n');
      },
    ],
  ])('is silent and 0 with a spool that is %s', (_, spoil) => {
    const { root, spool } = makeRepository();
    spoil(spool, root);
    for (const hook of hookNames)
      expect(runHook(shell, hook, { cwd: root, args: ['a', 'b', '1'], input: 'a b\n' })).toEqual(
        silent,
      );
  });

  test('does nothing when it is switched off', () => {
    const { root, spool } = makeRepository();
    for (const hook of hookNames)
      expect(
        runHook(shell, hook, { cwd: root, env: { CLEW_OFF: '1' }, args: ['a', 'b', '1'] }),
      ).toEqual(silent);
    expect(readdirSync(spool)).toEqual([]);
  });

  test('believes nothing of the environment that could break its line', () => {
    const { root, spool } = makeRepository();
    const env = { CLEW_RUN: 'x\ty\nend', CDPATH: '/', IFS: 'e', ENV: '/nonexistent' };
    expect(runHook(shell, 'post-commit', { cwd: root, env })).toEqual(silent);
    const head = git(root, 'rev-parse', 'HEAD');
    expect(linesIn(spool)).toEqual([
      `1\tpost-commit\t-\t${head}\t-\trefs/heads/main\t-\t-\t-\nend\n`,
    ]);
  });

  test('never writes over what is there', () => {
    const { root, spool } = makeRepository();
    const head = git(root, 'rev-parse', 'HEAD');
    const script = `for n in 0 1 2 3; do echo mine >"$1/post-commit.$2.$$.$n"; done; . "$3"`;
    const args = ['-c', script, 'x', spool, head, join(templates, 'post-commit')];
    const done = spawnSync(shell, args, { cwd: root });
    expect([done.status, String(done.stderr)]).toEqual([0, '']);
    expect(linesIn(spool)).toEqual(Array(4).fill('mine\n'));
  });
});

const isRoot = process.getuid?.() === 0;

/** A small file system of its own, in a mount table of its own: nothing of it is left. */
test.runIf(isRoot).each([
  ['full', 'size=16k', 'head -c 64k /dev/zero >"$1/filler" 2>/dev/null'],
  ['without room for another name', 'nr_inodes=2', ': >"$1/filler"'],
  ['read-only', 'size=16k', 'mount -o remount,ro "$1"'],
])(
  'a disk that is %s: git goes on, nothing is said, and nothing half is believed',
  (_, options, spoil) => {
    const { root, spool } = makeRepository();
    for (const hook of hookNames)
      writeFileSync(join(root, '.git/hooks', hook), readFileSync(join(templates, hook)), {
        mode: 0o755,
      });
    const script = `mount -t tmpfs -o ${options} none "$1" || exit 99
    ${spoil}
    git commit -q --allow-empty -m y && git commit -q --amend --allow-empty -m z && git switch -q -c other || exit 98
    cat "$1"/post-* 2>/dev/null; exit 0`;
    const env = {
      ...process.env,
      GIT_AUTHOR_NAME: 'a',
      GIT_AUTHOR_EMAIL: 'a',
      GIT_COMMITTER_NAME: 'a',
      GIT_COMMITTER_EMAIL: 'a',
    };
    const done = spawnSync('unshare', ['-m', 'sh', '-c', script, 'x', spool], { cwd: root, env });
    expect([done.status, String(done.stdout), String(done.stderr)]).toEqual([0, '', '']);
    expect(git(root, 'log', '--format=%s')).toBe('z\nx');
  },
);

test('no program is started but one cat for rewritten commits', () => {
  const { root } = makeRepository();
  const empty = makeFolder();
  for (const hook of hookNames) {
    const run = { cwd: root, env: { PATH: empty }, args: ['a', 'b', '1'] };
    expect(runHook('/bin/sh', hook, run)).toEqual(silent);
  }
  expect(readdirSync(join(root, '.git', 'clew', 'spool'))).toHaveLength(4);
});

test('what is the same in the four is the same', () => {
  const bodies = hookNames.map((it) =>
    readFileSync(join(templates, it), 'utf8')
      .replace(/# git tells[\s\S]*?\|\| :\n/, '')
      .replace(/test -z "\$clew_pairs"[\s\S]*?unset clew_pairs\n/, '')
      .replace(/ {2}set -- .*\n/, '')
      .replace('\\n%s\\nend', '\\nend')
      .replace(' "$clew_pairs"', '')
      .replaceAll(it, 'HOOK'),
  );
  expect(new Set(bodies).size).toBe(1);
});

test('the templates can be run as they are', () => {
  for (const hook of hookNames) expect(statSync(join(templates, hook)).mode & 0o111).toBe(0o111);
});
