/** Who wrote which line, as far as the checkpoints tell: folded where anything is new, kept for the next question. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type Entry, type EntryHead, replayEntry, writeEntry } from '../attribution/entry.ts';
import { type FileChange, foldWindow, type Taught } from '../attribution/fold-window.ts';
import { type Ledger, openLedger } from '../attribution/ledger.ts';
import { openTexts } from '../attribution/open-texts.ts';
import { findRenames } from '../compare/find-renames.ts';
import type { Calls } from '../shadow/calls.ts';
import type { Change, Checkpoint, Window } from '../shadow/order.ts';
import { readIfThere, writeWhole } from '../store/whole-file.ts';
import { type Bout, listBouts } from '../undo/bouts.ts';
import type { Context } from './context.ts';
import { nameText } from './name-text.ts';
import { isAfterGap, openSuspects } from './open-suspects.ts';
import { openTextReader, type TextReader } from './open-text-reader.ts';

export type Attribution = {
  readonly ledger: Ledger;
  readonly checkpoints: readonly Checkpoint[];
  readonly texts: TextReader;
  readonly entries: readonly Entry[];
};

const cacheFormat = 'clew attribution 2';
/** So many files of one window are asked for at once. */
const batch = 64;

export async function openAttribution(context: Context): Promise<Attribution> {
  const file = cacheOf(context);
  const keeper = await context.keeper();
  const checkpoints = await keeper.list();
  const texts = openTextReader(keeper);
  const ledger = openLedger();
  const bouts = listBouts(checkpoints);
  const keys = listKeys(checkpoints, bouts);
  const kept = replayKept(ledger, readKept(file), { checkpoints, keys });
  const known = new Set(kept.map(({ id }) => id));
  const first = checkpoints.slice(1).find(({ id }) => !known.has(id));
  if (first !== undefined) {
    const windows = await keeper.windows(first.id);
    const entries = await foldAll(windows, { keeper, checkpoints, texts, ledger, keys, context });
    kept.push(...entries);
    writeKept(file, kept);
  }
  return { ledger, checkpoints, texts, entries: kept };
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
  const windows = second === undefined ? [] : await keeper.windows(second.id);
  const ledger = openLedger();
  const anew = await foldAll(windows, { keeper, checkpoints, texts, ledger, keys, context });
  const kept = new Map(readKept(cacheOf(context)).map((it) => [it.id, it]));
  const problems = anew
    // What was learned from checkpoints that are gone cannot be learned anew.
    .filter(({ id }) => !isFrozen(checkpoints, id))
    .filter((entry) => JSON.stringify(kept.get(entry.id)) !== JSON.stringify(entry))
    .map(({ id }) => `what is kept of checkpoint ${id} is not what it says`);
  return { attribution, versions: anew.reduce((sum, it) => sum + it.pages.length, 0), problems };
}

export function cacheOf(context: Context): string {
  return join(context.folder().path, 'attribution.ndjson');
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
  const logged = checkpoints.flatMap((it) => (it.logged === undefined ? [] : [it.commit]));
  return new Map(
    checkpoints.map(({ id, commit }, place) => {
      const acts = (bouts.get(id) ?? []).map((it) => it.acts);
      const ahead = listFollowing(checkpoints, place).map((it) => it.commit);
      const hash = createHash('sha1').update(JSON.stringify([commit, acts, ahead, logged]));
      return [id, hash.digest('hex')];
    }),
  );
}

const aheadLimit = 4;

/** Checkpoints that still account for a tool call of this one: a quick look has not seen all of what it did. */
function listFollowing(checkpoints: readonly Checkpoint[], place: number): readonly Checkpoint[] {
  const steps = stepsOf(checkpoints[place]);
  if (steps.size === 0) return [];
  const next = checkpoints.slice(place + 1, place + 1 + aheadLimit);
  const end = next.findIndex((it) => ![...stepsOf(it)].some((step) => steps.has(step)));
  return end < 0 ? next : next.slice(0, end);
}

function stepsOf(checkpoint: Checkpoint | undefined): ReadonlySet<string> {
  return new Set((checkpoint?.acts ?? []).flatMap(({ by }) => ('step' in by ? [by.step] : [])));
}

