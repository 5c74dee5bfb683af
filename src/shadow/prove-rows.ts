/** Holds what the user's index says of files against the packs: an object id counts when its object is there and has the file's very size. */
import { joinPath, type RawPath } from '../snapshot/raw-path.ts';
import { flags, readFolderPath, readName, type Table } from '../snapshot/table.ts';
import { eachRow } from './list-rows.ts';
import type { Pack } from './open-pack.ts';
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
  const work: Work = { table, store, failed: new Set() };
  let rows: number[] = [];
  let complete = true;
  eachRow(table, (row) => {
    if (!complete || ((columns.flag[row] ?? 0) & flags.unproven) === 0) return;
    rows.push(row);
    if (rows.length < rowsAtOnce) return;
    proveSome(work, rows);
    rows = [];
    complete = Date.now() < untilMs;
  });
  if (complete) proveSome(work, rows);
  return { failed: listPaths(table, work.failed), complete };
}

type Work = { readonly table: Table; readonly store: Store; readonly failed: Set<number> };

/** An object may be in more packs than one; the first that has it is asked. */
function proveSome({ table, store, failed }: Work, rows: readonly number[]): void {
  const { columns } = table;
  const packs = store.base;
  const lots = new Map<Pack, Lot>();
  const settle = (row: number, isProved: boolean) => {
    columns.flag[row] = isProved ? 0 : flags.doubtful;
    if (!isProved) failed.add(row);
  };
  for (const row of rows) {
    const isFound = packs.some((pack) => {
      const offset = pack.find(columns.oid, row * 20);
      if (offset >= 0) addTo(lots, pack, row, offset);
      return offset >= 0;
    });
    if (!isFound) settle(row, false);
  }
  for (const [pack, lot] of lots) {
    const lengths = pack.readLengths(Float64Array.from(lot.offsets));
    for (const [place, row] of lot.rows.entries())
      settle(row, lengths[place] === columns.size[row]);
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

type Lot = { readonly rows: number[]; readonly offsets: number[] };

function addTo(lots: Map<Pack, Lot>, pack: Pack, row: number, offset: number): void {
  const lot = lots.get(pack) ?? { rows: [], offsets: [] };
  if (lot.rows.length === 0) lots.set(pack, lot);
  lot.rows.push(row);
  lot.offsets.push(offset);
}
