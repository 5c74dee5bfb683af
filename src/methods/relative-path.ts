/** A path that somebody named, as checkpoints name it: relative to the workspace, with slashes. */
import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { Failure } from '../errors.ts';
import type { Context } from './context.ts';

/** Nothing for the workspace itself. */
export function relativePath({ workspace }: Pick<Context, 'workspace'>, path: string): string {
  const inside = isAbsolute(path) ? fromRoot(workspace.root, path) : join('.', path);
  if (inside === '.' || inside === '') return '';
  if (inside === '..' || inside.startsWith(`..${sep}`))
    throw new Failure('invalid-params', `${path} is outside of the workspace ${workspace.root}`, {
      data: { path, workspace: workspace.root },
      hint: 'only what lies in the workspace is kept and can go back',
    });
  const plain = inside.endsWith(sep) ? inside.slice(0, -1) : inside;
  return plain.split(sep).join('/');
}

/** Somebody may know the workspace by another name, through a link. */
function fromRoot(root: string, path: string): string {
  const direct = relative(root, path);
  if (direct !== '..' && !direct.startsWith(`..${sep}`)) return direct;
  const parent = realFolder(dirname(path));
  return parent === undefined ? direct : relative(root, join(parent, basename(path)));
}

function realFolder(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch (error) {
    // It is not there, or not for us: then it is no folder of the workspace by another name.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}
