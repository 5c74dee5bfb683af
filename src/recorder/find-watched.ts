/** Finds what there is to watch of a workspace: its repository, and where its state lies. */
import { canReadRefs } from '../repo/read-table-stack.ts';
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
  /** For the person, on stderr. */
  say(text: string): void;
};

export function findWatched(
  root: string,
  { home, run, writer, say }: Watcher,
): WatchedPlace | undefined {
  const { gitDir, gitCommonDir } = locateWorkspace(root);
  if (writer === undefined || gitDir === undefined || gitCommonDir === undefined) return undefined;
  if (!canReadRefs(gitDir, gitCommonDir)) {
    say(`drift is not watched in ${root}: its refs are in reftables that cannot be read`);
    return undefined;
  }
  const folder = findWorkspaceFolder({ home, workspace: root, gitCommonDir });
  if (folder === undefined) return undefined;
  const repo = { gitDir, commonDir: gitCommonDir, run };
  return { repo, state: openMovesPlace(folder), writer };
}
