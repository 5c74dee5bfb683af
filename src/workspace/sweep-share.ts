/** One thread's share of a sweep: takes folders from a common list until none is left, in either thread. */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { RawPath } from '../snapshot/raw-path.ts';
import type { Columns } from '../snapshot/table.ts';
import type { SweepReport } from '../snapshot/workspace-port.ts';
import { type OutsideRules, openIgnoreFiles } from './ignore-files.ts';
import { openQuickLook } from './open-quick-look.ts';
import { type Scan, scanKnown, scanUnknown } from './scan-folder.ts';

export type SweepOrder = {
  readonly root: string;
  readonly columns: Columns;
  /** How many there are; with a list, how many can be in it at most. */
  readonly folders: number;
  /** The folders to sweep, where they are listed one by one while the table is still being filled. */
  readonly list?: Int32Array;
  readonly excludes: readonly OutsideRules[];
  /** Of the file systems that keep folders' times so that they can be relied on; left out otherwise. */
  readonly device: bigint | undefined;
  /** Milliseconds of the clock at which it stops, complete or not. */
  readonly untilMs: number;
  readonly control: Int32Array;
  /** Not 0 when the sweep is to end. */
  readonly stop: Int32Array;
};

/** Places in the control array, which both threads see. */
export const control = {
  cursor: 0,
  busy: 1,
  gifts: 2,
  idle: 3,
  answered: 4,
  beat: 5,
  lost: 6,
  /** How many folders are listed so far. */
  listed: 7,
  /** Not 0 when no more will be. */
  whole: 8,
  length: 9,
} as const;

const foldersAtOnce = 16;
/**
 * A thread that has not moved for so many looks, a millisecond or more apart, is not there any more. Not
 * by the clock: a machine that slept has not looked.
 */
export const silentLooks = 10_000;

export function sweepShare(order: SweepOrder, port: MessagePort | undefined): SweepReport {
  const scan = openScan(order);
  sweepKnown(scan, order);
  do walkFound(scan, order, port);
  while (port && awaitGift(scan, order, port));
  return {
    changed: scan.changed,
    unreadable: scan.unreadable,
    complete: Atomics.load(order.stop, 0) === 0,
  };
}

export type ScanPlace = Pick<SweepOrder, 'root' | 'columns' | 'device' | 'excludes'>;

export function openScan({ root, columns, device, excludes }: ScanPlace): Scan {
  return {
    root,
    columns,
    names: Buffer.from(columns.names.buffer),
    quick: openQuickLook(root, columns),
    device,
    rulesOf: openIgnoreFiles(root, excludes),
    changed: [],
    found: [],
    unreadable: [],
  };
}

function isOver(order: SweepOrder): boolean {
  if (Date.now() >= order.untilMs) Atomics.store(order.stop, 0, 1);
  return Atomics.load(order.stop, 0) !== 0;
}

function sweepKnown(scan: Scan, order: SweepOrder): void {
  const { columns } = scan;
  for (;;) {
    const from = Atomics.add(order.control, control.cursor, foldersAtOnce);
    const end = Math.min(from + foldersAtOnce, awaitListed(order, from + foldersAtOnce));
    if (from >= end || isOver(order)) return;
    for (let place = from; place < end; place += 1) {
      const folder = order.list?.[place] ?? place;
      if (columns.folderParent[folder] === -2) continue;
      scanKnown(scan, folder);
      Atomics.add(order.control, control.beat, 1);
    }
  }
}

/** How many folders can be swept by now: as many as are wanted, or all. */
function awaitListed(order: SweepOrder, wanted: number): number {
  if (order.list === undefined) return order.folders;
  for (;;) {
    // In this order: what was listed before it was whole is counted then.
    const isWhole = Atomics.load(order.control, control.whole) !== 0;
    const count = Atomics.load(order.control, control.listed);
    if (isWhole || count >= wanted || isOver(order)) return count;
    Atomics.wait(order.control, control.listed, count, 1);
  }
}

function walkFound(scan: Scan, order: SweepOrder, port: MessagePort | undefined): void {
  for (let next = scan.found.pop(); next !== undefined; next = scan.found.pop()) {
    if (isOver(order)) return;
    scanUnknown(scan, next);
    Atomics.add(order.control, control.beat, 1);
    if (port && scan.found.length > 1 && Atomics.load(order.control, control.idle) > 0) {
      Atomics.add(order.control, control.gifts, 1);
      port.postMessage(scan.found.splice(0, scan.found.length >> 1));
    }
  }
}

/** Waits until the other thread gives work away, or has none left either. */
function awaitGift(scan: Scan, order: SweepOrder, port: MessagePort): boolean {
  Atomics.add(order.control, control.idle, 1);
  Atomics.sub(order.control, control.busy, 1);
  let beat = -1;
  let quiet = 0;
  for (;;) {
    const gift = receiveMessageOnPort(port);
    if (gift) {
      Atomics.add(order.control, control.busy, 1);
      Atomics.sub(order.control, control.gifts, 1);
      Atomics.sub(order.control, control.idle, 1);
      scan.found.push(...(gift.message as RawPath[]));
      return true;
    }
    const busy = Atomics.load(order.control, control.busy);
    if (busy === 0 && Atomics.load(order.control, control.gifts) === 0) {
      return false;
    }
    const now = Atomics.load(order.control, control.beat);
    quiet = now === beat ? quiet + 1 : 0;
    if (quiet > silentLooks) {
      Atomics.store(order.control, control.lost, 1);
      return false;
    }
    beat = now;
    // On a place that nobody changes, so that each look is a millisecond.
    Atomics.wait(order.control, control.lost, 0, 1);
  }
}
