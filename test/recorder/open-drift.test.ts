/** A session and its repository: what is found before each prompt, whoever moved what, and what is kept for later. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask } from '../methods/recorded.ts';
import { type Drifting, openAsked, openDrifting, type Sidecar } from './drifting.ts';

const session = '01K5A000000000000000SESS01';

async function beginWork(drifting: Drifting, options: Parameters<Drifting['begin']>[0] = {}) {
  const sidecar = drifting.begin(options);
  sidecar.open(session);
  await sidecar.turn(session, () => {
    drifting.write('g', 'agent\n');
    return [
      ['read', 'f'],
      ['write', 'g'],
    ];
  });
  return sidecar;
}

const tellAll = ({ drifts }: Drifting) =>
  drifts().map(({ level, reasons, files }) =>
    [level, ...reasons, ...files.map((it) => `${it.path}:${it.now}`)].join(' '),
  );

/** Before the prompt the alert is in the journal, and not after it. */
async function promptFinds(drifting: Drifting, sidecar: Sidecar): Promise<string[]> {
  const before = drifting.drifts().length;
  let found: string[] = [];
  await sidecar.turn(session, () => {
    found = tellAll(drifting).slice(before);
    return [];
  });
  expect(tellAll(drifting).slice(before)).toEqual(found);
  return found;
}

test.each<[name: string, commands: readonly string[][], found: string]>([
  [
    'switched',
    [
      ['stash', '-q'],
      ['switch', '-q', 'main'],
    ],
    'alert files-differ base-gone on-default-branch branch-switched f:changed g:changed',
  ],
  ['switched, with its work along', [['switch', '-q', '-c', 'other']], 'notice branch-switched'],
  [
    'rebased',
    [
      ['commit', '-qam', 'g'],
      ['rebase', '-q', '--onto', 'main~0', 'HEAD~1'],
    ],
    'alert files-differ base-gone head-moved f:changed',
  ],
  [
    'reset',
    [['reset', '-q', '--hard', 'HEAD~1']],
    'alert files-differ base-gone head-moved f:changed g:changed',
  ],
  ['reset, softly', [['reset', '-q', '--soft', 'HEAD~1']], 'alert base-gone head-moved'],
  ['stashed', [['stash', '-q']], 'alert files-differ g:changed'],
  [
    'amended',
    [['commit', '-q', '--amend', '--allow-empty', '-m', 'x']],
    'alert base-gone head-moved',
  ],
  [
    'branch deleted',
    [
      ['switch', '-q', '-c', 'other'],
      ['branch', '-D', 'topic'],
    ],
    'alert branch-deleted branch-switched',
  ],
  ['its work committed', [['commit', '-qam', 'g']], ''],
  [
    'another branch moved',
    [
      ['branch', 'x'],
      ['branch', '-f', 'x', 'main'],
    ],
    '',
  ],
  [
    'tagged, packed',
    [
      ['tag', 'v1'],
      ['gc', '-q'],
      ['pack-refs', '--all'],
    ],
    '',
  ],
])('%s between two turns', async (_, commands, found) => {
  const drifting = openDrifting();
  const sidecar = await beginWork(drifting);
  for (const it of commands) drifting.git(...it);
  expect(await promptFinds(drifting, sidecar)).toEqual(found === '' ? [] : [found]);
  expect(await promptFinds(drifting, sidecar)).toEqual([]);
  expect(sidecar.said.filter((it) => it.includes('failed'))).toEqual([]);
  expect(sidecar.said).toHaveLength(found.startsWith('alert') ? 1 : 0);
  expect(sidecar.notices).toHaveLength(found === '' ? 0 : 1);
});

