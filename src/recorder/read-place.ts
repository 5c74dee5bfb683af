/** Where a workspace is now, as a short layer tells it: its branch, HEAD, and what differs from git's index. */
import type { PlaceNoted } from '../contract/types.gen.ts';
import { readHead } from '../repo/head.ts';
import { readTreeStatus } from '../repo/read-tree-status.ts';
import { locateWorkspace } from '../workspace/locate.ts';

export async function readPlace(root: string): Promise<Omit<PlaceNoted, 'type'>> {
  const { gitDir, gitCommonDir } = locateWorkspace(root);
  if (gitDir === undefined) return {};
  const tree = await readTreeStatus({ root, gitDir });
  return { ...readHead(gitDir, gitCommonDir), ...(tree === undefined ? {} : { tree }) };
}
