/** The library's checkpoints on real folders: with and without git, under odd names, one service after another. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  type ShadowCheckpointOptions,
  ShadowCheckpointService,
} from '../../src/embed/shadow-checkpoint-service.ts';
import { buildChild } from '../build-child.ts';
import { git } from '../git.ts';
import { makeFolder } from '../scratch.ts';

type Scene = {
  readonly workspacePath: string;
  readonly storagePath: string;
  write(path: string, content: string | Uint8Array): void;
  read(path: string): string;
  open(options?: Partial<ShadowCheckpointOptions>): ShadowCheckpointService;
};

/** Names with spaces and letters beyond ASCII all the way. */
function makeScene(): Scene {
  const folder = makeFolder('embed ü 日本');
  const workspacePath = join(folder, 'my project é');
  const storagePath = join(folder, 'store of ß', 'shadow');
  mkdirSync(workspacePath);
  const at = (path: string) => join(workspacePath, path);
  return {
    workspacePath,
    storagePath,
    write(path, content) {
      mkdirSync(join(at(path), '..'), { recursive: true });
      writeFileSync(at(path), content);
    },
    read: (path) => readFileSync(at(path), 'utf8'),
    open(options = {}) {
      const usual = { taskId: 'task-1', workspacePath, storagePath, logger: {} };
      const service = new ShadowCheckpointService({ ...usual, ...options });
      onTestFinished(() => service.close());
      return service;
    },
  };
}

async function begin(scene: Scene, options: Partial<ShadowCheckpointOptions> = {}) {
  const service = scene.open(options);
  await service.init();
  return service;
}

async function save(service: ShadowCheckpointService, message: string): Promise<string> {
  const saved = await service.saveCheckpoint(message);
  if (saved === null) throw new Error(`nothing had changed at ${message}`);
  return saved.commit;
}

const paths = (scene: Scene) =>
  readdirSync(scene.workspacePath, { recursive: true, encoding: 'utf8' })
    .filter((it) => !it.startsWith('.git/') && it !== '.git')
    .sort();

const withGit = (scene: Scene) => {
  git(scene.workspacePath, 'init', '-q');
  scene.write('.gitignore', 'ignored/\n');
  scene.write('ignored/cache', 'x');
  git(scene.workspacePath, 'add', '-A');
  git(scene.workspacePath, 'commit', '-q', '-m', 'first');
};

describe.each([
  ['without git', () => undefined],
  ['with git', withGit],
])('%s', (name, prepare) => {
  it('saves, tells what changed, and goes back and forth', async () => {
    const scene = makeScene();
    scene.write('src/a.txt', 'one\n');
    scene.write('ü ü/b', 'two\n');
    prepare(scene);
    const service = scene.open();
    const { created, baseHash } = await service.init();
    expect(created).toBe(true);
    expect(service.getBaseHash()).toBe(baseHash);
    expect(service.getCheckpoints()).toEqual([]);
    const before = paths(scene);

    scene.write('src/a.txt', 'ONE\n');
    scene.write('new/deep/c', 'three');
    rmSync(join(scene.workspacePath, 'ü ü'), { recursive: true });
    const after = paths(scene);
    const first = await service.saveCheckpoint('first change');
    const commit = first?.commit ?? '';
    expect(first).toEqual({
      commit: expect.stringMatching(/^[0-9a-f]{40}$/),
      base: baseHash,
      message: 'first change',
      createdAt: expect.any(Number),
    });
    expect(service.getCheckpoints()).toEqual([commit]);

    const absolute = (path: string) => join(scene.workspacePath, path);
    const entry = (path: string, [old, now]: [string, string]) => ({
      path: { relative: path, absolute: absolute(path) },
      content: { before: old, after: now },
    });
    expect(await service.getDiff()).toEqual([
      entry('new/deep/c', ['', 'three']),
      entry('src/a.txt', ['one\n', 'ONE\n']),
      entry('ü ü/b', ['two\n', '']),
    ]);

    await service.restoreCheckpoint(baseHash);
    expect(paths(scene)).toEqual(before);
    expect([scene.read('src/a.txt'), scene.read('ü ü/b')]).toEqual(['one\n', 'two\n']);
    expect(await service.getDiff()).toEqual([]);
    await service.restoreCheckpoint(commit);
    expect(paths(scene)).toEqual(after);
    expect(scene.read('src/a.txt')).toBe('ONE\n');
    expect(await service.getDiff({ from: commit })).toEqual([]);
    if (name === 'with git') expect(scene.read('ignored/cache')).toBe('x');
  });
});

