/** What a person chose for a path that others wrote too. */
import type { Choices } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import type { Choice } from '../undo/plan-restore.ts';
import type { Context } from './context.ts';
import { relativePath } from './relative-path.ts';

const kinds = ['keep', 'overwrite', 'merge'] as const;

/** The longest path decides, so that one file can be excepted from its folder. */
export function openChooser(context: Context, choices: Choices): (path: string) => Choice {
  const chosen = new Map<string, Choice>();
  for (const kind of kinds)
    for (const named of choices[kind] ?? []) {
      const path = relativePath(context, named);
      const other = chosen.get(path);
      if (other !== undefined && other !== kind)
        throw new Failure('invalid-params', `${named} cannot be chosen for ${other} and ${kind}`, {
          data: { path: named },
          hint: 'choose one of keep, overwrite and merge for each path',
        });
      chosen.set(path, kind);
    }
  return (path) => {
    for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
      const choice = chosen.get(at);
      if (choice !== undefined) return choice;
    }
    return chosen.get('') ?? 'refuse';
  };
}
