/** Every operation of git is told once, with its cause and who did it: with hooks, without, and long after. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import type { RepoEvent } from '../../src/drift/fold-moves.ts';
import { type Context, openContext } from '../../src/methods/context.ts';
import { compileSchema } from '../../src/methods/validate.ts';
import { openRepoWatch } from '../../src/repo/open-repo-watch.ts';
import type { RepoCursor } from '../../src/repo/read-moves.ts';
import { openRepository } from '../methods/hooks/repository.ts';
import { ask } from '../methods/recorded.ts';
import { makeFolder } from '../scratch.ts';
import operations from './cases/operations.json' with { type: 'json' };

const run = '01K5A0000000000000000WRTR1';

type Case = readonly [
  name: string,
  commands: readonly string[],
  /** `many` for as many as there were steps. */
  events: readonly string[] | 'many',
  later: readonly string[] | undefined,
];
const cases = operations.map(([name, commands, events, later]) => [
  name,
  commands,
  events,
  later,
]) as unknown as Case[];

type Stage = {
  readonly context: Context;
  readonly head: string;
  readonly gitDir: string;
  sh(command: string, env?: Record<string, string>): string;
};

/** Made once, and copied: two branches beside main, and a repository to pull from. */
let model:
  | { readonly folder: string; readonly env: Record<string, string>; readonly head: string }
  | undefined;

function makeModel() {
  const { root, env, git } = openRepository({ name: 'it' });
  const real = { ...env, PATH: process.env.PATH ?? '' };
  const script = `echo 1 >f; echo 1 >g; git add .; git commit -qm 1; git branch base
    git switch -qc topic; echo t >t; git add .; git commit -qm t1; echo t2 >t; git commit -qam t2
    git switch -qc conf base; echo 9 >g; git commit -qam c
    git switch -q main; echo 2 >g; git commit -qam 2
    git clone -q . ../far; git remote add far ../far
    # Copies are taken for the same, and nothing waits for the disk.
    git config core.trustctime false; git config core.checkStat minimal
    git config core.fsync none; git -C ../far config core.fsync none`;
  spawnSync('sh', ['-c', script], { cwd: root, env: real });
  const folder = mkdtempSync(join(tmpdir(), 'clew-model-'));
  cpSync(root, join(folder, 'here'), { recursive: true, preserveTimestamps: true });
  cpSync(join(root, '..', 'far'), join(folder, 'far'), { recursive: true });
  return { folder, env: real, head: git('rev-parse', 'HEAD').said.trim() };
}

function openStage(): Stage {
  model ??= makeModel();
  const { head } = model;
  const folder = makeFolder();
  cpSync(model.folder, folder, { recursive: true, preserveTimestamps: true });
  const root = join(folder, 'here');
  const env = { ...model.env, HOME: folder, CLEW_HOME: join(folder, 'state') };
  const context = openContext({ folder: root, env });
  onTestFinished(() => context.close());
  const own = { ...env, GIT_EDITOR: 'true', CLEW_RUN: run };
  const sh = (command: string, more: Record<string, string> = {}) =>
    spawnSync('sh', ['-c', command], { cwd: root, env: { ...own, ...more }, encoding: 'utf8' })
      .stdout;
  return { context, sh, head, gitDir: join(root, '.git') };
}

afterAll(() => {
  if (model !== undefined) rmSync(model.folder, { recursive: true });
});

function tell(event: RepoEvent): string {
  if (event.type === 'branch-moved') return `branch ${event.branch} ${event.cause}`;
  if (event.type === 'stash-changed') return `stash ${event.cause} ${event.actor.kind}`;
  const { cause, fromBranch = '-', branch = '-', ended, actor } = event;
  const where = fromBranch === branch ? branch : `${fromBranch}>${branch}`;
  return [cause, where, ended, actor.kind].filter((it) => it !== undefined).join(' ');
}

