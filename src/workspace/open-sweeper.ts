/** Sweeps a whole workspace, in two threads where it is large: this one and a helper that is started once and kept. */
import { statSync } from 'node:fs';
import type { Table } from '../snapshot/table.ts';
import type { SweepReport } from '../snapshot/workspace-port.ts';
import type { OutsideRules } from './ignore-files.ts';
import { isOwnFileSystem } from './is-own-file-system.ts';
import { type FolderList, listFolders } from './list-folders.ts';
import { openSweepHelper } from './open-sweep-helper.ts';
import { control, type SweepOrder, sweepShare } from './sweep-share.ts';

export type Sweeper = {
  /** Blocks this thread: it belongs in a thread of its own. */
  sweep(table: Table, untilMs: number, meanwhile?: () => void): SweepReport;
  /** Lets the second thread begin with folders of a table that is still being filled; undefined where there is none yet. */
  beginEarly(table: Table, untilMs: number): FolderList | undefined;
  /** Asks a running sweep, from any thread, to stop after the folder at hand. */
  readonly stop: Int32Array;
  /** Whether the second thread that was wanted from the beginning is there, once that is known. */
  readonly started: Promise<boolean>;
  close(): Promise<void>;
};

type Place = {
  readonly root: string;
  readonly excludes: readonly OutsideRules[];
  readonly threads?: 1 | 2;
  /** How many files are known to be there before the first sweep. */
  readonly files?: number;
};

/** With fewer files one thread is done before the other is awake, and a thread costs ten megabytes. */
const sharedFrom = 2_000;

export function openSweeper({ root, excludes, threads = 2, files = 0 }: Place): Sweeper {
  const shared = new Int32Array(new SharedArrayBuffer(4 * control.length));
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const wantsHelper = (count: number) => threads === 2 && sharedFrom <= count;
  const device = readDevice(root);
  const place = { root, excludes, device };
  let helper = wantsHelper(files) ? openSweepHelper(place) : undefined;
  let early: Early | undefined;

  function makeOrder({ columns, folders }: Table, untilMs: number): SweepOrder {
    // One that failed half way, or that nobody asked for in the end.
    helper?.abandon();
    shared.fill(0);
    stop.fill(0);
    return { ...place, columns, folders, untilMs, control: shared, stop };
  }

  function takeEarly(table: Table): SweepOrder | undefined {
    const found = early;
    early = undefined;
    return found?.table === table && found.list.isWhole ? found.order : undefined;
  }

  return {
    started: helper?.started ?? Promise.resolve(false),
    stop,
    beginEarly(table, untilMs) {
      if (!helper?.isReady()) return undefined;
      const room = table.columns.folderParent.length;
      const order = {
        ...makeOrder(table, untilMs),
        folders: room,
        list: new Int32Array(new SharedArrayBuffer(4 * room)),
      };
      early = { table, order, list: listFolders(table, order) };
      helper.begin(order);
      return early.list;
    },
    sweep(table, untilMs, meanwhile = () => {}) {
      const begun = takeEarly(table);
      const order = begun ?? makeOrder(table, untilMs);
      const isHelped = begun !== undefined || helper?.isReady() === true;
      if (isHelped && !begun) helper?.begin(order);
      meanwhile();
      const swept = isHelped ? helper?.finish() : undefined;
      const report = swept ?? sweepAlone(order, table);
      if (helper === undefined && wantsHelper(table.rows + report.changed.length))
        helper = openSweepHelper(place);
      return report;
    },
    close: async () => {
      await helper?.close();
    },
  };
}

/** A sweep that was begun before its table was filled. */
type Early = { readonly table: Table; readonly order: SweepOrder; readonly list: FolderList };

/** Others may tell of a new name late, coarsely, or never. */
function readDevice(root: string): bigint | undefined {
  try {
    return isOwnFileSystem(root) ? statSync(root, { bigint: true }).dev : undefined;
  } catch (error) {
    // Whether the folder can be read is for the sweep to say.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}

/** With counts of its own: a second thread that was taken for lost may still take from the others. */
function sweepAlone(order: SweepOrder, { folders }: Table): SweepReport {
  const { list: _, ...rest } = order;
  const alone = { ...rest, folders, control: new Int32Array(control.length) };
  return sweepShare(alone, undefined);
}
