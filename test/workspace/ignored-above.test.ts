/** A workspace that is a part of a repository: rules from above it, from the user and from the repository hold, as git says. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openWorkspace } from '../../src/workspace/open-workspace.ts';
import { git } from '../git.ts';
import { makeFolder } from '../scratch.ts';

/** Each a rule file's content, by where it lies. */
const cases: Record<string, Record<string, string>> = {
  'a name, from the top': { '.gitignore': '*.log\n' },
  'a path, from the top': { '.gitignore': '/part/one/build\npart/two.txt\n' },
  'a path that is not ours': { '.gitignore': '/build\n/one\n' },
  'a path, from the folder between': {
    'part/.gitignore': '/one/build/\n!*.log\n',
    '.gitignore': '*.log\n',
  },
  'taken back by our own': { '.gitignore': '*.log\n', 'part/one/.gitignore': '!keep.log\n' },
  'from info/exclude': { '.git/info/exclude': 'part/one/build\n*.tmp\n' },
  'from core.excludesfile': { 'user-ignore': '/part/one/*.txt\nbuild/\n' },
  'the weakest is overruled': { 'user-ignore': '*.log\n', '.gitignore': '!*.log\n' },
  'wildcards over folders': { '.gitignore': 'part/**/build\n**/deep/*.txt\n' },
};
const files = [
  'a.txt',
  'a.log',
  'keep.log',
  'x.tmp',
  'build/out.txt',
  'deep/a.txt',
  'deep/build/b',
  'one/c',
];

for (const [name, rules] of Object.entries(cases)) {
  test(name, async () => {
    const top = makeFolder();
    git(top, 'init', '-q');
    git(top, 'config', 'core.excludesfile', join(top, 'user-ignore'));
    const root = join(top, 'part/one');
    const all = [...Object.entries(rules), ...files.map((path) => [`part/one/${path}`, path])];
    for (const [path = '', text = ''] of all) {
      mkdirSync(join(top, path, '..'), { recursive: true });
      writeFileSync(join(top, path), text);
    }
    const gitDir = join(top, '.git');
    const workspace = openWorkspace({ root, gitDir, workTree: top, threads: 1 });
    const found = workspace.sweep(
      workspace.openTable(Number.POSITIVE_INFINITY),
      Number.POSITIVE_INFINITY,
    ).changed;
    await workspace.close();
    const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' },
    });
    const isFile = (path: string) => path.includes('.') || /[bc]$/.test(path);
    expect([...found].filter(isFile).sort()).toEqual(listed.split('\0').slice(0, -1).sort());
  });
}
