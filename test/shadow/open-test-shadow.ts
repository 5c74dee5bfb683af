/** A workspace and its shadow in a temporary folder, wired as the program wires them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openShadow, type Shadow } from '../../src/shadow/open-shadow.ts';
import type { TakeOrder } from '../../src/shadow/order.ts';
import { openRestorer } from '../../src/workspace/open-restorer.ts';
import { openSyncCrew } from '../../src/workspace/open-sync-crew.ts';
import { openWorkspace, type WorkspacePlace } from '../../src/workspace/open-workspace.ts';

export type Place = { readonly folder: string; readonly root: string; readonly state: string };

export function makePlace(above = tmpdir()): Place {
  const folder = realpathSync(mkdtempSync(join(above, 'clew-shadow-')));
  const root = join(folder, 'work');
  mkdirSync(root);
  return { folder, root, state: join(folder, 'state') };
}

export function dropPlace(place: Place): void {
  rmSync(place.folder, { recursive: true, force: true });
}

export type OpenOptions = {
  readonly git?: boolean;
  /** Where the workspace and its repository are, when that is not simply `.git`. */
  readonly ground?: Partial<WorkspacePlace>;
  readonly copiesBase?: boolean;
  readonly limitBytes?: number;
  readonly failpoint?: (name: string) => void;
  readonly holds?: () => boolean;
  /** Also few files are synced by the helper that many are. */
  readonly isHelped?: boolean;
};

const manyFiles = 1_000;

export function openTestShadow(place: Place, options: OpenOptions = {}): Shadow {
  const { git = false, failpoint = () => {}, ground = {}, isHelped = false, ...engine } = options;
  const helped = isHelped ? { openCrew: () => openSyncCrew(manyFiles) } : {};
  const { root } = place;
  const gitDir = git ? join(root, '.git') : undefined;
  const workspace = openWorkspace({ root, gitDir, threads: 1, ...ground });
  return openShadow({
    ...engine,
    stateFolder: place.state,
    workspace,
    failpoint,
    openRestorer: (base) => openRestorer({ ...base, root, failpoint, ...helped }),
  });
}

let minted = 0;

export function mintOrder(rest: Partial<TakeOrder> = {}): TakeOrder {
  minted += 1;
  return { id: `01TEST${String(minted).padStart(20, '0')}`, at: Date.now(), ...rest };
}

/** git as the judge: no config of the machine, no hooks. */
export function git(cwd: string, ...args: string[]): string {
  return execFileSync(
    'git',
    ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'gc.auto=0', ...args],
    {
      cwd,
      encoding: 'latin1',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' },
    },
  ).trimEnd();
}

/** Complaints of `git fsck` about a shadow repository. */
export function fsck(place: Place): string {
  const out = git(
    place.folder,
    '--git-dir',
    join(place.state, 'store.git'),
    'fsck',
    '--full',
    '--strict',
    '--no-dangling',
  );
  return out
    .split('\n')
    .filter(
      (line) =>
        !/^(?:notice: (?:HEAD|No default)|)/.test(line) || /error|missing|corrupt/.test(line),
    )
    .join('\n');
}

const rawAttributes = '* -text -filter -ident -working-tree-encoding\n';

/** The tree git would write of everything in the work tree that is not ignored. */
export function writeTreeByGit(place: Place, wants = ['-f']): string {
  const index = join(place.folder, 'judge-index');
  rmSync(index, { force: true });
  const env = ['--git-dir', join(place.folder, 'judge.git'), '--work-tree', place.root];
  git(place.folder, 'init', '-q', '--bare', join(place.folder, 'judge.git'));
  // It stores bytes as they are: it has no config, and attributes are overruled.
  mkdirSync(join(place.folder, 'judge.git', 'info'), { recursive: true });
  writeFileSync(join(place.folder, 'judge.git', 'info', 'attributes'), rawAttributes);
  git(place.root, ...env, 'add', '-A', ...wants, '.');
  return git(place.root, ...env, 'write-tree');
}
