/** What it costs a prompt that its session is held against the repository first. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Event } from '../../src/contract/types.gen.ts';
import { openOwnDrift } from '../../src/recorder/open-own-drift.ts';
import { openStateHome, openWorkspaceFolder } from '../../src/store/state-folder.ts';
import { mintUlid } from '../../src/store/ulid.ts';
import { type Bench, quantile, sortNumbers } from './figure.ts';
import { openPlace } from './link.ts';

const branches = 1_000;
const objects = 100_000;
const files = 500;
const prompts = 60;

type Git = (...args: string[]) => void;

const count = (n: number, spell: (n: number) => string) =>
  Array.from({ length: n }, (_, at) => spell(at)).join('');

function makeRepository(root: string): Git {
  mkdirSync(root, { recursive: true });
  const env = {
    ...{ PATH: process.env.PATH, HOME: root, GIT_CONFIG_NOSYSTEM: '1' },
    ...{ GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a', GIT_COMMITTER_NAME: 'a' },
    GIT_COMMITTER_EMAIL: 'a',
  };
  const tell = (input: string, ...args: string[]) => {
    const { status, stderr } = spawnSync('git', args, { cwd: root, env, input });
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  };
  const git: Git = (...args) => tell('', ...args);
  git('init', '-q', '-b', 'main', '.');
  for (let n = 0; n < files; n += 1) writeFileSync(join(root, `f${n}`), `${n}\n`);
  git('add', '.');
  git('commit', '-qm', 'one');
  const made = (n: number) => `create refs/heads/b${n} HEAD\n`;
  tell(count(branches, made), 'update-ref', '--create-reflog', '--stdin');
  const blob = (n: number) => `blob\ndata ${`${n}`.length}\n${n}\n`;
  tell(count(objects, blob), 'fast-import', '--quiet');
  git('repack', '-q', '-d');
  return git;
}

async function measure(): Promise<Record<'still' | 'committed' | 'switched', number[]>> {
  const place = openPlace();
  const root = join(place.workspace, 'repository');
  const git = makeRepository(root);
  const home = openStateHome({ CLEW_HOME: place.home });
  openWorkspaceFolder({ home, workspace: root, gitCommonDir: join(root, '.git') });
  const run = mintUlid(Date.now());
  const drift = openOwnDrift({
    ...{
      env: {},
      home: () => home,
      run,
      tellsAgent: false,
      writerOf: () => run,
      rootOf: () => root,
    },
    ...{ mint: () => mintUlid(Date.now()), redact: (event) => event, acknowledge: async () => {} },
    ...{ write: () => {}, writeAt: () => {}, inject: () => {}, toldAgent: () => {}, say: () => {} },
    complain(doing, error) {
      throw new Error(`${doing}: ${String(error)}`);
    },
  });
  const session = mintUlid(Date.now());
  const tell = (event: Event) => drift.watch({ session, event });
  tell({ type: 'session-opened', how: 'new', agentSession: 'a', cwd: root });
  let turns = 0;
  async function prompt(): Promise<number> {
    turns += 1;
    const turn = `T${turns}`;
    tell({ type: 'turn-started', turn, origin: 'prompt' });
    const began = performance.now();
    await drift.beforePrompt(() => undefined);
    const took = performance.now() - began;
    if (turns === 1)
      for (let n = 0; n < files; n += 1)
        tell({ type: 'file-read', turn, path: join(root, `f${n}`) });
    tell({ type: 'turn-ended', turn, outcome: 'end_turn', afterMs: 1 });
    return took;
  }
  await prompt();
  const took = { still: [] as number[], committed: [] as number[], switched: [] as number[] };
  for (let n = 0; n < prompts; n += 1) {
    took.still.push(await prompt());
    if (n % 6 !== 0) continue;
    git('commit', '-q', '--allow-empty', '-m', 'x');
    took.committed.push(await prompt());
    writeFileSync(join(root, `f${n}`), `${n} again\n`);
    git('commit', '-qam', 'x');
    git('switch', '-q', `b${n}`);
    took.switched.push(await prompt());
    git('switch', '-q', 'main');
    await prompt();
  }
  await drift.close();
  place.remove();
  return took;
}

export const drift: Bench = {
  name: 'drift',
  about: `before a prompt, with ${branches} branches, ${objects} objects and ${files} files that the session knows`,
  async run() {
    const rounds = [await measure(), await measure(), await measure()];
    const of = (what: keyof (typeof rounds)[number], part: number) =>
      rounds.map((it) => quantile(sortNumbers(it[what]), part));
    return [
      { name: 'nothing moved, p50', unit: 'ms', rounds: of('still', 0.5), bar: { atMost: 2 } },
      { name: 'nothing moved, p95', unit: 'ms', rounds: of('still', 0.95), bar: { atMost: 10 } },
      {
        name: 'somebody committed, p50',
        unit: 'ms',
        rounds: of('committed', 0.5),
        bar: { atMost: 50 },
      },
      { name: 'somebody committed, p95', unit: 'ms', rounds: of('committed', 0.95) },
      {
        name: 'somebody switched: an alert, p50',
        unit: 'ms',
        rounds: of('switched', 0.5),
        bar: { atMost: 50 },
      },
      { name: 'somebody switched: an alert, p95', unit: 'ms', rounds: of('switched', 0.95) },
    ];
  },
};
