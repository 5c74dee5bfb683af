/** What happens in a repository is told by whoever looks, once, and with who did it as far as hooks saw that. */
import { spawnSync } from 'node:child_process';
import { readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { RepoEvent } from '../../src/drift/fold-moves.ts';
import { openMoves } from '../../src/repo/open-moves.ts';
import { openRepoWatch } from '../../src/repo/open-repo-watch.ts';
import { openSharedFile } from '../../src/store/shared-file.ts';
import { ask } from '../methods/recorded.ts';
import { makeFolder } from '../scratch.ts';
import { openStage, run, type Stage, tell } from './operations.ts';

/** Reads on where `state` ends; without it, from now on. */
function openWatch({ gitDir }: Stage, options: { state?: string; worktree?: string } = {}) {
  const { state = makeFolder(), worktree } = options;
  const events: RepoEvent[] = [];
  const place = { gitDir: worktree ?? gitDir, commonDir: gitDir, run };
  const moves = openMoves(place, {
    ...{ file: openSharedFile(join(state, 'moves.json')), writer: run },
    ...{ isRunning: () => true, lastOf: () => [], redact: (it: RepoEvent) => it },
    async tell(told) {
      events.push(...told);
    },
  });
  const watch = openRepoWatch(place, moves.look);
  onTestFinished(() => watch.close());
  return { ...watch, ...moves, events, state };
}

const other = '01K5A0000000000000000WRTR2';

test('who did it: we, another, nobody knows', async () => {
  const stage = openStage();
  await ask(stage.context, 'hooks/install', {});
  const watch = openWatch(stage);
  stage.sh('git commit -q --allow-empty -m a');
  stage.sh('git commit -q --allow-empty -m b', { CLEW_RUN: other });
  stage.sh('git commit -q --allow-empty -m c', { CLEW_RUN: '' });
  stage.sh('git commit -q --allow-empty -m d', { CLEW_OFF: '1' });
  watch.check();
  expect(watch.events.map((it) => it.actor)).toEqual([
    { kind: 'own', run },
    { kind: 'other', run: other },
    { kind: 'unknown' },
    { kind: 'unknown' },
  ]);
  expect(watch.events.map((it) => it.type === 'head-moved' && it.heard)).toEqual([
    true,
    true,
    true,
    false,
  ]);
});

test.runIf(spawnSync('script', ['--version']).status === 0)(
  'a person at a terminal, but not an agent at one',
  async () => {
    const stage = openStage();
    await ask(stage.context, 'hooks/install', {});
    const watch = openWatch(stage);
    const command = "script -qec 'git commit -q --allow-empty -m p' /dev/null";
    stage.sh(command, { CLEW_RUN: '' });
    stage.sh(command, { CLEW_RUN: '', CLAUDECODE: '1' });
    stage.sh(command);
    watch.check();
    expect(watch.events.map((it) => it.actor.kind)).toEqual(['person', 'unknown', 'own']);
  },
);

test("switches that look alike to hooks are nobody's when different people made them", async () => {
  const stage = openStage();
  await ask(stage.context, 'hooks/install', {});
  const watch = openWatch(stage);
  stage.sh('git switch -q topic; git switch -q main');
  stage.sh('git switch -q topic; git switch -q main', { CLEW_RUN: other });
  watch.check();
  expect(watch.events.map((it) => it.actor.kind)).toEqual(Array(4).fill('unknown'));
  stage.sh('git switch -q topic; git switch -q main');
  stage.sh('git switch -q topic', { CLEW_OFF: '1' });
  watch.check();
  expect(watch.events.slice(4).map((it) => it.actor.kind)).toEqual(['unknown', 'own', 'unknown']);
});

test('what hooks wrote is taken away once it is told, and what is torn after a second look', async () => {
  const stage = openStage();
  await ask(stage.context, 'hooks/install', {});
  const spool = join(stage.gitDir, 'clew', 'spool');
  writeFileSync(join(spool, 'post-commit.torn'), '1\tpost-commit\t-');
  const watch = openWatch(stage);
  stage.sh('git commit -q --allow-empty -m a');
  expect(readdirSync(spool)).toHaveLength(2);
  watch.check();
  expect(readdirSync(spool)).toEqual([]);
});

test('a linked worktree is told its own moves, and its hooks are left for who watches it', async () => {
  const stage = openStage();
  await ask(stage.context, 'hooks/install', {});
  stage.sh('git worktree add -q -b there ../there');
  const main = openWatch(stage);
  const worktree = join(stage.gitDir, 'worktrees', 'there');
  const there = openWatch(stage, { worktree });
  stage.sh('git -C ../there commit -q --allow-empty -m w');
  main.check();
  there.check();
  expect(main.events.map(tell)).toEqual(['branch there moved']);
  expect(there.events.map(tell)).toEqual(['commit there own']);
});

test('a repository that is gone moved nothing, and one that comes back is read on', () => {
  const stage = openStage();
  const watch = openWatch(stage);
  const away = `${stage.gitDir} away`;
  renameSync(stage.gitDir, away);
  watch.check();
  expect(watch.events).toEqual([]);
  renameSync(away, stage.gitDir);
  stage.sh('git commit -q --allow-empty -m a');
  watch.check();
  expect(watch.events.map(tell)).toEqual(['commit main unknown']);
});

test('it wakes by itself, and tells once', async () => {
  const stage = openStage();
  await ask(stage.context, 'hooks/install', {});
  const state = makeFolder();
  const told = new Promise<readonly RepoEvent[]>((tellAll) => {
    const place = { gitDir: stage.gitDir, commonDir: stage.gitDir, run };
    const moves = openMoves(place, {
      ...{ file: openSharedFile(join(state, 'moves.json')), writer: run },
      ...{ isRunning: () => true, lastOf: () => [], redact: (it: RepoEvent) => it },
      tell: async (events) => tellAll(events),
    });
    const watch = openRepoWatch(place, moves.look);
    onTestFinished(() => watch.close());
  });
  const alive = setInterval(() => undefined, 1000);
  onTestFinished(() => clearInterval(alive));
  stage.sh('git commit -q --allow-empty -m a');
  expect((await told).map(tell)).toEqual(['commit main own']);
});

test('what somebody told and could not write down before dying is written by the next, and no more than that', async () => {
  const stage = openStage();
  const state = makeFolder();
  const place = { gitDir: stage.gitDir, commonDir: stage.gitDir, run };
  const written: RepoEvent[] = [];
  const told: RepoEvent[] = [];
  const open = (writer: string, limit: number) =>
    openMoves(place, {
      ...{ file: openSharedFile(join(state, 'moves.json')), writer, redact: (it) => it },
      ...{ isRunning: (it) => it === writer, lastOf: () => written },
      // Whoever dies does not come back from here.
      tell(events) {
        written.push(...events.slice(0, limit));
        told.push(...events);
        return limit < events.length ? new Promise(() => undefined) : Promise.resolve();
      },
    });
  open('DEAD', 1).look();
  stage.sh('git commit -q --allow-empty -m a; git commit -q --allow-empty -m b; git branch c');
  open('DEAD', 1).look();
  expect(told.map(tell)).toEqual([
    'commit main unknown',
    'commit main unknown',
    'branch c created',
  ]);
  stage.sh('git branch d');
  const next = open('NEXT', 9);
  next.look();
  await next.settle();
  expect(written.map(tell)).toEqual([
    'commit main unknown',
    'commit main unknown',
    'branch c created',
    'branch d created',
  ]);
  open('LAST', 9).look();
  expect(written).toHaveLength(4);
});

test('two who look at once tell everything once', async () => {
  const stage = openStage();
  const one = openWatch(stage);
  const two = openWatch(stage, { state: one.state });
  stage.sh('git commit -q --allow-empty -m a');
  one.lookIfMoved();
  two.lookIfMoved();
  stage.sh('git commit -q --allow-empty -m b');
  two.lookIfMoved();
  one.lookIfMoved();
  expect([...one.events, ...two.events].map(tell)).toHaveLength(2);
  expect(one.told()).toEqual(two.told());
  expect(one.told().count).toBe(2);
});
