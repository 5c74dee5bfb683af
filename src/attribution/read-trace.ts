/** Reads records of Agent Trace leniently: whoever wrote them, of whatever version, as far as they can be checked. */

export type ReadRange = {
  readonly path: string;
  readonly first: number;
  readonly last: number;
  /** As it was written; undefined without one. */
  readonly hash: string | undefined;
};

export type ReadRecord = {
  readonly id: string;
  readonly revision: string | undefined;
  readonly ranges: readonly ReadRange[];
  readonly supersedes: readonly string[];
  /** Of records that clew wrote. */
  readonly blobs: Readonly<Record<string, string>>;
};

type Shape = Readonly<Record<string, unknown>>;

const shapeOf = (value: unknown): Shape =>
  typeof value === 'object' && value !== null ? (value as Shape) : {};
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;
const lineOf = (value: unknown): number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : 0;

/** Undefined of what is no record. */
export function readTrace(value: unknown): ReadRecord | undefined {
  const { id, vcs, files, metadata } = shapeOf(value);
  if (typeof id !== 'string' || !Array.isArray(files)) return undefined;
  const clew = shapeOf(shapeOf(metadata)['dev.clew']);
  const blobs = Object.entries(shapeOf(clew['blobs'])).filter(([, oid]) => typeof oid === 'string');
  return {
    id,
    revision: textOf(shapeOf(vcs)['revision']),
    ranges: files.map(shapeOf).flatMap(readRanges),
    supersedes: listOf(clew['supersedes']).filter((it) => typeof it === 'string'),
    blobs: Object.fromEntries(blobs) as Record<string, string>,
  };
}

function readRanges(file: Shape): ReadRange[] {
  const path = textOf(file['path']);
  if (path === undefined) return [];
  return listOf(file['conversations'])
    .flatMap((it) => listOf(shapeOf(it)['ranges']))
    .map(shapeOf)
    .map((it) => ({
      path,
      first: lineOf(it['start_line']),
      last: lineOf(it['end_line']),
      hash: textOf(it['content_hash']),
    }));
}
