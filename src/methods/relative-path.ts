/** A path that somebody named, as checkpoints name it; refused outside of the workspace. */
import { Failure } from '../errors.ts';
import { findInside } from '../workspace/find-inside.ts';
import type { Context } from './context.ts';

/** Nothing for the workspace itself. */
export function relativePath({ workspace }: Pick<Context, 'workspace'>, path: string): string {
  const inside = findInside(workspace.root, path);
  if (inside !== undefined) return inside;
  throw new Failure('invalid-params', `${path} is outside of the workspace ${workspace.root}`, {
    data: { path, workspace: workspace.root },
    hint: 'only what lies in the workspace is kept and can go back',
  });
}