test('other files came along: nothing is said; its own did: an alert', async () => {
  const drifting = openDrifting();
  const { git, write, read } = drifting;
  git('switch', '-q', '-c', 'ahead');
  write('h', 'far\n');
  git('commit', '-qam', 'h');
  write('f', 'far\n');
  git('commit', '-qam', 'f');
  git('switch', '-q', 'topic');
  const sidecar = await beginWork(drifting);
  git('merge', '-q', '--ff-only', 'ahead~1');
  expect(read('h')).toBe('far\n');
  expect(await promptFinds(drifting, sidecar)).toEqual([]);
  git('merge', '-q', '--ff-only', 'ahead');
  expect(await promptFinds(drifting, sidecar)).toEqual(['alert files-differ head-moved f:changed']);
});

test('what its own agent did is no drift where a hook saw it, and what another did is', async () => {
  const drifting = openDrifting();
  const { git, context, env } = drifting;
  await ask(context, 'hooks/install', {});
  const sidecar = await beginWork(drifting);
  const { spawnSync } = await import('node:child_process');
  const as = (run: string, command: string) =>
    spawnSync('sh', ['-c', command], { cwd: drifting.root, env: { ...env, CLEW_RUN: run } });
  await sidecar.turn(session, () => {
    as(sidecar.run, 'echo x >f; git commit -qam mine; git checkout -q main');
    return [];
  });
  expect(drifting.drifts()).toEqual([]);
  as('01K5A0000000000000000WRTR2', 'git checkout -q topic');
  expect(await promptFinds(drifting, sidecar)).toEqual([
    'alert files-differ branch-switched f:changed g:changed',
  ]);
  expect(drifting.drifts()[0]?.causes).toMatchObject([
    { cause: 'checkout', actor: { kind: 'other', run: '01K5A0000000000000000WRTR2' } },
  ]);
  git('status');
});

test('in the middle of a rebase nothing is said; at its end once', async () => {
  const drifting = openDrifting();
  const { git, write } = drifting;
  const sidecar = drifting.begin();
  git('switch', '-q', 'main');
  write('f', 'other\n');
  git('commit', '-qam', 'conflict');
  git('switch', '-q', 'topic');
  sidecar.open(session);
  await sidecar.turn(session, () => [['read', 'f']]);
  expect(() => git('rebase', '-q', 'main')).toThrow();
  expect(await promptFinds(drifting, sidecar)).toEqual([]);
  write('f', 'solved\n');
  git('add', 'f');
  git('-c', 'core.editor=true', 'rebase', '--continue');
  expect(await promptFinds(drifting, sidecar)).toEqual([
    'alert files-differ base-gone head-moved f:changed',
  ]);
});

test('a rebase that was begun in a turn is judged at its end by what was known before it', async () => {
  const drifting = openDrifting();
  const { git, write } = drifting;
  git('switch', '-q', 'main');
  write('f', 'other\n');
  git('commit', '-qam', 'conflict');
  git('switch', '-q', 'topic');
  const sidecar = drifting.begin();
  sidecar.open(session);
  await sidecar.turn(session, () => [['read', 'f']]);
  await sidecar.turn(session, () => {
    expect(() => git('rebase', '-q', 'main')).toThrow();
    write('f', 'solved\n');
    return [];
  });
  git('add', 'f');
  git('-c', 'core.editor=true', 'rebase', '--continue');
  expect(await promptFinds(drifting, sidecar)).toEqual([
    'alert files-differ base-gone head-moved f:changed',
  ]);
});

test('of two sessions of one agent, what it did for the one is drift for the other', async () => {
  const drifting = openDrifting();
  await ask(drifting.context, 'hooks/install', {});
  const sidecar = drifting.begin();
  const other = '01K5A000000000000000SESS02';
  for (const it of [session, other]) sidecar.open(it);
  for (const it of [session, other]) await sidecar.turn(it, () => [['read', 'f']]);
  const { spawnSync } = await import('node:child_process');
  await sidecar.turn(other, () => {
    const env = { ...drifting.env, CLEW_RUN: sidecar.run };
    spawnSync('git', ['checkout', '-q', 'main'], { cwd: drifting.root, env });
    return [['read', 'f']];
  });
  // Whose it was cannot be seen, so that one is told as well; it knows its file.
  await sidecar.turn(session);
  expect(tellAll(drifting)).toEqual([
    'alert base-gone on-default-branch branch-switched',
    'alert files-differ base-gone on-default-branch branch-switched f:changed',
  ]);
});

