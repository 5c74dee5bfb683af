/** Scans a corner of the workspace for nothing, turn by turn: a sweep that somebody waits for then finds its machine code made. */
import { readdirSync } from 'node:fs';
import { addRow, writeSeen } from '../snapshot/change-rows.ts';
import { joinPath, type RawPath } from '../snapshot/raw-path.ts';
import { kinds, makeTable, type Table } from '../snapshot/table.ts';
import { placeOf, readSeen } from './read-seen.ts';
import { isPassedOver, scanKnown } from './scan-folder.ts';
import { openScan, type ScanPlace } from './sweep-share.ts';

export type RehearsalPlace = Omit<ScanPlace, 'columns'>;

/** A turn is short: an order waits for it. */
const turnMs = 5;
const turns = 60;
const rowsAtMost = 400;

/** Answers whether there is to be another turn. */
export function openRehearsal(place: RehearsalPlace): () => boolean {
  let corner: Corner | undefined;
  let left = turns;
  return () => {
    left -= 1;
    try {
      corner ??= fillCorner(place.root);
      rehearse(place, corner);
    } catch (error) {
      // Whoever really sweeps says what is wrong.
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      left = 0;
    }
    return left > 0;
  };
}

type Corner = {
  readonly table: Table;
  /** All that is in them has rows. */
  readonly whole: readonly number[];
};

function rehearse(place: RehearsalPlace, { table: { columns }, whole }: Corner): void {
  columns.folderMtime.fill(0n);
  const scan = openScan({ ...place, columns });
  const endMs = Date.now() + turnMs;
  for (const folder of whole) if (Date.now() < endMs) scanKnown(scan, folder);
}

/** Rows as an index would give them. */
function fillCorner(root: string): Corner {
  const table = makeTable();
  const whole: number[] = [];
  const endMs = Date.now() + turnMs;
  const waiting: { readonly folder: number; readonly path: RawPath }[] = [{ folder: 0, path: '' }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { folder, path } = next;
    for (const name of readdirSync(placeOf(root, path), 'latin1').sort()) {
      if (table.rows >= rowsAtMost || Date.now() >= endMs) return { table, whole };
      const inside = joinPath(path, name);
      const seen = isPassedOver(name) ? undefined : readSeen(root, inside);
      if (seen === undefined) continue;
      const row = addRow(table, folder, name, seen.kind);
      if (seen.kind !== kinds.folder) writeSeen(table.columns, row, seen);
      else waiting.push({ folder: table.columns.child[row] ?? 0, path: inside });
    }
    whole.push(folder);
  }
  return { table, whole };
}
