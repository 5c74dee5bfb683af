/** Where one session's layer lies: in one file, until its state goes on under another branch in one of its own. */
import type { DriftResolved, ShortLayer } from '../contract/types.gen.ts';
import { leaveShort } from '../layers/leave-short.ts';
import type { KeptShort, LayerShelf } from './open-layer-shelf.ts';

export type LayerFile = {
  write(layer: ShortLayer): Promise<void>;
  /** What is written next begins a file, and the one so far becomes what it was on the branch that is left. */
  fork(event: DriftResolved): void;
};

export function openLayerFile(shelfOf: () => LayerShelf, kept?: KeptShort): LayerFile {
  let file = kept?.file;
  let last = kept?.layer;
  /** The last that was written on another branch. */
  let before: ShortLayer | undefined;
  let left: DriftResolved | undefined;
  /** What is to lie in the file that was left; written again where the disk refused. */
  let owed: KeptShort | undefined;

  async function part(fork: DriftResolved, layer: ShortLayer): Promise<void> {
    const leaves = file;
    const stood = [before, last].find((it) => it?.branch === fork.before.branch) ?? last;
    // First what goes on: whoever dies in between has it twice, and loses nothing.
    file = await shelfOf().write(layer);
    if (leaves !== undefined && stood !== undefined)
      owed = { file: leaves, layer: leaveShort(stood, fork) };
  }

  async function settle(): Promise<void> {
    if (owed === undefined) return;
    await shelfOf().write(owed.layer, owed.file);
    owed = undefined;
  }

  return {
    async write(layer) {
      if (last !== undefined && last.branch !== layer.branch) before = last;
      if (left === undefined) file = await shelfOf().write(layer, file);
      else await part(left, layer);
      left = undefined;
      last = layer;
      await settle();
    },
    fork(event) {
      if (event.how === 'fork') left = event;
    },
  };
}
