/** Finds what drift has to look at in a workspace. */

import { lookAtGround } from '../repo/look-at-ground.ts';
import type { Moves } from '../repo/open-moves.ts';
import { openPack } from '../shadow/open-pack.ts';
import { openDriftFiles } from '../store/drift-files.ts';
import { findWorkspaceFolder } from '../store/state-folder.ts';
import { findTarget } from '../workspace/find-inside.ts';
import { locateWorkspace } from '../workspace/locate.ts';
import { openBlobIds } from '../workspace/open-blob-ids.ts';
import type { DriftPlace } from './open-drift.ts';

export function findDriftPlace(
  root: string,
  { home, moves }: { readonly home: string; readonly moves: Moves | undefined },
): DriftPlace | undefined {
  const { gitCommonDir } = locateWorkspace(root);
  if (gitCommonDir === undefined || moves === undefined) return undefined;
  const folder = findWorkspaceFolder({ home, workspace: root, gitCommonDir });
  if (folder === undefined) return undefined;
  const files = openDriftFiles(folder);
  files.prune();
  return {
    moves,
    fileOf: files.of,
    blobOf: openBlobIds(root),
    inside: (path) => findTarget(root, path),
    look: (before, after) => lookAtGround(gitCommonDir, before, after, openPack),
  };
}
