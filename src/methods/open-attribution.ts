/** Who wrote which line, as far as the checkpoints tell: folded where anything is new, kept for the next question. */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type Asked, chooseRelated, type Related } from '../attribution/choose-related.ts';
import { type Entry, replayEntry } from '../attribution/entry.ts';
import { type Ledger, openLedger } from '../attribution/ledger.ts';
import type { Calls } from '../shadow/calls.ts';
import type { Checkpoint, Window } from '../shadow/order.ts';
import { type Bout, isAfterGap, isOfRights, listBouts } from '../undo/bouts.ts';
import type { Context } from './context.ts';
import { type Folding, foldCheckpoints } from './fold-checkpoints.ts';
import { listFollowing, listNext } from './list-following.ts';
import { openKeptAttribution } from './open-kept-attribution.ts';
import { openTextReader, type TextReader } from './open-text-reader.ts';
import { listPlain, openPairing } from './pair-renames.ts';

export type Attribution = {
  readonly ledger: Ledger;
  readonly checkpoints: readonly Checkpoint[];
  readonly texts: TextReader;
  readonly entries: readonly Entry[];
};

/** So many changes, and all are folded at once, and kept. */
const wholeLimit = 256;

/** `asked`: the one file that matters; where there is much to fold, nothing else is. */
export async function openAttribution(context: Context, asked?: Asked): Promise<Attribution> {
  const cache = openKeptAttribution(context.folder().path);
  const keeper = await context.keeper();
  const checkpoints = await keeper.list();
  const texts = openTextReader(keeper);
  const ledger = openLedger();
  const bouts = listBouts(checkpoints);
  const keys = listKeys(checkpoints, bouts);
  const kept = replayKept(ledger, cache.entries, { checkpoints, keys });
  const known = new Set(kept.map(({ id }) => id));
  const first = checkpoints.slice(1).find(({ id }) => !known.has(id));
  if (first !== undefined) {
    const windows = await readWindows(keeper, first.id);
    const folding = openFolding(context, windows, { checkpoints, texts, ledger, keys });
    const parts = await chooseParts(folding, asked);
    kept.push(...(await foldCheckpoints(folding, parts)));
    // What is folded in part would be taken for the whole the next time.
    if (parts === undefined) cache.keep(kept);
  }
  return { ledger, checkpoints, texts, entries: kept };
}

/** Undefined where all of it is to be folded. */
async function chooseParts(
  folding: Folding,
  asked: Asked | undefined,
): Promise<readonly Related[] | undefined> {
  const count = countChanges(folding.windows);
  if (asked === undefined || count <= wholeLimit) return undefined;
  const windows = folding.windows.map(({ id, changes }) => ({ id, changes: listPlain(changes) }));
  const parts = await chooseRelated(windows, asked, ({ id }) => folding.pair(id));
  return 2 * countChanges(parts) > count ? undefined : parts;
}

/** Whose lines are whose, a change of rights says nothing of. */
async function readWindows(keeper: Calls, first: string): Promise<Window[]> {
  const windows = await keeper.windows(first);
  return windows.map((it) => ({
    ...it,
    changes: it.changes.filter((change) => !isOfRights(change)),
  }));
}

function countChanges(windows: readonly { readonly changes: readonly unknown[] }[]): number {
  return windows.reduce((sum, { changes }) => sum + changes.length, 0);
}

function openFolding(
  { onProgress }: Context,
  windows: readonly Window[],
  state: Pick<Folding, 'checkpoints' | 'texts' | 'ledger' | 'keys'>,
): Folding {
  const pair = openPairing(state.checkpoints, windows, state.texts);
  return { ...state, windows, pair, onProgress };
}

/** Folds everything anew, and compares it with what is kept. */
export async function checkAttribution(context: Context): Promise<{
  readonly attribution: Attribution;
  readonly versions: number;
  readonly problems: readonly string[];
}> {
  const attribution = await openAttribution(context);
  const { checkpoints, texts } = attribution;
  const keeper = await context.keeper();
  const keys = listKeys(checkpoints, listBouts(checkpoints));
  const [, second] = checkpoints;
  const windows = second === undefined ? [] : await readWindows(keeper, second.id);
  const ledger = openLedger();
  const folding = openFolding(context, windows, { checkpoints, texts, ledger, keys });
  const anew = await foldCheckpoints(folding);
  const kept = new Map(openKeptAttribution(context.folder().path).entries.map((it) => [it.id, it]));
  const problems = anew
    // What was learned from checkpoints that are gone cannot be learned anew.
    .filter(({ id }) => !isFrozen(checkpoints, id))
    .filter((entry) => !isDeepStrictEqual(kept.get(entry.id), entry))
    .map(({ id }) => `what is kept of checkpoint ${id} is not what it says`);
  return { attribution, versions: anew.reduce((sum, it) => sum + it.pages.length, 0), problems };
}

function isFrozen(checkpoints: readonly Checkpoint[], id: string): boolean {
  const place = checkpoints.findIndex((it) => it.id === id);
  return place < 0 || isAfterGap(checkpoints, place);
}

/** Of each checkpoint, what its window is judged by. */
function listKeys(
  checkpoints: readonly Checkpoint[],
  bouts: ReadonlyMap<string, readonly Bout[]>,
): ReadonlyMap<string, string> {
  const logged = nameAll(checkpoints.filter((it) => it.logged).map((it) => it.commit));
  return new Map(
    checkpoints.map(({ id, commit }, place) => {
      const acts = (bouts.get(id) ?? []).map((it) => it.acts);
      const following = [...listFollowing(checkpoints, place), ...listNext(checkpoints, place)];
      const ahead = [...new Set(following.map((it) => it.commit))];
      return [id, nameAll([commit, acts, ahead, logged])];
    }),
  );
}

function nameAll(values: readonly unknown[]): string {
  return createHash('sha1').update(JSON.stringify(values)).digest('hex');
}

type Grounds = {
  readonly checkpoints: readonly Checkpoint[];
  readonly keys: ReadonlyMap<string, string>;
};

/**
 * As far as nothing has changed beneath it. What was learned from checkpoints that were forgotten
 * since, or from the first one left, cannot be learned anew, and stays.
 */
function replayKept(ledger: Ledger, entries: readonly Entry[], grounds: Grounds): Entry[] {
  const places = new Map(grounds.checkpoints.map(({ id }, place) => [id, place]));
  const isKeptFor = (id: string) => {
    const place = places.get(id);
    return place === undefined || isAfterGap(grounds.checkpoints, place);
  };
  let isSound = true;
  return entries.filter((entry) => {
    const frozen = isKeptFor(entry.id);
    isSound &&= frozen || grounds.keys.get(entry.id) === entry.key;
    if (!isSound && !frozen) return false;
    replayEntry(ledger, entry);
    return true;
  });
}