it('leaves the .git of the user as it was', async () => {
  const scene = makeScene();
  scene.write('a', 'one');
  withGit(scene);
  const folder = join(scene.workspacePath, '.git');
  const seen = () =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((it) => [it, statSync(join(folder, it)).mtimeMs, statSync(join(folder, it)).size]);
  const before = seen();
  const service = await begin(scene);
  scene.write('a', 'two');
  await save(service, 'changed');
  await service.restoreCheckpoint(service.getBaseHash() ?? '');
  await service.close();
  expect(seen()).toEqual(before);
});

it('a workspace inside a repository is only that folder', async () => {
  const scene = makeScene();
  scene.write('inner/a', 'one');
  scene.write('outer', 'out');
  withGit(scene);
  const service = await begin(scene, { workspacePath: join(scene.workspacePath, 'inner') });
  scene.write('inner/a', 'two');
  scene.write('outer', 'changed');
  const changed = (await service.getDiff()).map((it) => it.path.relative);
  expect(changed).toEqual(['a']);
  await service.restoreCheckpoint(service.getBaseHash() ?? '');
  expect([scene.read('inner/a'), scene.read('outer')]).toEqual(['one', 'changed']);
});

it('what the environment says of git is nothing to it', async () => {
  const scene = makeScene();
  scene.write('a', 'one');
  withGit(scene);
  const elsewhere = makeFolder('elsewhere');
  git(elsewhere, 'init', '-q');
  writeFileSync(join(elsewhere, 'x'), 'x');
  vi.stubEnv('GIT_DIR', join(elsewhere, '.git'));
  vi.stubEnv('GIT_WORK_TREE', elsewhere);
  vi.stubEnv('GIT_INDEX_FILE', join(elsewhere, 'no-index'));
  vi.stubEnv('GIT_OBJECT_DIRECTORY', join(elsewhere, 'no-objects'));
  vi.stubEnv('GIT_CEILING_DIRECTORIES', scene.workspacePath);
  onTestFinished(() => void vi.unstubAllEnvs());
  const before = readdirSync(elsewhere, { recursive: true }).sort();
  const service = await begin(scene);
  scene.write('a', 'two');
  await save(service, 'changed');
  expect((await service.getDiff()).map((it) => it.path.relative)).toEqual(['a']);
  await service.restoreCheckpoint(service.getBaseHash() ?? '');
  expect(scene.read('a')).toBe('one');
  expect(readdirSync(elsewhere, { recursive: true }).sort()).toEqual(before);
});

describe('a save', () => {
  it('is null when nothing changed, unless an empty one is wanted', async () => {
    const scene = makeScene();
    scene.write('a', 'one');
    const service = await begin(scene);
    expect(await service.saveCheckpoint('nothing')).toBeNull();
    expect(service.getCheckpoints()).toEqual([]);
    const empty = await service.saveCheckpoint('mark', { allowEmpty: true });
    expect(empty).toMatchObject({ message: 'mark', base: service.getBaseHash() });
    expect(service.getCheckpoints()).toEqual([empty?.commit]);
    expect(await service.saveCheckpoint('still nothing')).toBeNull();
  });

  it('is null right after a restore, and after a look at the differences still is one', async () => {
    const scene = makeScene();
    scene.write('a', 'one');
    const service = await begin(scene);
    scene.write('a', 'two');
    await save(service, 'two');
    await service.restoreCheckpoint(service.getBaseHash() ?? '');
    expect(await service.saveCheckpoint('nothing new')).toBeNull();
    scene.write('a', 'three');
    await service.getDiff();
    expect(await service.saveCheckpoint('three')).not.toBeNull();
    expect(service.getCheckpoints()).toHaveLength(2);
  });

  it('tells a manager of checkpoints, and only when there is one', async () => {
    const scene = makeScene();
    const told: unknown[] = [];
    const checkpointManager = {
      updateMetadata: async (...given: unknown[]) => void told.push(given),
    };
    const service = await begin(scene);
    const options = { checkpointId: 'cp-7', checkpointManager };
    expect(await service.saveCheckpoint('none', options)).toBeNull();
    expect(told).toEqual([]);
    scene.write('a', 'one');
    const saved = await service.saveCheckpoint('one', options);
    expect(told).toEqual([['cp-7', { shadowCheckpoint: saved }]]);
  });

  it('of an executable bit, a link and a large file comes back whole', async () => {
    const scene = makeScene();
    const at = (path: string) => join(scene.workspacePath, path);
    const large = Buffer.alloc(40 * 1024 * 1024, 'clew');
    scene.write('run', '#!/bin/sh\n');
    chmodSync(at('run'), 0o755);
    symlinkSync('run', at('link'));
    scene.write('large', large);
    const service = await begin(scene);
    for (const path of ['run', 'link', 'large']) rmSync(at(path));
    scene.write('run', 'changed');
    const commit = await save(service, 'gone');
    await service.restoreCheckpoint(service.getBaseHash() ?? '');
    expect(statSync(at('run')).mode & 0o777).toBe(0o755);
    expect(readlinkSync(at('link'))).toBe('run');
    expect(readFileSync(at('large')).equals(large)).toBe(true);
    expect(service.getCheckpoints()).toEqual([commit]);
  });
});

