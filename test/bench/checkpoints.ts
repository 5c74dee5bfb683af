/** Checkpoints against their peers, on generated repositories, all in one run: ratios as min / median / max. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeRepository, pathOf } from './make-repository.ts';

/** The built program is measured, as it is shipped. */
const dist = new URL('../../dist/', import.meta.url);
const { openWorkspace } = await import(new URL('workspace/open-workspace.js', dist).href);
const { openRestorer } = await import(new URL('workspace/open-restorer.js', dist).href);
const { openShadow } = await import(new URL('shadow/open-shadow.js', dist).href);

const sizes = (process.argv[2] ?? '1000,10000').split(',').map(Number);
const rounds = Number(process.argv[3] ?? 5);
/** A repository that was made before may be used again: making the large one takes a while. */
const kept = process.argv[4];

function time(act: () => void): number {
  const start = performance.now();
  act();
  return performance.now() - start;
}

function git(env: Record<string, string>, root: string, ...args: string[]): string {
  return execFileSync(
    'git',
    ['-c', 'user.name=b', '-c', 'user.email=b@b', '-c', 'gc.auto=0', ...args],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 1 << 30,
      env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', ...env },
    },
  ).trim();
}

/** A shadow repository of its own, `add -A` and commit. */
function openNative(folder: string, root: string) {
  const env = { GIT_DIR: join(folder, 'native.git'), GIT_WORK_TREE: root };
  git(env, root, 'init', '-q');
  return {
    baseline: () => {
      git(env, root, 'add', '-A');
      git(env, root, 'commit', '-qm', 'x');
    },
    take: () => {
      git(env, root, 'add', '-A');
      git(env, root, 'commit', '-qm', 'x', '--allow-empty');
    },
    restore: () => git(env, root, 'reset', '-q', '--hard', 'HEAD~1'),
    bytes: () => measureFolder(env.GIT_DIR),
  };
}

/** A temporary index over the user's own repository: read-tree, add, write-tree, commit-tree. */
function openGhost(folder: string, root: string) {
  const env = { GIT_INDEX_FILE: join(folder, 'ghost-index') };
  return {
    take: () => {
      rmSync(env.GIT_INDEX_FILE, { force: true });
      git(env, root, 'read-tree', 'HEAD');
      git(env, root, 'add', '-A');
      git(env, root, 'commit-tree', git(env, root, 'write-tree'), '-m', 'x');
    },
  };
}

/** A shadow that borrows the user's objects and starts from a copy of the user's index. */
function openSeeded(folder: string, root: string) {
  const dir = join(folder, 'seeded.git');
  const env = { GIT_DIR: dir, GIT_WORK_TREE: root };
  return {
    baseline: () => {
      git(env, root, 'init', '-q');
      mkdirSync(join(dir, 'objects/info'), { recursive: true });
      writeFileSync(join(dir, 'objects/info/alternates'), `${join(root, '.git/objects')}\n`);
      execFileSync('cp', [join(root, '.git/index'), join(dir, 'index')]);
      git(env, root, 'add', '-A');
      git(env, root, 'commit', '-qm', 'x');
    },
    take: () => {
      git(env, root, 'add', '-A');
      git(env, root, 'commit', '-qm', 'x', '--allow-empty');
    },
  };
}

let minted = 0;
function mint(): string {
  minted += 1;
  return `01BENCH${String(minted).padStart(19, '0')}`;
}

function openOurs(folder: string, root: string) {
  const workspace = openWorkspace({ root, gitDir: join(root, '.git') });
  const shadow = openShadow({
    stateFolder: join(folder, 'ours'),
    workspace,
    openRestorer: (readBlob: never, place: string) =>
      openRestorer({ root, readBlob, folder: place }),
  });
  let last = '';
  const take = (paths?: readonly string[]) => {
    last = mint();
    shadow.take({ id: last, at: Date.now(), ...(paths ? { paths } : {}) });
  };
  return {
    take,
    get last() {
      return last;
    },
    restore: (target: string) => {
      const id = mint();
      const plan = shadow.plan({ id, at: Date.now() }, target);
      return shadow.apply(id, plan.steps);
    },
    bytes: () => measureFolder(join(folder, 'ours', 'store.git')),
    close: async () => {
      shadow.close();
      await workspace.close();
    },
  };
}

function measureFolder(folder: string): number {
  let sum = 0;
  for (const name of readdirSync(folder, { recursive: true }) as string[]) {
    const stat = statSync(join(folder, name));
    if (stat.isFile()) sum += stat.size;
  }
  return sum;
}

