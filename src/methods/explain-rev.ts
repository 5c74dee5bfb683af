/** A version of a file that somebody asks about: as it is now, or in a commit. */
import { isBinary } from '../attribution/text-lines.ts';
import { Failure } from '../errors.ts';
import { beginBeside } from './begin-beside.ts';
import type { Context } from './context.ts';
import { openCommitReader } from './explain-commit.ts';
import { type Explained, explainNow, nameNow } from './explain-now.ts';
import { openAttribution } from './open-attribution.ts';
import { type Git, openGit } from './open-git.ts';
import { openWorktrees } from './open-worktrees.ts';

type Wish = { readonly path: string; readonly rev: string | undefined };

export async function explainRev(
  context: Context,
  wish: Wish,
): Promise<Explained & { readonly commit?: string }> {
  const { path } = wish;
  beginBeside(context);
  const version = await explainOwn(context, wish);
  return openWorktrees(context, { path, blob: version.blob }).ask(path, version);
}

async function explainOwn(
  context: Context,
  { path, rev }: Wish,
): Promise<Explained & { readonly commit?: string }> {
  if (rev === undefined) return explainHere(context, path);
  const git = openGit(context);
  try {
    const commit = git.resolve(rev);
    const attribution = await openAttribution(context);
    const file = await openCommitReader(context, attribution, git).explain(commit, path);
    if (file === undefined) throw refuse(git, { path, rev, commit });
    if (isBinary(file.raw))
      throw new Failure('invalid-params', `${path} is binary in ${rev}: it has no lines`, {
        data: { path, commit },
        hint: '`clew blame --commit` lists who changed it',
      });
    return { ...file, commit, notes: [] };
  } finally {
    git.close();
  }
}

/** Of all that was seen, only what has a say in this file need be looked at. */
async function explainHere(context: Context, path: string): Promise<Explained> {
  const blob = nameNow(context, path);
  const asked = blob === undefined ? { path } : { path, blob };
  return explainNow(context, await openAttribution(context, asked), path);
}

function refuse(git: Git, { path, rev, commit }: Wish & { readonly commit: string }): Failure {
  const isThere = git.version(commit, path) !== undefined;
  const what = isThere ? `the text of ${path} is not in this repository` : `${rev} has no ${path}`;
  return new Failure('unknown-id', what, {
    data: { path, commit },
    hint: isThere
      ? 'in a partial clone, `git fetch` brings it'
      : 'it may have had another name then, or not have been committed yet',
  });
}