describe('differences', () => {
  it('from one checkpoint to another, binary and deleted files, empty ones and links', async () => {
    const scene = makeScene();
    const binary = Buffer.from([0x89, 0x50, 0, 0xff]);
    scene.write('image', binary);
    scene.write('gone', 'was here\n');
    scene.write('same', 'same');
    const service = await begin(scene);
    scene.write('image', Buffer.from('text now\n'));
    rmSync(join(scene.workspacePath, 'gone'));
    scene.write('empty', '');
    symlinkSync('same', join(scene.workspacePath, 'link'));
    const one = await save(service, 'one');
    scene.write('latin', Buffer.from('caf\xe9', 'latin1'));
    const two = await save(service, 'two');
    scene.write('same', 'changed after');
    const told = (diffs: Awaited<ReturnType<typeof service.getDiff>>) =>
      diffs.map((it) => [it.path.relative, it.content.before, it.content.after, it.binary]);
    expect(told(await service.getDiff({ to: one }))).toEqual([
      ['empty', '', '', undefined],
      ['gone', 'was here\n', '', undefined],
      ['image', binary.toString('utf8'), 'text now\n', true],
      ['link', '', 'same', undefined],
    ]);
    expect(told(await service.getDiff({ from: one, to: two }))).toEqual([
      ['latin', '', 'caf\ufffd', true],
    ]);
    expect(told(await service.getDiff({ from: two }))).toEqual([
      ['same', 'same', 'changed after', undefined],
    ]);
    expect(told(await service.getDiff({ from: two, to: one }))).toEqual([
      ['latin', 'caf\ufffd', '', true],
    ]);
  });
});

it('a large text comes whole, whatever letters it is of', async () => {
  const scene = makeScene();
  const service = await begin(scene);
  const text = 'Straße nach 日本 — 🧭\n'.repeat(100_000);
  scene.write('text', text);
  scene.write('binary', Buffer.concat([Buffer.alloc(3_000_000, 'a'), Buffer.from([0xff])]));
  const [binary, whole] = await service.getDiff();
  expect(whole?.content.after === text).toBe(true);
  expect(whole?.binary).toBeUndefined();
  expect(binary?.binary).toBe(true);
  expect(binary?.content.after === `${'a'.repeat(3_000_000)}\ufffd`).toBe(true);
});

