/** doctor/check: what it finds where all is well, and where it is not. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openContext } from '../../../src/methods/context.ts';
import { findWatched } from '../../../src/recorder/find-watched.ts';
import { openAsked, openDrifting } from '../../recorder/drifting.ts';
import { makeFolder } from '../../scratch.ts';
import { ask, openAt, recordWorkspace } from '../recorded.ts';
import { smallStory } from '../small-story.ts';

const check = (drifting: Parameters<typeof openAsked>[0]) =>
  ask(openAsked(drifting), 'doctor/check', {});

const worst = (result: Awaited<ReturnType<typeof check>>) =>
  result.findings
    .filter((it) => it.level !== 'fine' && !/^a hook takes|^there is little room/.test(it.text))
    .map((it) => it.text);

test('all is well: recorded, with hooks that were heard', async () => {
  const drifting = openDrifting();
  await ask(drifting.context, 'hooks/install', {});
  const sidecar = drifting.begin();
  sidecar.open('01K5A000000000000000SESS01');
  drifting.git('commit', '-q', '--allow-empty', '-m', 'x');
  await sidecar.turn('01K5A000000000000000SESS01');
  const result = await check(drifting);
  expect(worst(result)).toEqual([]);
  expect(result).toMatchObject({
    node: { version: process.versions.node, ok: true },
    state: { recorded: true, freeBytes: expect.any(Number) },
    recorders: [{ writer: sidecar.run, pid: process.pid }],
    bypassed: 0,
    cost: { runs: 20 },
  });
  const commit = result.hooks?.find((it) => it.hook === 'post-commit');
  expect(commit).toMatchObject({ state: 'installed', movesSince: 0 });
  expect(result.hooks?.find((it) => it.hook === 'post-merge')).not.toHaveProperty('movesSince');
});

test('hooks that are bypassed, shadowed, not executable', async () => {
  const drifting = openDrifting();
  const { git, env, root } = drifting;
  await ask(drifting.context, 'hooks/install', {});
  const sidecar = drifting.begin();
  sidecar.open('01K5A000000000000000SESS01');
  git('commit', '-q', '--allow-empty', '-m', 'heard');
  await sidecar.turn('01K5A000000000000000SESS01');
  for (const it of ['a', 'b', 'c'])
    git('-c', 'core.hooksPath=/nowhere', 'commit', '-q', '--allow-empty', '-m', it);
  git('reset', '-q', '--soft', 'HEAD~1');
  expect(worst(await check(drifting))).toContain(
    '3 HEAD moves since the last hook: hooks are bypassed',
  );
  expect(await check(drifting)).toMatchObject({ bypassed: 3 });

  chmodSync(join(root, '.git', 'hooks', 'post-merge'), 0o644);
  expect(worst(await check(drifting))[0]).toContain('post-merge is not-executable');
  git('config', 'core.hooksPath', '/elsewhere');
  const result = await check(drifting);
  expect(result.findings.filter((it) => it.level === 'bad')).toHaveLength(4);
  expect(result.hooks?.[0]).toMatchObject({
    state: 'shadowed',
    shadowedBy: join(root, '.git', 'config'),
  });
  expect(
    (await ask(openContextWith({ ...env, CLEW_OFF: '1' }, root), 'doctor/check', {})).findings,
  ).toContainEqual(expect.objectContaining({ text: 'CLEW_OFF=1 is set here: hooks are silent' }));
});

function openContextWith(env: Record<string, string>, folder: string) {
  return openContext({ folder, env });
}

test('an open alert, a reftable, no git on PATH, no repository', async () => {
  const drifting = openDrifting();
  const sidecar = drifting.begin();
  sidecar.open('01K5A000000000000000SESS01');
  await sidecar.turn('01K5A000000000000000SESS01', () => [['read', 'f']]);
  drifting.git('switch', '-q', 'main');
  await sidecar.turn('01K5A000000000000000SESS01');
  expect(worst(await check(drifting))).toEqual(['a session has an alert: its ground has moved']);
  mkdirSync(join(drifting.root, '.git', 'reftable'));
  writeFileSync(join(drifting.root, '.git', 'reftable', 'tables.list'), 'gone.ref\n');
  expect(worst(await check(drifting))).toContain(
    'this repository keeps its refs in reftables that cannot be read: moves of HEAD are not seen',
  );
  await expect(ask(openAsked(drifting), 'drift/status', {})).rejects.toThrow('cannot be read');
  const said: string[] = [];
  const watcher = { home: '/', run: 'R', writer: 'R', say: (it: string) => said.push(it) };
  expect(findWatched(drifting.root, watcher)).toBe(undefined);
  expect(said).toEqual([expect.stringContaining('drift is not watched in')]);
  const bare = { ...drifting, env: { ...drifting.env, PATH: makeFolder() } };
  const without = await check(bare);
  expect(without).not.toHaveProperty('git');
  expect(without.hooks).toHaveLength(4);
  const plain = { ...drifting, root: makeFolder() };
  expect(await check(plain)).toMatchObject({ state: { recorded: false }, recorders: [] });
  expect(await check(plain)).not.toHaveProperty('hooks');
});

test.skipIf(process.getuid?.() === 0)('a state folder that nobody can write', async () => {
  const drifting = openDrifting();
  drifting.begin();
  const { state } = await check(drifting);
  expect(state.recorded).toBe(true);
  chmodSync(state.path, 0o500);
  const { findings } = await check(drifting);
  chmodSync(state.path, 0o700);
  expect(findings[0]).toMatchObject({ level: 'bad', about: 'state' });
});

test('journals that are not what was written', async () => {
  const recorded = recordWorkspace(smallStory);
  const examine = () => ask(openAt(recorded), 'doctor/check', {});
  const [sound] = (await examine()).findings.filter(({ text }) => text.includes('journals'));
  expect(sound).toEqual({ level: 'fine', about: 'state', text: 'the journals are sound' });
  const [file = ''] = readdirSync(recorded.journal).filter((it) => it.endsWith('.ndjson'));
  const path = join(recorded.journal, file);
  writeFileSync(path, readFileSync(path, 'utf8').replace('"event":{', '"event":{ '));
  expect(worst(await examine())).toEqual([
    'the journals are damaged in one place: what stood there is not shown',
  ]);
});
