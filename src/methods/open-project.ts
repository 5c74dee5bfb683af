/** The project's state that the state methods ask and change. */
import { readAncestry } from '../repo/read-ancestry.ts';
import { findCopyFolder } from '../store/find-copy-folder.ts';
import { openProjectShelf, type ProjectShelf } from '../store/open-project-shelf.ts';
import { openProjectCache } from '../store/state/open-project-cache.ts';
import type { Context } from './context.ts';

/** Up to date with what everybody told. */
export async function openProject(context: Context): Promise<ProjectShelf> {
  const { root, gitDir, gitCommonDir } = context.workspace;
  // A project may bring its state along, also to where nothing was recorded yet.
  if (context.findFolder() === undefined && findCopyFolder(root) !== undefined)
    context.makeFolder();
  const { layers, journal, state } = context.folder();
  const shelf = await openProjectShelf(
    { root, layers, journal },
    {
      record: (event) => context.record({ event }),
      now: () => context.mint().at,
      head: () => context.head().head,
      isAncestor: async (older, newer) =>
        gitDir !== undefined &&
        gitCommonDir !== undefined &&
        readAncestry(gitDir, gitCommonDir).isAncestor(older, newer),
      cache: openProjectCache(state),
    },
  );
  await shelf.readOn();
  return shelf;
}

/** For who changes something: also where nothing was recorded yet. */
export async function makeProject(context: Context): Promise<ProjectShelf> {
  if (context.findFolder() === undefined) context.makeFolder();
  return openProject(context);
}

/** Of each item the versions that stand. */
export function listVersions(
  { fold }: ProjectShelf,
  ids: Iterable<string> = fold.ids(),
): Record<string, string[]> {
  const standing = [...ids].sort().map((id) => [id, [...fold.standing(id)]] as [string, string[]]);
  return Object.fromEntries(standing.filter(([, versions]) => versions.length > 0));
}