describe('a restore', () => {
  const host = buildChild('embed/restoring-child');

  it('touches nothing that is as wanted already', async () => {
    const scene = makeScene();
    for (const name of ['a', 'b', 'sub/c']) scene.write(name, name);
    const service = await begin(scene);
    scene.write('b', 'changed');
    await save(service, 'changed');
    const stamp = (path: string) => {
      const { mtimeNs, ctimeNs, ino } = statSync(join(scene.workspacePath, path), { bigint: true });
      return [mtimeNs, ctimeNs, ino];
    };
    const before = ['a', 'sub/c'].map(stamp);
    const result = await service.restoreCheckpoint(service.getBaseHash() ?? '');
    expect(['a', 'sub/c'].map(stamp)).toEqual(before);
    expect(result).toMatchObject({ written: 1, removed: 0, skipped: [], unknown: [] });
  });

  it('can be undone by way of what it kept first', async () => {
    const scene = makeScene();
    scene.write('a', 'one');
    const service = await begin(scene);
    scene.write('a', 'never saved');
    scene.write('b', 'nor this');
    const { safety } = await service.restoreCheckpoint(service.getBaseHash() ?? '');
    expect(paths(scene)).toEqual(['a']);
    await service.restoreCheckpoint(safety);
    expect([scene.read('a'), scene.read('b')]).toEqual(['never saved', 'nor this']);
    expect(service.getCheckpoints()).toEqual([]);
  });

  it.each(['', 'nothing', '0'.repeat(40)])('to %j is refused', async (commit) => {
    const scene = makeScene();
    const service = await begin(scene);
    scene.write('a', 'one');
    await expect(service.restoreCheckpoint(commit)).rejects.toMatchObject({ code: 'unknown-id' });
    await expect(service.getDiff({ from: commit })).rejects.toMatchObject({ code: 'unknown-id' });
    const hint = 'getBaseHash() and getCheckpoints() tell the commits of this task';
    await expect(service.restoreCheckpoint(commit)).rejects.toMatchObject({ hint });
    expect(scene.read('a')).toBe('one');
  });

  it('that a crash interrupts is finished by the next service', async () => {
    const scene = makeScene();
    for (const name of ['a', 'b', 'c']) scene.write(name, 'one');
    const service = await begin(scene);
    for (const name of ['a', 'b', 'c']) scene.write(name, 'two');
    await save(service, 'two');
    const base = service.getBaseHash() ?? '';
    await service.close();
    const { workspacePath, storagePath } = scene;
    const args = [host.main, workspacePath, storagePath, base];
    const env = { ...process.env, CLEW_FAILPOINT: 'restore-placed:crash@2' };
    const died = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
    expect([died.signal, died.stderr]).toEqual(['SIGKILL', '']);
    expect(['a', 'b', 'c'].map(scene.read)).toEqual(['one', 'one', 'two']);
    const warn = vi.fn();
    const next = await begin(scene, { logger: { warn } });
    expect(['a', 'b', 'c'].map(scene.read)).toEqual(['one', 'one', 'one']);
    expect(paths(scene)).toEqual(['a', 'b', 'c']);
    expect(next.getCheckpoints()).toHaveLength(1);
    expect(warn).toHaveBeenCalledWith(
      'finished a restore that was interrupted',
      expect.objectContaining({ taskId: 'task-1' }),
    );
  });
});