function pick(files: number, count: number, round: number): string[] {
  return Array.from({ length: count }, (_, index) => pathOf((round * 7919 + index * 811) % files));
}

function edit(root: string, paths: readonly string[], round: number): void {
  for (const path of paths) appendFileSync(join(root, path), `// round ${round} ${Date.now()}\n`);
}

const rows: string[] = [];
function report(name: string, peer: readonly number[], ours: readonly number[]): void {
  const middle = (list: readonly number[]) =>
    [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;
  const ratios = peer.map((one, at) => one / (ours[at] ?? 1)).sort((a, b) => a - b);
  const [min = 0, median = 0, max = 0] = [ratios[0], middle(ratios), ratios.at(-1)];
  const row = `${name.padEnd(44)} peer ${middle(peer).toFixed(0).padStart(7)} ms  ours ${middle(ours).toFixed(1).padStart(8)} ms  x ${min.toFixed(1)} / ${median.toFixed(1)} / ${max.toFixed(1)}`;
  rows.push(row);
  console.log(row);
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 300));

for (const files of sizes) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'clew-bench-')));
  const root = kept && existsSync(join(kept, '.git')) ? kept : join(folder, 'work');
  if (root !== kept) makeRepository(root, files);
  console.log(`\n${files} files`);
  const warm = openOurs(join(folder, 'warm'), root);
  warm.take();
  await warm.close();
  const native = openNative(folder, root);
  const baseline: number[] = [];
  const ours: number[] = [];
  baseline.push(time(native.baseline));
  let own = openOurs(join(folder, 'o0'), root);
  ours.push(time(() => own.take()));
  for (let turn = 1; turn < 3; turn += 1) {
    await own.close();
    own = openOurs(join(folder, `o${turn}`), root);
    await pause();
    ours.push(time(() => own.take()));
  }
  report(`${files} baseline, native`, Array(3).fill(baseline[0]), ours);
  console.log(
    `  disk: native ${(native.bytes() / 1e6).toFixed(1)} MB, ours ${(own.bytes() / 1e6).toFixed(2)} MB`,
  );
  const seeded = openSeeded(folder, root);
  report(`${files} baseline, seeded`, [time(seeded.baseline)], [ours[1] ?? 0]);
  const ghost = openGhost(folder, root);
  const counts: [number, string][] = [
    [10, '10 changed'],
    ...(files > 1000 ? ([[1000, '1000 changed']] as [number, string][]) : []),
  ];
  for (const [count, name] of counts) {
    const figures: Record<'native' | 'ghost' | 'seeded' | 'known' | 'swept', number[]> = {
      native: [],
      ghost: [],
      seeded: [],
      known: [],
      swept: [],
    };
    for (let round = 0; round < rounds; round += 1) {
      const paths = pick(files, count, round + count);
      edit(root, paths, round);
      figures.known.push(time(() => own.take(paths)));
      figures.native.push(time(native.take));
      if (round < 2) figures.ghost.push(time(ghost.take));
      figures.seeded.push(time(seeded.take));
      edit(root, paths, round + 100);
      figures.swept.push(time(() => own.take()));
      native.take();
      seeded.take();
    }
    report(`${files} ${name}, known, native`, figures.native, figures.known);
    report(`${files} ${name}, known, ghost`, figures.ghost, figures.known);
    report(`${files} ${name}, known, seeded`, figures.seeded, figures.known);
    report(`${files} ${name}, full sweep, native`, figures.native, figures.swept);
    console.log(
      `  known: p95 ${[...figures.known].sort((a, b) => a - b)[Math.floor(figures.known.length * 0.95)]?.toFixed(1)} ms`,
    );
    const back = { native: [] as number[], ours: [] as number[] };
    let rewritten = 0;
    for (let round = 0; round < Math.min(rounds, 3); round += 1) {
      const target = own.last;
      const paths = pick(files, count, round + 31);
      const chosen = new Set(paths);
      edit(root, paths, round + 200);
      const others = pick(files, 500, 3).filter((path) => !chosen.has(path));
      const before = others.map((path) => lstatSync(join(root, path), { bigint: true }).mtimeNs);
      back.ours.push(time(() => own.restore(target)));
      rewritten += others.filter(
        (path, at) => lstatSync(join(root, path), { bigint: true }).mtimeNs !== before[at],
      ).length;
      edit(root, paths, round + 300);
      native.take();
      back.native.push(time(native.restore));
      own.take();
    }
    report(`${files} ${name}, restored, native reset`, back.native, back.ours);
    console.log(`  untouched files rewritten: ${rewritten}`);
  }
  console.log(`  memory: ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`);
  await own.close();
  rmSync(folder, { recursive: true, force: true });
}
