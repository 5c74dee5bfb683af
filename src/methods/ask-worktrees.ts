/** What the repository's other worktrees know of the very bytes of a file, where nobody here wrote them. */
import { existsSync } from 'node:fs';
import { replayEntry } from '../attribution/entry.ts';
import { originsOf } from '../attribution/fold-window.ts';
import { type Ledger, openLedger } from '../attribution/ledger.ts';
import { isAgents, type Origin } from '../attribution/origin.ts';
import { Failure } from '../errors.ts';
import { listWorktrees, type Worktree } from '../store/state-folder.ts';
import { type Context, openContext } from './context.ts';
import type { Explained } from './explain-now.ts';
import { openAttribution } from './open-attribution.ts';
import { openKeptAttribution } from './open-kept-attribution.ts';

type Asked = { readonly path: string; readonly blob: string };

const worktreeLimit = 16;

/** Only what somebody told to the letter there: who ran a command there may just have fetched the file. */
const telling: ReadonlySet<Origin['grade']> = new Set(['W', 'L']);

export async function askWorktrees<Version extends Explained>(
  context: Context,
  path: string,
  version: Version,
): Promise<Version> {
  if (version.origins.every(isAgents)) return version;
  const { root, gitCommonDir } = context.workspace;
  if (gitCommonDir === undefined) return version;
  const where = { home: context.home, workspace: root, gitCommonDir };
  const origins = [...version.origins];
  const asked = { path, blob: version.blob };
  const base = await findBase(context, asked);
  for (const worktree of listWorktrees(where).slice(0, worktreeLimit)) {
    const ledger = await openLedgerOf(context, worktree, asked);
    const page = ledger?.find(version.blob, path);
    const others = page === undefined ? [] : originsOf(page, origins.length);
    for (const [at, other] of others.entries()) {
      const own = origins[at];
      if (own !== undefined && isFrom(own, other, base)) origins[at] = other;
    }
  }
  return { ...version, origins };
}

/** What stood here before it was written there does not come from there. */
function isFrom(own: Origin, other: Origin, base: string | undefined): boolean {
  if (isAgents(own) || !telling.has(other.grade)) return false;
  const here = own.seen ?? base;
  return here === undefined || (other.seen !== undefined && other.seen < here);
}

/** The first checkpoint, where it has the file just so. */
async function findBase(context: Context, { path, blob }: Asked): Promise<string | undefined> {
  const keeper = await context.keeper();
  const [first] = await keeper.list();
  const version = first && (await keeper.versionAt(first.id, path));
  return version?.oid === blob ? first?.id : undefined;
}

/** Of a worktree that is gone, what was told while it was there. */
async function openLedgerOf(
  { env, onProgress }: Context,
  { path: root, state }: Worktree,
  asked: Asked,
): Promise<Ledger | undefined> {
  if (!existsSync(root)) {
    const ledger = openLedger();
    for (const it of openKeptAttribution(state.path).entries) replayEntry(ledger, it);
    return ledger;
  }
  const other = openContext({ folder: root, env, onProgress });
  try {
    // The path may lead into another repository by now.
    if (other.findFolder()?.id !== state.id) return undefined;
    return (await openAttribution(other, asked)).ledger;
  } catch (error) {
    // What cannot be opened there is no reason to tell nothing here.
    if (!(error instanceof Failure)) throw error;
    return undefined;
  } finally {
    await other.close();
  }
}