async function checkShapes(events: readonly RepoEvent[]): Promise<void> {
  for (const event of events) {
    const check = await compileSchema(`event/${event.type}`);
    expect([event, check(event), check.errors]).toEqual([event, true, null]);
  }
}

function openWatch({ gitDir }: Stage, cursor?: RepoCursor) {
  const events: RepoEvent[] = [];
  let last = cursor;
  const place = {
    gitDir,
    commonDir: gitDir,
    run,
    ...(cursor === undefined ? {} : { cursor }),
  };
  const watch = openRepoWatch(place, (told, at) => {
    events.push(...told);
    // It is kept as JSON.
    last = JSON.parse(JSON.stringify(at)) as RepoCursor;
  });
  onTestFinished(() => watch.close());
  return { ...watch, events, cursor: () => last };
}

/** Where HEAD was and went to: one after the other without a hole. */
function checkChain(events: readonly RepoEvent[], { sh, head }: Stage): void {
  const heads = events.filter((it) => it.type === 'head-moved');
  let at: string | undefined = head;
  for (const it of heads) {
    expect(it.from).toBe(at);
    at = it.to;
  }
  expect(at ?? '').toBe(sh('git rev-parse --verify -q HEAD').trim());
}

const withoutActor = (told: string) => told.replace(/ own$/, ' unknown');

describe.each(cases)('%s', (_, commands, events, later) => {
  const isMany = events === 'many';
  const live = isMany ? [...Array<string>(8).fill('commit main own'), 'bisect main own'] : events;
  const found = later ?? live;

  test('seen as it happens, with hooks', async () => {
    const stage = openStage();
    await ask(stage.context, 'hooks/install', {});
    const watch = openWatch(stage);
    for (const it of commands) {
      stage.sh(it);
      watch.check();
    }
    expect(watch.events.map(tell)).toEqual(live);
    await checkShapes(watch.events);
    checkChain(watch.events, stage);
  });

  test('seen as it happens, without hooks', async () => {
    const stage = openStage();
    const watch = openWatch(stage);
    for (const it of commands) {
      stage.sh(it);
      watch.check();
    }
    expect(watch.events.map(tell)).toEqual(live.map(withoutActor));
    expect(watch.events.every((it) => it.actor.kind === 'unknown')).toBe(true);
  });

  test('told by whoever comes later', async () => {
    const stage = openStage();
    await ask(stage.context, 'hooks/install', {});
    const before = openWatch(stage);
    stage.sh('git branch seen');
    before.check();
    before.close();
    for (const it of commands) stage.sh(it);
    const after = openWatch(stage, before.cursor());
    expect(before.events.map(tell)).toEqual(['branch seen created']);
    if (!isMany) expect(after.events.map(tell)).toEqual(found);
    checkChain(after.events, stage);
    await checkShapes(after.events);
    after.check();
    if (!isMany) expect(after.events).toHaveLength(found.length);
  });
});

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
  const events: RepoEvent[] = [];
  const gitDir = join(stage.gitDir, 'worktrees', 'there');
  const there = openRepoWatch({ gitDir, commonDir: stage.gitDir, run }, (it) => events.push(...it));
  onTestFinished(() => there.close());
  stage.sh('git -C ../there commit -q --allow-empty -m w');
  main.check();
  there.check();
  expect(main.events.map(tell)).toEqual(['branch there moved']);
  expect(events.map(tell)).toEqual(['commit there own']);
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
  const told = new Promise<readonly RepoEvent[]>((tellAll) => {
    const place = { gitDir: stage.gitDir, commonDir: stage.gitDir, run };
    const watch = openRepoWatch(place, tellAll);
    onTestFinished(() => watch.close());
  });
  const alive = setInterval(() => undefined, 1000);
  onTestFinished(() => clearInterval(alive));
  stage.sh('git commit -q --allow-empty -m a');
  expect((await told).map(tell)).toEqual(['commit main own']);
});
