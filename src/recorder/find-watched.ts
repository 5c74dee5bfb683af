/** Finds what there is to watch of a workspace: its repository, and where its state lies. */
import { openMovesPlace } from '../store/moves-place.ts';
import { findWorkspaceFolder } from '../store/state-folder.ts';
import { locateWorkspace } from '../workspace/locate.ts';
import type { WatchedPlace } from './open-watches.ts';

type Watcher = {
  /** The state home. */
  readonly home: string;
  /** What hooks behind our agent know us by. */
  readonly run: string;
  /** Undefined while nothing is recorded there. */
  readonly writer: string | undefined;
};

export function findWatched(
  root: string,
  { home, run, writer }: Watcher,
): WatchedPlace | undefined {
  const { gitDir, gitCommonDir } = locateWorkspace(root);
  if (writer === undefined || gitDir === undefined || gitCommonDir === undefined) return undefined;
  const folder = findWorkspaceFolder({ home, workspace: root, gitCommonDir });
  if (folder === undefined) return undefined;
  const repo = { gitDir, commonDir: gitCommonDir, run };
  return { repo, state: openMovesPlace(folder), writer };
}
