/** Who wrote which line, as far as the checkpoints tell: folded where anything is new, kept for the next question. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type Entry, replayEntry, writeEntry } from '../attribution/entry.ts';
import { type FileChange, foldWindow, type Taught } from '../attribution/fold-window.ts';
import { type Ledger, openLedger } from '../attribution/ledger.ts';
import { findRenames } from '../compare/find-renames.ts';
import type { Calls } from '../shadow/calls.ts';
import type { Change, Checkpoint, Window } from '../shadow/order.ts';
import { readIfThere, writeWhole } from '../store/whole-file.ts';
import { type Bout, listBouts } from '../undo/bouts.ts';
import type { Context } from './context.ts';
import { isAfterGap, openSuspects } from './open-suspects.ts';
import { openTextReader, type TextReader } from './open-text-reader.ts';

export type Attribution = {
  readonly ledger: Ledger;
  readonly checkpoints: readonly Checkpoint[];
  readonly texts: TextReader;
};

const cacheFormat = 'clew attribution 1';
/** So many files of one window are asked for at once. */
const batch = 64;

export async function openAttribution(context: Context): Promise<Attribution> {
  const { path: folder } = context.folder();
  const keeper = await context.keeper();
  const checkpoints = await keeper.list();
  const texts = openTextReader(keeper);
  const ledger = openLedger();
  const bouts = listBouts(checkpoints);
  const keys = listKeys(checkpoints, bouts);
  const file = join(folder, 'attribution.ndjson');
  const kept = replayKept(ledger, readKept(file), { checkpoints, keys });
  const known = new Set(kept.map(({ id }) => id));
  const first = checkpoints.slice(1).find(({ id }) => !known.has(id));
  if (first !== undefined) {
    const windows = await keeper.windows(first.id);
    const entries = await foldAll(windows, { keeper, checkpoints, texts, ledger, keys, context });
    writeKept(file, [...kept, ...entries]);
  }
  return { ledger, checkpoints, texts };
}

/** Of each checkpoint, what its window is judged by. */
function listKeys(
  checkpoints: readonly Checkpoint[],
  bouts: ReadonlyMap<string, readonly Bout[]>,
): ReadonlyMap<string, string> {
  return new Map(
    checkpoints.map(({ id, commit }) => {
      const acts = (bouts.get(id) ?? []).map((it) => it.acts);
      const hash = createHash('sha1').update(JSON.stringify([commit, acts]));
      return [id, hash.digest('hex')];
    }),
  );
}

function readKept(file: string): Entry[] {
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
  const isFrozen = (id: string) => {
    const place = places.get(id);
    return place === undefined || isAfterGap(grounds.checkpoints, place);
  };
  let isSound = true;
  return entries.filter((entry) => {
    const frozen = isFrozen(entry.id);
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
  const entries: Entry[] = [];
  let files = 0;
  for (const { id, changes } of windows) {
    const paired = await pairRenames(changes, texts);
    const parts: Taught[] = [];
    for (let at = 0; at < paired.length; at += batch) {
      const some = paired.slice(at, at + batch);
      await texts.fetch(some.flatMap(({ before, after }) => [before?.oid, after?.oid]));
      const ports = { read: texts.read, suspectsOf };
      parts.push(await foldWindow(ledger, { id, changes: some }, ports));
      files += some.length;
      context.onProgress(files);
    }
    const pages = parts.flatMap((it) => it.pages);
    const lost = parts.flatMap((it) => it.lost);
    entries.push(writeEntry(id, keys.get(id) ?? '', { pages, lost }));
  }
  return entries;
}

async function pairRenames(
  changes: readonly Change[],
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
  const isMoving = changes.some((it) => !it.before) && changes.some((it) => !it.after);
  if (!isMoving) return plain;
  const { changes: paired } = await findRenames(
    changes.filter(({ unknown }) => unknown === undefined),
    { readBytes: texts.readBytes },
  );
  const names = new Map(paired.map((it) => [it.path, it] as const));
  return plain.map((it) => {
    const found = names.get(it.path);
    const { oldPath: from, before } = found ?? {};
    return from === undefined || before === undefined ? it : { ...it, from, before };
  });
}
