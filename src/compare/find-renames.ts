/** Finds which removed file lives on as which added one: by its bytes, then by what both are made of. */
import { nameOf } from '../snapshot/raw-path.ts';
import { drawSketch, measureSimilarity, type Sketch } from './sketch.ts';
import type { Change, PairedChange, Sources } from './sources.ts';

export type Renames = {
  /** The changes, with two that are one rename made one; in the order of their paths. */
  readonly changes: readonly PairedChange[];
  /** Why only files with the very same bytes were looked for. */
  readonly gaveUp?: string;
};

const leastPercent = 50;
/** Removed times added files. */
const pairLimit = 1000 * 1000;
/** Larger files are only known by their id. */
const fileLimitBytes = 1 << 20;
/** Of all files that are looked into. */
const readLimitBytes = 64 << 20;
/** Steps of comparing, over all pairs. */
const workLimit = 100_000_000;

type Pair = { readonly gone: Change; readonly made: Change; readonly similarity: number };
type Sketched = { readonly change: Change; readonly sketch: Sketch };

export async function findRenames(changes: readonly Change[], sources: Sources): Promise<Renames> {
  const gone = changes.filter((it) => it.before && !it.after);
  const made = changes.filter((it) => it.after && !it.before);
  const exact = pairAlike(gone, made);
  const left = withoutPairs({ gone, made }, exact);
  const { pairs, gaveUp } = await pairSimilar(left.gone, left.made, sources);
  return {
    changes: joinPairs(changes, [...exact, ...pairs]),
    ...(gaveUp === undefined ? {} : { gaveUp }),
  };
}

/** The same bytes: a file of the same name in another folder first. */
function pairAlike(gone: readonly Change[], made: readonly Change[]): Pair[] {
  const byId = new Map<string, Change[]>();
  for (const change of gone) {
    const key = keyOf(change.before);
    byId.set(key, [...(byId.get(key) ?? []), change]);
  }
  const pairs: Pair[] = [];
  const paired = new Set<Change>();
  const pair = (isGood: (one: Change, other: Change) => boolean) => {
    for (const change of made) {
      if (paired.has(change)) continue;
      const alike = byId.get(keyOf(change.after)) ?? [];
      const at = alike.findIndex((it) => isGood(it, change));
      const [found] = at < 0 ? [] : alike.splice(at, 1);
      if (found === undefined) continue;
      pairs.push({ gone: found, made: change, similarity: 100 });
      paired.add(change);
    }
  };
  pair((one, other) => nameOf(one.path) === nameOf(other.path));
  pair(() => true);
  return pairs;
}

/** A link never becomes a file by a rename. */
function keyOf(version: Change['before']): string {
  return `${version?.mode === '120000' ? 'link' : 'file'} ${version?.oid}`;
}

function withoutPairs(
  { gone, made }: { gone: readonly Change[]; made: readonly Change[] },
  pairs: readonly Pair[],
) {
  const known = new Set(pairs.flatMap((it) => [it.gone, it.made]));
  return { gone: gone.filter((it) => !known.has(it)), made: made.filter((it) => !known.has(it)) };
}

async function pairSimilar(
  gone: readonly Change[],
  made: readonly Change[],
  sources: Sources,
): Promise<{ pairs: readonly Pair[]; gaveUp?: string }> {
  if (gone.length === 0 || made.length === 0) return { pairs: [] };
  if (pairLimit < gone.length * made.length)
    return { pairs: [], gaveUp: 'too many files were removed and added' };
  const read = { leftBytes: readLimitBytes };
  const old = await sketchAll(gone, sources, read);
  const now = await sketchAll(made, sources, read);
  const found = read.leftBytes < 0 ? undefined : rankPairs(old, now);
  if (found === undefined)
    return { pairs: [], gaveUp: 'the files that were removed and added are too large' };
  return { pairs: takeBest(found) };
}

async function sketchAll(
  changes: readonly Change[],
  { readBytes }: Sources,
  read: { leftBytes: number },
): Promise<Sketched[]> {
  const sketched: Sketched[] = [];
  for (const change of changes) {
    const version = change.before ?? change.after;
    if (version?.mode.startsWith('100') !== true || read.leftBytes < 0) continue;
    const bytes = await readBytes(version.oid);
    if (bytes === undefined || fileLimitBytes < bytes.length) continue;
    read.leftBytes -= bytes.length;
    sketched.push({ change, sketch: drawSketch(bytes) });
  }
  return sketched;
}

function rankPairs(gone: readonly Sketched[], made: readonly Sketched[]): Pair[] | undefined {
  const pairs: Pair[] = [];
  let left = workLimit;
  for (const one of gone) {
    for (const other of made) {
      if (!isLikely(one.sketch, other.sketch)) continue;
      left -= one.sketch.hashes.length + other.sketch.hashes.length;
      if (left < 0) return undefined;
      const similarity = measureSimilarity(one.sketch, other.sketch);
      if (similarity < leastPercent) continue;
      pairs.push({ gone: one.change, made: other.change, similarity });
    }
  }
  return pairs;
}

/** Too different in size to be half alike. */
function isLikely(one: Sketch, other: Sketch): boolean {
  const [less, more] = [Math.min(one.bytes, other.bytes), Math.max(one.bytes, other.bytes)];
  return 0 < less && more * leastPercent <= less * 100;
}

function takeBest(pairs: readonly Pair[]): Pair[] {
  const rank = (it: Pair) => it.similarity * 2 + (hasSameName(it) ? 1 : 0);
  const taken = new Set<Change>();
  const best: Pair[] = [];
  for (const pair of [...pairs].sort((a, b) => rank(b) - rank(a))) {
    if (taken.has(pair.gone) || taken.has(pair.made)) continue;
    taken.add(pair.gone).add(pair.made);
    best.push(pair);
  }
  return best;
}

function hasSameName({ gone, made }: Pair): boolean {
  return nameOf(gone.path) === nameOf(made.path);
}

function joinPairs(changes: readonly Change[], pairs: readonly Pair[]): PairedChange[] {
  const byMade = new Map(pairs.map((it) => [it.made, it]));
  const gone = new Set(pairs.map((it) => it.gone));
  return changes
    .filter((it) => !gone.has(it))
    .map((change) => {
      const pair = byMade.get(change);
      if (pair === undefined) return change;
      const { similarity } = pair;
      const before = pair.gone.before;
      return { ...change, ...(before && { before }), oldPath: pair.gone.path, similarity };
    });
}