test('a session that is taken up again is held against what it knew when it rested', async () => {
  const drifting = openDrifting();
  const first = await beginWork(drifting);
  await first.close();
  drifting.git('reset', '-q', '--hard', 'main');
  const second = drifting.begin();
  second.open(session, 'load');
  let found: string[] = [];
  await second.turn(session, () => {
    found = tellAll(drifting);
    return [];
  });
  expect(found).toEqual(['alert files-differ base-gone head-moved f:changed g:changed']);
  expect(await promptFinds(drifting, second)).toEqual([]);
});

test('two sessions are judged each by what it knows', async () => {
  const drifting = openDrifting();
  const sidecar = drifting.begin();
  for (const it of ['01K5A000000000000000SESS01', '01K5A000000000000000SESS02']) sidecar.open(it);
  await sidecar.turn('01K5A000000000000000SESS01', () => [['read', 'f']]);
  await sidecar.turn('01K5A000000000000000SESS02', () => [['read', 'h']]);
  drifting.git('reset', '-q', '--hard', 'HEAD~1');
  for (const it of ['01K5A000000000000000SESS01', '01K5A000000000000000SESS02'])
    await sidecar.turn(it);
  expect(tellAll(drifting)).toEqual([
    'alert files-differ base-gone head-moved f:changed',
    'alert base-gone head-moved',
  ]);
});

test('the agent is told with the next prompt, once, if the person wants that', async () => {
  const drifting = openDrifting();
  const sidecar = await beginWork(drifting, { tellsAgent: true });
  expect(await sidecar.turn(session)).toBe(undefined);
  drifting.git('stash', '-q');
  const told = await sidecar.turn(session);
  expect(told).toContain('- g (changed)');
  expect(sidecar.told).toEqual([told]);
  const added = drifting.events().filter((it) => it.type === 'context-added');
  expect(added).toMatchObject([{ text: told, drift: drifting.drifts()[0]?.drift }]);
  expect(await sidecar.turn(session)).toBe(undefined);
});

test('by default nobody tells the agent anything', async () => {
  const drifting = openDrifting();
  const sidecar = await beginWork(drifting);
  drifting.git('stash', '-q');
  expect(await sidecar.turn(session)).toBe(undefined);
  expect(drifting.events().filter((it) => it.type === 'context-added')).toEqual([]);
});

test('what a command decided counts from the next prompt on', async () => {
  const drifting = openDrifting();
  const sidecar = await beginWork(drifting, { tellsAgent: true });
  drifting.git('stash', '-q');
  await ask(openAsked(drifting), 'drift/resolve', { how: 'rebuild' });
  expect(await sidecar.turn(session)).toContain('Read these files again');
  await sidecar.turn(session, () => [['read', 'g']]);
  drifting.git('stash', 'pop', '-q');
  await ask(openAsked(drifting), 'drift/resolve', { how: 'fast-forward' });
  expect(await sidecar.turn(session)).toBe(undefined);
});

test('a folder without a repository, and one whose repository goes away, keep nobody from working', async () => {
  const drifting = openDrifting();
  const sidecar = await beginWork(drifting);
  const { renameSync } = await import('node:fs');
  renameSync(join(drifting.root, '.git'), join(drifting.root, '.away'));
  await sidecar.turn(session);
  renameSync(join(drifting.root, '.away'), join(drifting.root, '.git'));
  expect(await promptFinds(drifting, sidecar)).toEqual([]);
  expect(readdirSync(drifting.root)).toContain('.git');
});
