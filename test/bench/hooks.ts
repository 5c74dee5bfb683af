/** What hooks cost a person: `git commit` with none, with ours, and with one in Node, turn by turn. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Bench, type Figure, quantile, sortNumbers } from './figure.ts';
import { openPlace } from './link.ts';

const commits = 150;
const rounds = 3;
const picks = 100;
const sessions = 10_000;
const hookNames = ['post-checkout', 'post-commit', 'post-merge', 'post-rewrite'];
const templates = resolve(import.meta.dirname, '../../hooks');

const kinds = ['no hook', 'ours, no session', 'ours, 10,000 sessions', 'Node'] as const;
type Kind = (typeof kinds)[number];

type Repository = { readonly git: (...args: string[]) => number; readonly spool: string };

function openRepository(root: string, kind: Kind): Repository {
  mkdirSync(root, { recursive: true });
  const home = join(root, '.git', 'clew-home');
  const env = {
    PATH: process.env.PATH,
    HOME: root,
    GIT_CONFIG_NOSYSTEM: '1',
    CLEW_HOME: home,
    ...{ GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a', GIT_COMMITTER_NAME: 'a' },
    GIT_COMMITTER_EMAIL: 'a',
  };
  /** Milliseconds. */
  const git = (...args: string[]) => {
    const begin = performance.now();
    const { status, stdout, stderr } = spawnSync('git', args, { cwd: root, env });
    const took = performance.now() - begin;
    if (status !== 0 || 0 < stdout.length + stderr.length)
      throw new Error(`git ${args.join(' ')} ended with ${status}: ${stdout}${stderr}`);
    return took;
  };
  git('init', '-q', '-b', 'main', '.');
  git('config', 'gc.auto', '0');
  git('commit', '-q', '--allow-empty', '-m', 'first');
  const spool = join(root, '.git', 'clew', 'spool');
  layOut(kind, { hooks: join(root, '.git', 'hooks'), spool, home });
  return { git, spool };
}

type Place = { readonly hooks: string; readonly spool: string; readonly home: string };

function layOut(kind: Kind, { hooks, spool, home }: Place): void {
  if (kind === 'no hook') return;
  const node = `#!${process.execPath}\nprocess.exit(0);\n`;
  for (const hook of hookNames)
    if (kind === 'Node') writeFileSync(join(hooks, hook), node, { mode: 0o755 });
    else copyFileSync(join(templates, hook), join(hooks, hook));
  mkdirSync(spool, { recursive: true });
  if (kind !== 'ours, 10,000 sessions') return;
  // As much as they can have left that a hook might trip over: their layers, and events that nobody has read.
  const layers = join(home, 'workspaces', 'w', 'layers', 'sessions');
  mkdirSync(layers, { recursive: true });
  for (let n = 0; n < sessions; n += 1) {
    writeFileSync(join(layers, `20261121T100500Z_main_${n}.json`), `{"session":"${n}"}\n`);
    writeFileSync(join(spool, `post-commit.x.${n}.0`), 'x\n');
  }
}

/** Side by side, so that whatever else the machine does hits all of them alike. */
function measureCommits(repositories: ReadonlyMap<Kind, Repository>): Map<Kind, number[]> {
  const took = new Map<Kind, number[]>(kinds.map((it) => [it, []]));
  for (let n = 0; n < commits; n += 1)
    for (const [kind, { git, spool }] of repositories) {
      took.get(kind)?.push(git('commit', '-q', '--allow-empty', '-m', `${n}`));
      if (kind === 'ours, no session') for (const it of readdirSync(spool)) rmSync(join(spool, it));
    }
  return took;
}

function measureRebase({ git }: Repository): number {
  git('switch', '-q', '-c', 'topic');
  for (let n = 0; n < picks; n += 1) git('commit', '-q', '--allow-empty', '-m', `pick ${n}`);
  const took = git('rebase', '-q', '--force-rebase', `HEAD~${picks}`);
  git('switch', '-q', 'main');
  git('branch', '-q', '-D', 'topic');
  return took;
}

function measure() {
  const place = openPlace();
  try {
    const repositories = new Map(
      kinds.map((it, n) => [it, openRepository(join(place.workspace, `${n}`), it)] as const),
    );
    const took = measureCommits(repositories);
    const rebases = new Map([...repositories].map(([kind, it]) => [kind, measureRebase(it)]));
    return { took, rebases };
  } finally {
    place.remove();
  }
}

export const hooks: Bench = {
  name: 'hooks',
  about: 'what git commit takes with hooks, more than without, side by side; a rebase of 100',
  async run() {
    const runs = Array.from({ length: rounds }, measure);
    const added = (kind: Kind, part: number) =>
      runs.map(({ took }) => {
        const at = (it: Kind) => quantile(sortNumbers(took.get(it) ?? []), part);
        return at(kind) - at('no hook');
      });
    return [
      {
        name: 'commit without hooks, p50',
        unit: 'ms',
        rounds: runs.map(({ took }) => quantile(sortNumbers(took.get('no hook') ?? []), 0.5)),
      },
      ...kinds.slice(1).flatMap((kind): Figure[] => {
        const bars = kind === 'Node' ? [{}, {}] : [{ bar: { atMost: 5 } }, { bar: { atMost: 25 } }];
        return [
          { name: `${kind}: added p50`, unit: 'ms', rounds: added(kind, 0.5), ...bars[0] },
          { name: `${kind}: added p95`, unit: 'ms', rounds: added(kind, 0.95), ...bars[1] },
        ];
      }),
      ...kinds.map(
        (kind): Figure => ({
          name: `rebase of ${picks}, ${kind}`,
          unit: 'ms',
          rounds: runs.map(({ rebases }) => rebases.get(kind) ?? 0),
        }),
      ),
    ];
  },
};
