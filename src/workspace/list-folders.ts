/** Lists folders of a table that is still being filled, for those who sweep meanwhile: each as soon as nothing more comes into it. */
import type { Table } from '../snapshot/table.ts';
import { control, type SweepOrder } from './sweep-share.ts';

export type FolderList = {
  /** Nothing more comes into this folder. */
  add(folder: number): void;
  /** All folders are listed. */
  close(): void;
  /** What was swept meanwhile counts for nothing: something came into a listed folder, or the table is of no use. */
  spoil(): void;
  /** Closed, and not spoilt. */
  readonly isWhole: boolean;
};

/** Between two times that others are told how far it is. */
const foldersAtOnce = 16;

export function listFolders(table: Table, order: SweepOrder): FolderList {
  const { control: shared, list = new Int32Array(0) } = order;
  let state: 'open' | 'whole' | 'spoilt' = 'open';
  let count = 0;
  const ordered = { ...table.columns };

  function tell(): void {
    Atomics.store(shared, control.listed, count);
    Atomics.notify(shared, control.listed);
  }

  /** Others still have the columns that were there at first: a table that outgrew them goes on without them. */
  function isAsOrdered(): boolean {
    const { names, kind, folderParent } = table.columns;
    const isSame = names === ordered.names && kind === ordered.kind;
    return isSame && folderParent === ordered.folderParent;
  }

  function end(how: 'whole' | 'spoilt'): void {
    if (state !== 'open') return;
    state = how;
    if (how === 'spoilt') Atomics.store(order.stop, 0, 1);
    Atomics.store(shared, control.listed, count);
    Atomics.store(shared, control.whole, 1);
    Atomics.notify(shared, control.listed);
  }

  return {
    get isWhole() {
      return state === 'whole';
    },
    add(folder) {
      if (state !== 'open') return;
      if (count === list.length || !isAsOrdered()) {
        end('spoilt');
        return;
      }
      list[count] = folder;
      count += 1;
      if (count % foldersAtOnce === 0) tell();
    },
    close: () => end('whole'),
    spoil: () => end('spoilt'),
  };
}
