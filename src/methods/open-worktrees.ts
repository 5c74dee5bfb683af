/** What the repository's other worktrees know of the very bytes of a file, where nobody here wrote them. */
import { existsSync } from 'node:fs';
import { replayEntry } from '../attribution/entry.ts';
import { type Ledger, openLedger } from '../attribution/ledger.ts';
import { isAgents, type Origin } from '../attribution/origin.ts';
import { originsOf } from '../attribution/origins-of.ts';
import { Failure } from '../errors.ts';
import { listWorktrees, type Worktree } from '../store/state-folder.ts';
import { type Context, openContext } from './context.ts';
import { openAttribution } from './open-attribution.ts';
import { openKeptAttribution } from './open-kept-attribution.ts';

/** One file that matters, and nothing else. */
type Asked = { readonly path: string; readonly blob: string };
type Version = { readonly blob: string; readonly origins: readonly Origin[] };

export type Worktrees = {
  /** The same version, with what the others know of it. */
  ask<File extends Version>(path: string, file: File): Promise<File>;
};

const worktreeLimit = 16;

/** Only what somebody told to the letter there: who ran a command there may just have fetched the file. */
const telling: ReadonlySet<Origin['grade']> = new Set(['W', 'L']);

/** The others are read when there is the first line that nobody here wrote, and once. */
export function openWorktrees(context: Context, only?: Asked): Worktrees {
  let reading: Promise<readonly Ledger[]> | undefined;

  return {
    async ask(path, file) {
      if (file.origins.every(isAgents)) return file;
      reading ??= readLedgers(context, only);
      const pages = (await reading).flatMap((it) => it.find(file.blob, path) ?? []);
      if (pages.length === 0) return file;
      const base = await findBase(context, { path, blob: file.blob });
      const origins = [...file.origins];
      for (const page of pages)
        for (const [at, other] of originsOf(page, origins.length).entries()) {
          const own = origins[at];
          if (own !== undefined && isFrom(own, other, base)) origins[at] = other;
        }
      return { ...file, origins };
    },
  };
}

async function readLedgers(context: Context, only: Asked | undefined): Promise<readonly Ledger[]> {
  const { root, gitCommonDir } = context.workspace;
  if (gitCommonDir === undefined) return [];
  const where = { home: context.home, workspace: root, gitCommonDir };
  const ledgers: Ledger[] = [];
  for (const worktree of listWorktrees(where).slice(0, worktreeLimit)) {
    const ledger = await openLedgerOf(context, worktree, only);
    if (ledger !== undefined) ledgers.push(ledger);
  }
  return ledgers;
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
  only: Asked | undefined,
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
    return (await openAttribution(other, only)).ledger;
  } catch (error) {
    // What cannot be opened there is no reason to tell nothing here.
    if (!(error instanceof Failure)) throw error;
    return undefined;
  } finally {
    await other.close();
  }
}
