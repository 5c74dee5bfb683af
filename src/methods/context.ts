/** What every method is handed: this workspace, its state, and the hands that reach it. */
import type { Methods } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import type { Head } from '../repo/head.ts';
import { readHead } from '../repo/head.ts';
import type { TraceIndex } from '../store/index/trace-index.ts';
import { readLeases } from '../store/lease.ts';
import { findWorkspaceFolder, openStateHome, type WorkspaceFolder } from '../store/state-folder.ts';
import { locateWorkspace, type Workspace } from '../workspace/locate.ts';

export type Handler<M extends keyof Methods> = (
  context: Context,
  params: Methods[M]['params'],
) => Promise<Methods[M]['result']>;

export type Context = {
  readonly workspace: Workspace;
  /** Where clew keeps the state of all workspaces. */
  readonly home: string;
  readonly env: Environment;
  /** The state of this one. Throws where nothing was ever recorded. */
  folder(): WorkspaceFolder;
  /** Undefined where nothing was ever recorded. */
  findFolder(): WorkspaceFolder | undefined;
  head(): Head;
  /** Opened on first use: what needs no index needs no native module either. */
  index(): Promise<TraceIndex>;
  /** Writers that run now, as far as this machine can know. */
  running(): ReadonlySet<string>;
  /** Told while the index is built, for whoever waits. */
  readonly onProgress: (entries: number) => void;
  close(): void;
};

type Environment = Readonly<Record<string, string | undefined>>;

export type ContextOptions = {
  /** Any folder inside the workspace. */
  readonly folder: string;
  readonly env: Environment;
  readonly onProgress?: (entries: number) => void;
};

export function openContext({ folder, env, onProgress }: ContextOptions): Context {
  const home = openStateHome(env);
  const find = (workspace: Workspace) =>
    findWorkspaceFolder({
      home,
      workspace: workspace.root,
      ...(workspace.gitCommonDir === undefined ? {} : { gitCommonDir: workspace.gitCommonDir }),
    });
  const workspace = locateWorkspace(folder, (root) => find({ root, linked: false }) !== undefined);
  let index: Promise<TraceIndex> | undefined;
  let opened: TraceIndex | undefined;

  function openFolder(): WorkspaceFolder {
    const found = find(workspace);
    if (found !== undefined) return found;
    throw new Failure('no-workspace', `nothing is recorded of ${workspace.root}`, {
      data: { workspace: workspace.root, home },
      hint: 'start your agent through clew there (`clew acp -- <agent>`), or go to a folder of a workspace that is recorded',
    });
  }

  async function openOwnIndex(): Promise<TraceIndex> {
    const { openIndex } = await import('../store/index/trace-index.ts');
    const { index: path, journal } = openFolder();
    opened = await openIndex({ path, journal });
    return opened;
  }

  return {
    workspace,
    home,
    env,
    folder: openFolder,
    findFolder: () => find(workspace),
    head() {
      const { gitDir, gitCommonDir } = workspace;
      return gitDir === undefined ? {} : readHead(gitDir, gitCommonDir);
    },
    index() {
      index ??= openOwnIndex();
      return index;
    },
    running() {
      const living = readLeases(openFolder().journal).filter((it) => it.state !== 'stale');
      return new Set(living.map((it) => it.writer));
    },
    onProgress: onProgress ?? (() => undefined),
    close() {
      opened?.close();
    },
  };
}