describe('a second service', () => {
  it('goes on with the task: same base, same checkpoints, and knows that nothing changed', async () => {
    const scene = makeScene();
    scene.write('a', 'one');
    const first = await begin(scene);
    scene.write('a', 'two');
    const commit = await save(first, 'two');
    await first.close();
    const second = scene.open();
    const baseHash = first.getBaseHash();
    expect(await second.init()).toEqual({ created: false, baseHash });
    expect(second.getCheckpoints()).toEqual([commit]);
    expect(await second.saveCheckpoint('nothing new')).toBeNull();
    scene.write('a', 'three');
    const next = await save(second, 'three');
    await second.restoreCheckpoint(commit);
    expect(scene.read('a')).toBe('two');
    expect(second.getCheckpoints()).toEqual([commit, next]);
  });

  it('at the same time shares the task', async () => {
    const scene = makeScene();
    scene.write('a', 'one');
    const [one, two] = [await begin(scene), await begin(scene)];
    scene.write('a', 'two');
    const commit = await save(one, 'two');
    expect(await two.saveCheckpoint('nothing new')).toBeNull();
    await two.restoreCheckpoint(commit);
    await one.close();
    scene.write('a', 'three');
    const next = await save(two, 'three');
    expect(two.getCheckpoints()).toEqual([commit, next]);
  });

  it('begun in the same moment agrees with the first on the base', async () => {
    const scene = makeScene();
    scene.write('a', 'one');
    const begun = await Promise.all([scene.open(), scene.open()].map((it) => it.init()));
    expect(begun.map((it) => it.created).sort()).toEqual([false, true]);
    expect(new Set(begun.map((it) => it.baseHash)).size).toBe(1);
  });

  it('on another task begins anew, whatever the tasks are called', async () => {
    const scene = makeScene();
    scene.write('a', 'one');
    const names = ['task-1', '../task-1', 'task 1', '.', 'aufgabe ü/日本', 'x'.repeat(500)];
    for (const taskId of names)
      expect(await scene.open({ taskId }).init()).toMatchObject({ created: true });
    expect(readdirSync(scene.storagePath)).toHaveLength(names.length);
    expect(paths(scene)).toEqual(['a']);
  });

  it('of another workspace is refused, and nothing is changed', async () => {
    const scene = makeScene();
    const service = await begin(scene);
    const commit = service.getBaseHash();
    await service.close();
    const workspacePath = makeFolder('another');
    writeFileSync(join(workspacePath, 'mine'), 'mine');
    const stranger = scene.open({ workspacePath });
    await expect(stranger.init()).rejects.toMatchObject({
      code: 'state-refused',
      message: `task task-1 is bound to ${scene.workspacePath}, not to ${workspacePath}`,
      data: { bound: scene.workspacePath, workspace: workspacePath },
    });
    await expect(stranger.restoreCheckpoint(commit ?? '')).rejects.toMatchObject({ code: 'usage' });
    expect(readdirSync(workspacePath)).toEqual(['mine']);
    expect(await scene.open().init()).toEqual({ created: false, baseHash: commit });
  });

  it('finds the workspace where it was moved to', async () => {
    const scene = makeScene();
    scene.write('a', 'one');
    const service = await begin(scene);
    await service.close();
    const workspacePath = `${scene.workspacePath} moved`;
    renameSync(scene.workspacePath, workspacePath);
    const { birthtimeNs } = statSync(workspacePath, { bigint: true });
    const moved = scene.open({ workspacePath });
    // Only where the file system keeps a folder's birth is it known to be the same one.
    if (birthtimeNs > 0n) expect(await moved.init()).toMatchObject({ created: false });
    else await expect(moved.init()).rejects.toMatchObject({ code: 'state-refused' });
  });
});

describe('a storage inside the workspace', () => {
  it('gets into no checkpoint, and no restore touches it', async () => {
    const scene = makeScene();
    scene.write('a', 'one');
    const storagePath = join(scene.workspacePath, '.agent', 'shadow');
    const service = await begin(scene, { storagePath });
    expect(await service.saveCheckpoint('nothing')).toBeNull();
    scene.write('a', 'two');
    await save(service, 'two');
    expect((await service.getDiff()).map((it) => it.path.relative)).toEqual(['a']);
    await service.restoreCheckpoint(service.getBaseHash() ?? '');
    expect(scene.read('a')).toBe('one');
    expect(existsSync(storagePath)).toBe(true);
    await service.close();
    const next = await begin(scene, { storagePath });
    expect(next.getCheckpoints()).toEqual(service.getCheckpoints());
  });
});

