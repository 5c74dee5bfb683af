/** Which lines of a version went that were in none of those that somebody knew. */
import { countLost, findLosses, intersectRanges, type LineRange } from '../guard/find-losses.ts';
import type { Calls } from '../shadow/calls.ts';

/** Git's blob id; null: the file was not there. */
export type Blob = string | null;

const textLimit = 8 << 20;

type Unseen = { readonly known: Blob; readonly lost: readonly LineRange[] };

type Readers = Pick<Calls, 'readBlob'> & {
  /** A text that went by lately, one character a byte: what an editor had not saved was never on disk. */
  textOf(blob: string): string | undefined;
};

/** Lost lines that are in none of the versions that are known; told by the version that knows most of them. */
export async function findUnseen(
  keeper: Readers,
  knowns: readonly Blob[],
  [before, after]: readonly [before: Blob, after: Blob],
): Promise<Unseen | undefined> {
  if (knowns.length === 0 || knowns.includes(before)) return undefined;
  const found = await readText(keeper, before);
  const wanted = await readText(keeper, after);
  if (found === undefined || wanted === undefined) return undefined;
  const all: Unseen[] = [];
  for (const known of knowns) {
    const seen = await readText(keeper, known);
    if (seen === undefined) return undefined;
    all.push({ known, lost: findLosses({ seen, found, wanted }).lost });
  }
  const lost = all.map((it) => it.lost).reduce(intersectRanges);
  const [closest] = all.toSorted((a, b) => countLost(a) - countLost(b));
  return lost.length === 0 || closest === undefined ? undefined : { known: closest.known, lost };
}

async function readText(keeper: Readers, blob: string | null): Promise<string | undefined> {
  if (blob === null) return '';
  const kept = await keeper.readBlob(blob);
  if (kept === null) return keeper.textOf(blob);
  if (textLimit < kept.length) return undefined;
  const text = Buffer.from(kept, 'base64').toString('latin1');
  return text.includes('\0') ? undefined : text;
}