export function readKept(file: string): Entry[] {
  const [format, ...lines] = (readIfThere(file)?.toString('utf8') ?? '').split('\n');
  if (format !== cacheFormat) return [];
  try {
    return lines.filter((it) => it !== '').map((it) => JSON.parse(it) as Entry);
  } catch (error) {
    // It is only a cache: what cannot be read is made anew.
    if (!(error instanceof SyntaxError)) throw error;
    return [];
  }
}

function writeKept(file: string, entries: readonly Entry[]): void {
  writeWhole(file, [cacheFormat, ...entries.map((it) => JSON.stringify(it)), ''].join('\n'));
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

type Folding = Grounds & {
  readonly keeper: Calls;
  readonly texts: TextReader;
  readonly ledger: Ledger;
  readonly context: Context;
};

async function foldAll(windows: readonly Window[], folding: Folding): Promise<Entry[]> {
  const { checkpoints, texts, ledger, keys, context } = folding;
  const suspectsOf = openSuspects(checkpoints, windows, texts);
  const ports = { texts: openTexts({ read: texts.read, name: nameText }), suspectsOf };
  const entries: Entry[] = [];
  const changesAt = new Map(windows.map((it) => [it.id, it.changes]));
  const placeAt = new Map(checkpoints.map((it, place) => [it.id, place]));
  let files = 0;
  for (const { id, changes } of windows) {
    const following = listFollowing(checkpoints, placeAt.get(id) ?? -1);
    const later = following.flatMap((it) => changesAt.get(it.id) ?? []);
    const paired = await pairRenames(changes, later, texts);
    const parts: Taught[] = [];
    for (let at = 0; at < paired.length; at += batch) {
      const some = paired.slice(at, at + batch);
      await texts.fetch(some.flatMap(({ before, after }) => [before?.oid, after?.oid]));
      parts.push(await foldWindow(ledger, { id, changes: some }, ports));
      files += some.length;
      context.onProgress(files);
    }
    const all: Taught = {
      pages: parts.flatMap((it) => it.pages),
      lost: parts.flatMap((it) => it.lost),
      confirmed: parts.flatMap((it) => it.confirmed),
      unclaimed: parts.flatMap((it) => it.unclaimed),
    };
    const head = { id, key: keys.get(id) ?? '', ...describe(checkpoints[placeAt.get(id) ?? -1]) };
    entries.push(writeEntry(head, all));
  }
  return entries;
}

/** What was found at the end of something that the session did, not what was there before it. */
const endings: ReadonlySet<string | undefined> = new Set(['step', 'turn', 'late', 'write']);

function describe(checkpoint: Checkpoint | undefined): Pick<EntryHead, 'session' | 'told'> {
  const { marks = {}, acts = [] } = checkpoint ?? {};
  const told = acts.flatMap(({ by, paths, failed }) =>
    'undo' in by || failed === true
      ? []
      : paths.map((path) => [by.session, by.step, path] as const),
  );
  const session = endings.has(marks['reason']) ? marks['session'] : undefined;
  return { told, ...(session === undefined ? {} : { session }) };
}

/** `later`: what the same tool calls are seen to have done only then, such as to take the old name away. */
async function pairRenames(
  changes: readonly Change[],
  later: readonly Change[],
  texts: TextReader,
): Promise<readonly FileChange[]> {
  const plain = changes.map(
    ({ path, before, after, unknown }): FileChange => ({
      path,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
      ...(unknown === 'before' ? { isUnsure: true } : {}),
    }),
  );
  const own = new Set(changes.map((it) => it.path));
  const sure = [...changes, ...later.filter((it) => !it.after && !own.has(it.path))].filter(
    ({ unknown }) => unknown === undefined,
  );
  if (!sure.some((it) => !it.before) || !sure.some((it) => !it.after)) return plain;
  const { changes: paired } = await findRenames(sure, { readBytes: texts.readBytes });
  const names = new Map(paired.map((it) => [it.path, it]));
  return plain.map((it) => {
    const found = names.get(it.path);
    const { oldPath: from, before } = found ?? {};
    return from === undefined || before === undefined ? it : { ...it, from, before };
  });
}