describe('whoever listens', () => {
  it('hears of everything once it is done', async () => {
    const scene = makeScene();
    const service = scene.open();
    const heard: unknown[] = [];
    for (const name of ['initialize', 'checkpoint', 'restore', 'error'] as const)
      service.on(name, (event: unknown) => heard.push(event));
    const { baseHash } = await service.init();
    scene.write('a', 'one');
    const saved = await service.saveCheckpoint('one');
    scene.write('a', 'two');
    const again = await service.saveCheckpoint('two');
    await service.saveCheckpoint('nothing');
    await service.restoreCheckpoint(baseHash);
    await expect(service.restoreCheckpoint('nothing')).rejects.toThrow();
    const durationMs = expect.any(Number);
    const [one, two] = [saved?.commit, again?.commit];
    expect(heard).toEqual([
      {
        type: 'initialize',
        created: true,
        baseHash,
        workspacePath: scene.workspacePath,
        durationMs,
      },
      { type: 'checkpoint', ...saved, fromHash: baseHash, toHash: one, durationMs },
      { type: 'checkpoint', ...again, fromHash: one, toHash: two, durationMs },
      expect.objectContaining({
        type: 'restore',
        commitHash: baseHash,
        removed: 1,
        durationMs,
      }),
      { type: 'error', error: expect.objectContaining({ code: 'unknown-id' }) },
    ]);
  });

  it('need not: failures reach the caller and the log', async () => {
    const scene = makeScene();
    const error = vi.fn();
    const service = scene.open({ logger: { error } });
    await expect(service.saveCheckpoint('too early')).rejects.toMatchObject({
      code: 'usage',
      hint: 'call init() and wait for it first',
    });
    await expect(service.getDiff()).rejects.toMatchObject({ code: 'usage' });
    expect(error).toHaveBeenCalledTimes(2);
    expect(error).toHaveBeenCalledWith(
      'shadow checkpoints: saveCheckpoint failed: task task-1 is not open',
      expect.objectContaining({ taskId: 'task-1' }),
    );
  });

  it('may throw: what was done stays done, and the service goes on', async () => {
    const scene = makeScene();
    const told: string[] = [];
    vi.spyOn(process, 'emitWarning').mockImplementation((it) => void told.push(String(it)));
    onTestFinished(() => void vi.restoreAllMocks());
    const fail = () => {
      throw new Error('not now');
    };
    const service = scene.open({ logger: { error: fail, warn: fail }, auditLogger: { log: fail } });
    for (const name of ['initialize', 'checkpoint', 'restore', 'error'] as const)
      service.on(name, fail);
    // As hosts without types may ask.
    await expect(service.restoreCheckpoint(undefined as never)).rejects.toMatchObject({
      code: 'invalid-params',
    });
    const { baseHash } = await service.init();
    scene.write('a', 'one');
    const saved = await service.saveCheckpoint('one');
    expect(service.getCheckpoints()).toEqual([saved?.commit]);
    await expect(service.saveCheckpoint(7 as never)).rejects.toThrow('message is no text');
    await expect(service.getDiff({ from: 7 as never })).rejects.toThrow('from is no text');
    expect(await service.restoreCheckpoint(baseHash)).toMatchObject({ removed: 1 });
    expect(await service.saveCheckpoint('nothing')).toBeNull();
    expect(told).toContain('shadow checkpoints: the logger threw: Error: not now');
    expect(told).toContain('shadow checkpoints: a listener to errors threw: Error: not now');
  });

  it('to the audit reads who did what', async () => {
    const scene = makeScene();
    const entries: { action: string; taskId: string }[] = [];
    const auditLogger = { log: (entry: (typeof entries)[number]) => void entries.push(entry) };
    const service = await begin(scene, { auditLogger });
    scene.write('a', 'one');
    await save(service, 'one');
    await service.restoreCheckpoint(service.getBaseHash() ?? '');
    expect(entries.map(({ action, taskId }) => [action, taskId])).toEqual([
      ['checkpoint:init', 'task-1'],
      ['checkpoint:save', 'task-1'],
      ['checkpoint:restore', 'task-1'],
    ]);
  });
});

describe('what cannot be a workspace is refused', () => {
  it.each([
    ['no-workspace', { workspacePath: '/nowhere/at/all' }],
    ['no-workspace', { workspacePath: '/' }],
    ['no-workspace', { workspacePath: homedir() }],
    ['invalid-params', { taskId: '' }],
    ['invalid-params', { storagePath: '' }],
    ['invalid-params', { workspacePath: undefined as never }],
  ])('%s: %j', async (code, options) => {
    const scene = makeScene();
    await expect(scene.open(options).init()).rejects.toMatchObject({ code });
    expect(existsSync(scene.storagePath)).toBe(false);
  });

  it('and so is a task whose binding cannot be read', async () => {
    const scene = makeScene();
    await (await begin(scene)).close();
    const [task = ''] = readdirSync(scene.storagePath);
    writeFileSync(join(scene.storagePath, task, 'identity.json'), 'torn');
    await expect(scene.open().init()).rejects.toMatchObject({ code: 'damaged' });
  });
});

it('what is asked at once is done one after the other', async () => {
  const scene = makeScene();
  scene.write('a', 'one');
  const service = scene.open();
  const begun = service.init();
  const nothing = service.saveCheckpoint('nothing');
  const mark = service.saveCheckpoint('mark', { allowEmpty: true });
  const { baseHash } = await begun;
  const restored = service.restoreCheckpoint(baseHash);
  expect(await nothing).toBeNull();
  const marked = await mark;
  expect(service.getCheckpoints()).toEqual([marked?.commit]);
  expect(await restored).toMatchObject({ written: 0, removed: 0 });
  await service.close();
  expect(await service.init()).toEqual({ created: false, baseHash });
});
