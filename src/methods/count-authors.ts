/** Counts whose the lines of some files are now; where that is not known, nobody's are counted. */
import { Failure } from '../errors.ts';
import type { LinesByAuthor } from '../layers/make-digest.ts';
import type { Context } from './context.ts';
import { explainNow } from './explain-now.ts';
import { openAttribution } from './open-attribution.ts';

/** More would make a digest wait; the last ones edited are the most wanted. */
const fileLimit = 20;

export async function countAuthors(
  context: Context,
  session: string,
  paths: readonly string[],
): Promise<LinesByAuthor> {
  const counted = new Map<string, { author: string; lines: number }[]>();
  const inside = paths.filter((it) => !it.startsWith('/') && !/^[A-Za-z]:/.test(it));
  if (inside.length === 0) return counted;
  try {
    const attribution = await openAttribution(context);
    if (attribution.checkpoints.length === 0) return counted;
    for (const path of inside.slice(-fileLimit)) {
      const lines = await countFile(context, attribution, { path, session });
      if (lines !== undefined) counted.set(path, lines);
    }
  } catch (error) {
    // A digest says less then, and still says the rest.
    if (!(error instanceof Failure)) throw error;
  }
  return counted;
}

type Asked = { readonly path: string; readonly session: string };

async function countFile(
  context: Context,
  attribution: Awaited<ReturnType<typeof openAttribution>>,
  { path, session }: Asked,
) {
  try {
    const { origins } = await explainNow(context, attribution, path);
    const counts = { 'this session': 0, 'other sessions': 0, others: 0 };
    for (const { by } of origins) {
      if (by === undefined) counts.others += 1;
      else counts[by.session === session ? 'this session' : 'other sessions'] += 1;
    }
    const told = Object.entries(counts).map(([author, lines]) => ({ author, lines }));
    return told.filter((it) => it.lines > 0);
  } catch (error) {
    // It is gone, or no text.
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
