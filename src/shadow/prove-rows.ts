/** Holds what the user's index says of files against the packs: an object id counts when its object is there and has the file's very size. */

import { readFolderPath, readName } from '../snapshot/find-rows.ts';
import { joinPath, type RawPath } from '../snapshot/raw-path.ts';
import { flags, type Table } from '../snapshot/table.ts';
import { eachRow } from './list-rows.ts';
import type { Store } from './open-store.ts';

/** Between two looks at the clock. */
const rowsAtOnce = 1 << 15;

export type Proof = {
  /** Rows that failed, and are doubtful from now on. */
  readonly failed: readonly RawPath[];
  /** False when its time was up before the end: the rest is still to be proved. */
  readonly complete: boolean;
};

export function proveRows(table: Table, store: Store, untilMs: number): Proof {
  const { columns } = table;
  const failed = new Set<number>();
  const rows = new Uint32Array(rowsAtOnce);
  let count = 0;
  let complete = true;
  eachRow(table, (row) => {
    if (!complete || ((columns.flag[row] ?? 0) & flags.unproven) === 0) return;
    rows[count] = row;
    count += 1;
    if (count < rowsAtOnce) return;
    proveSome({ table, store, failed }, rows);
    count = 0;
    complete = Date.now() < untilMs;
  });
  if (complete) proveSome({ table, store, failed }, rows.subarray(0, count));
  return { failed: listPaths(table, failed), complete };
}

type Work = { readonly table: Table; readonly store: Store; readonly failed: Set<number> };

/** An object may be in more packs than one; the first that has it is asked. */
function proveSome({ table, store, failed }: Work, rows: Uint32Array): void {
  const { columns } = table;
  const offsets = new Float64Array(rows.length);
  const found = new Uint32Array(rows.length);
  let left = rows;
  for (const pack of store.soundBase) {
    const rest: number[] = [];
    let count = 0;
    for (let place = 0; place < left.length; place += 1) {
      const row = left[place] ?? 0;
      const offset = pack.find(columns.oid, row * 20);
      if (offset < 0) rest.push(row);
      else {
        offsets[count] = offset;
        found[count] = row;
        count += 1;
      }
    }
    const lengths = pack.readLengths(offsets.subarray(0, count));
    for (let place = 0; place < count; place += 1) {
      const row = found[place] ?? 0;
      const isProved = lengths[place] === columns.size[row];
      columns.flag[row] = isProved ? 0 : flags.doubtful;
      if (!isProved) failed.add(row);
    }
    left = Uint32Array.from(rest);
  }
  for (const row of left) {
    columns.flag[row] = flags.doubtful;
    failed.add(row);
  }
}

function listPaths(table: Table, rows: ReadonlySet<number>): RawPath[] {
  const paths: RawPath[] = [];
  if (rows.size === 0) return paths;
  const { columns } = table;
  eachRow(table, (row, folder) => {
    if (rows.has(row))
      paths.push(joinPath(readFolderPath(columns, folder), readName(columns, row)));
  });
  return paths;
}
