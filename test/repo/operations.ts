/** Every operation of git that there is, a repository to do it in, and what is to be told of it. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished } from 'vitest';
import type { RepoEvent } from '../../src/drift/fold-moves.ts';
import { type Context, openContext } from '../../src/methods/context.ts';
import { compileSchema } from '../../src/methods/validate.ts';
import { openRepository } from '../methods/hooks/repository.ts';
import { makeFolder } from '../scratch.ts';
import operations from './cases/operations.json' with { type: 'json' };

export const run = '01K5A0000000000000000WRTR1';

type Case = readonly [
  name: string,
  commands: readonly string[],
  /** `many` for as many as there were steps. */
  events: readonly string[] | 'many',
  later: readonly string[] | undefined,
];
export const cases = operations.map(([name, commands, events, later]) => [
  name,
  commands,
  events,
  later,
]) as unknown as Case[];

export type Stage = {
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

export function openStage(): Stage {
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

export function tell(event: RepoEvent): string {
  if (event.type === 'branch-moved') return `branch ${event.branch} ${event.cause}`;
  if (event.type === 'stash-changed') return `stash ${event.cause} ${event.actor.kind}`;
  const { cause, fromBranch = '-', branch = '-', ended, actor } = event;
  const where = fromBranch === branch ? branch : `${fromBranch}>${branch}`;
  return [cause, where, ended, actor.kind].filter((it) => it !== undefined).join(' ');
}

export async function checkShapes(events: readonly RepoEvent[]): Promise<void> {
  for (const event of events) {
    const check = await compileSchema(`event/${event.type}`);
    expect([event, check(event), check.errors]).toEqual([event, true, null]);
  }
}

/** Where HEAD was and went to: one after the other without a hole. */
export function checkChain(events: readonly RepoEvent[], { sh, head }: Stage): void {
  const heads = events.filter((it) => it.type === 'head-moved');
  let at: string | undefined = head;
  for (const it of heads) {
    expect(it.from).toBe(at);
    at = it.to;
  }
  expect(at ?? '').toBe(sh('git rev-parse --verify -q HEAD').trim());
}

export const withoutActor = (told: string) => told.replace(/ own$/, ' unknown');
