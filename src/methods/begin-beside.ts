/** Begins the record of a worktree that has none, where others of its repository have one: they may know the very bytes of its files. */
import { listWorktrees } from '../store/state-folder.ts';
import type { Context } from './context.ts';

export function beginBeside(context: Context): void {
  const { root, gitCommonDir } = context.workspace;
  if (gitCommonDir === undefined || context.findFolder() !== undefined) return;
  const others = listWorktrees({ home: context.home, workspace: root, gitCommonDir });
  if (others.length > 0) context.makeFolder();
}
