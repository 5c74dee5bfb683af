/** Where state is kept, and whose workspace it is. */
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Failure } from '../../src/errors.ts';
import { judgeLikeness } from '../../src/snapshot/ground.ts';
import { readOwnMark } from '../../src/store/process-mark.ts';
import {
  findWorkspaceFolder,
  openStateHome,
  openWorkspaceFolder,
} from '../../src/store/state-folder.ts';
import { git } from '../git.ts';
import { makeFolder } from './make-journal.ts';

const isRoot = process.getuid?.() === 0;
const modeOf = (path: string) => statSync(path).mode & 0o777;

function failureOf(work: () => unknown): Pick<Failure, 'code' | 'hint' | 'message'> {
  try {
    work();
  } catch (error) {
    return error as Failure;
  }
  throw new Error('it did not fail');
}

function makeWorkspace(name = 'My project'): { home: string; workspace: string } {
  const base = realpathSync(makeFolder());
  const workspace = join(base, name);
  mkdirSync(workspace);
  return { home: openStateHome({ CLEW_HOME: join(base, 'home') }), workspace };
}

test('the home is where the environment says', () => {
  const base = makeFolder();
  expect(openStateHome({ CLEW_HOME: join(base, 'a'), XDG_STATE_HOME: base })).toBe(join(base, 'a'));
  expect(openStateHome({ XDG_STATE_HOME: base, HOME: base })).toBe(join(base, 'clew'));
  const usual = join(base, '.local', 'state', 'clew');
  expect(openStateHome({ XDG_STATE_HOME: 'relative', CLEW_HOME: '', HOME: base })).toBe(usual);
  expect(failureOf(() => openStateHome({ CLEW_HOME: 'x/y' }))).toMatchObject({
    code: 'state-refused',
    message: expect.stringContaining('absolute'),
  });
});

test('all folders are their owner’s alone, whatever the umask, and are closed when they were not', () => {
  for (const umask of [0, 0o077, 0o177]) {
    const before = process.umask(umask);
    try {
      const base = makeFolder();
      const home = openStateHome({ CLEW_HOME: join(base, 'home') });
      const folder = openWorkspaceFolder({ home, workspace: base });
      for (const path of [home, join(home, 'workspaces'), folder.path, folder.journal])
        expect(modeOf(path)).toBe(0o700);
      expect(modeOf(join(folder.path, 'identity.json'))).toBe(0o600);
      chmodSync(home, 0o755);
      chmodSync(folder.journal, 0o777);
      openStateHome({ CLEW_HOME: home });
      openWorkspaceFolder({ home, workspace: base });
      expect([modeOf(home), modeOf(folder.journal)]).toEqual([0o700, 0o700]);
    } finally {
      process.umask(before);
    }
  }
});

test('a folder that others use is not closed to them, but refused', () => {
  const base = makeFolder();
  writeFileSync(join(base, 'something'), '');
  chmodSync(base, 0o755);
  const failure = failureOf(() => openStateHome({ CLEW_HOME: base }));
  expect(failure).toMatchObject({
    code: 'state-refused',
    hint: expect.stringContaining('chmod 700'),
  });
  expect(modeOf(base)).toBe(0o755);
});

test.skipIf(!isRoot)('somebody else’s folder is refused', () => {
  const { home, workspace } = makeWorkspace();
  const { path } = openWorkspaceFolder({ home, workspace });
  for (const folder of [path, home]) {
    chownSync(folder, 12345, 12345);
    const failure = failureOf(() => {
      openStateHome({ CLEW_HOME: home });
      openWorkspaceFolder({ home, workspace });
    });
    expect(failure).toMatchObject({
      code: 'state-refused',
      hint: expect.stringContaining('owner'),
    });
  }
});

test('a home that cannot be made or used is a failure with a remedy', () => {
  const base = makeFolder();
  writeFileSync(join(base, 'file'), '');
  for (const CLEW_HOME of [join(base, 'file'), join(base, 'file', 'below'), '/proc/clew'])
    expect(failureOf(() => openStateHome({ CLEW_HOME }))).toMatchObject({
      code: 'state-refused',
      message: expect.stringContaining(CLEW_HOME),
      hint: expect.stringMatching(/./),
    });
  if (isRoot) return;
  const closed = join(base, 'closed');
  mkdirSync(closed, { mode: 0o500 });
  const failure = failureOf(() => openStateHome({ CLEW_HOME: join(closed, 'home') }));
  expect(failure).toMatchObject({
    code: 'state-refused',
    hint: expect.stringContaining('CLEW_HOME'),
  });
});

test('a workspace is found again, by writers and by readers', () => {
  const { home, workspace } = makeWorkspace();
  expect(findWorkspaceFolder({ home, workspace })).toBeUndefined();
  expect(readdirSync(home)).toEqual([]);
  const opened = openWorkspaceFolder({ home, workspace, gitCommonDir: '/somewhere/.git' });
  expect(opened).toMatchObject({ found: 'new', before: undefined });
  expect(opened.id).toMatch(/^My-project-[0-9a-f]{12}$/);
  expect(opened.journal).toBe(join(home, 'workspaces', opened.id, 'journal'));
  const identity = JSON.parse(readFileSync(join(opened.path, 'identity.json'), 'utf8'));
  const { ino, dev } = statSync(workspace);
  expect(identity).toMatchObject({
    v: 1,
    id: opened.id,
    path: workspace,
    device: String(dev),
    inode: String(ino),
    gitCommonDir: '/somewhere/.git',
  });
  // Who does not know of a repository does not make it forgotten.
  const again = openWorkspaceFolder({ home, workspace });
  expect(again).toMatchObject({ id: opened.id, found: 'same', before: identity });
  const { id, path, journal, index, state, layers } = opened;
  expect(findWorkspaceFolder({ home, workspace })).toEqual({
    ...{ id, path, journal, index, state, layers },
  });
});

test('names that are no file names, and two workspaces of one name', () => {
  const { home, workspace } = makeWorkspace('..ünïcode & spaces');
  mkdirSync(join(workspace, '..ünïcode & spaces'));
  const ids = [workspace, join(workspace, '..ünïcode & spaces'), '/'].map(
    (it) => openWorkspaceFolder({ home, workspace: it }).id,
  );
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]*-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(3);
});

test('a folder made anew under the same path keeps its history: that is when it is needed most', () => {
  const { home, workspace } = makeWorkspace();
  const first = openWorkspaceFolder({ home, workspace });
  rmSync(workspace, { recursive: true });
  // So that the inode number is not given to it again.
  mkdirSync(`${workspace}-other`);
  mkdirSync(workspace);
  expect(findWorkspaceFolder({ home, workspace })?.id).toBe(first.id);
  const second = openWorkspaceFolder({ home, workspace });
  expect(second).toMatchObject({ id: first.id, found: 'replaced' });
  expect(openWorkspaceFolder({ home, workspace }).found).toBe('same');
});

test('unless somebody in another container writes under that path just now', () => {
  const { home, workspace } = makeWorkspace();
  const first = openWorkspaceFolder({ home, workspace });
  const lease = { v: 1, writer: 'W', ...readOwnMark(), boot: 'theirs', host: 'another' };
  writeFileSync(join(first.journal, 'W.live'), JSON.stringify(lease));
  const identityPath = join(first.path, 'identity.json');
  const theirs = { ...JSON.parse(readFileSync(identityPath, 'utf8')), inode: '1' };
  writeFileSync(identityPath, JSON.stringify(theirs));
  const second = openWorkspaceFolder({ home, workspace });
  expect(second.found).toBe('new');
  expect(second.id).not.toBe(first.id);
  expect(openWorkspaceFolder({ home, workspace })).toMatchObject({ id: second.id, found: 'same' });
  expect(JSON.parse(readFileSync(identityPath, 'utf8'))).toEqual(theirs);
});

test('what proves that a folder is the same', () => {
  const was = { path: '/a', device: '1', inode: '7', born: '100' };
  const { born: _, ...unborn } = was;
  const judge = (change: object, before = was) => judgeLikeness(before, { ...before, ...change });
  expect(judge({})).toBe('same');
  expect(judge({ device: '2' })).toBe('same');
  expect(judge({ inode: '8' })).toBe('replaced');
  expect(judge({ born: '101' })).toBe('replaced');
  expect(judge({ path: '/b' })).toBe('moved');
  expect(judge({ path: '/b', born: '101' })).toBe('other');
  expect(judge({ path: '/b', device: '2' })).toBe('other');
  expect(judgeLikeness(unborn, { ...unborn, path: '/b' })).toBe('other');
  expect(judgeLikeness(unborn, unborn)).toBe('same');
});

test('a folder that was moved takes its history along where that can be proved', () => {
  const { home, workspace } = makeWorkspace();
  const first = openWorkspaceFolder({ home, workspace });
  const moved = `${workspace}-moved`;
  renameSync(workspace, moved);
  const isProvable = statSync(moved, { bigint: true }).birthtimeNs > 0n;
  const second = openWorkspaceFolder({ home, workspace: moved });
  expect(second.found).toBe(isProvable ? 'moved' : 'new');
  expect(second.id === first.id).toBe(isProvable);
  mkdirSync(workspace);
  const third = openWorkspaceFolder({ home, workspace });
  expect(third.id).not.toBe(second.id);
});

test('a state of a newer version is refused, one that cannot be read is kept aside', () => {
  const { home, workspace } = makeWorkspace();
  const { path, id } = openWorkspaceFolder({ home, workspace });
  const identityPath = join(path, 'identity.json');
  const identity = readFileSync(identityPath, 'utf8');
  writeFileSync(identityPath, identity.replace('"v": 1', '"v": 2'));
  for (const open of [openWorkspaceFolder, findWorkspaceFolder])
    expect(failureOf(() => open({ home, workspace }))).toMatchObject({
      code: 'newer-state',
      hint: expect.stringContaining('update'),
    });
  const elsewhere = makeWorkspace().workspace;
  expect(openWorkspaceFolder({ home, workspace: elsewhere }).found).toBe('new');
  writeFileSync(identityPath, identity.slice(0, 40));
  writeFileSync(join(home, 'workspaces', 'stray'), '');
  expect(openWorkspaceFolder({ home, workspace })).toMatchObject({ id, found: 'new' });
  expect(readFileSync(identityPath, 'utf8')).toBe(identity);
  expect(existsSync(`${identityPath}.bad`)).toBe(true);
});

test('a home that lies in a workspace is no part of it', () => {
  const { home, workspace } = makeWorkspace();
  const inside = join(workspace, 'kept here');
  renameSync(home, inside);
  const status = () =>
    git(workspace, 'status', '--porcelain', '--untracked-files=all', '--ignored=no');
  git(workspace, 'init', '-q');
  openWorkspaceFolder({ home: inside, workspace });
  expect(status()).toBe('');
  // A full disk leaves it empty.
  writeFileSync(join(inside, '.gitignore'), '');
  openWorkspaceFolder({ home: inside, workspace });
  expect(status()).toBe('');
});

test('a workspace that is not there is no workspace', () => {
  const { home, workspace } = makeWorkspace();
  const gone = join(workspace, 'gone');
  expect(failureOf(() => openWorkspaceFolder({ home, workspace: gone }))).toMatchObject({
    code: 'no-workspace',
  });
  expect(readdirSync(home)).toEqual(['workspaces']);
});
