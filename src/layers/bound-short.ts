/** Keeps a short layer within its budget: the oldest detail is summarised, decisions and questions never. */
import type { ShortLayer } from '../contract/types.gen.ts';
import { spellLayer } from './spell-layer.ts';

export type ShortBudget = {
  readonly turns: number;
  readonly files: number;
  readonly others: number;
  /** Of the file. */
  readonly bytes: number;
};

export const usualBudget: ShortBudget = { turns: 50, files: 300, others: 60, bytes: 64 << 10 };

/** Below this nothing more is dropped: then it is what must stay that is long. */
const fewest = 3;

export function boundShort(layer: ShortLayer, budget: ShortBudget = usualBudget): ShortLayer {
  let bounded = boundItems(layer, budget);
  let { turns, files, others } = budget;
  // Only what is over by bytes is ever spelled more than once.
  while (fewest < turns && budget.bytes < lengthOf(bounded)) {
    turns = halve(turns);
    files = halve(files);
    others = halve(others);
    bounded = boundItems(bounded, { ...budget, turns, files, others });
  }
  return bounded;
}

const halve = (count: number) => Math.max(fewest, count >> 1);

/** Rough where it is not ASCII, and then more than is there. */
function lengthOf(layer: ShortLayer): number {
  let bytes = 0;
  for (const sign of spellLayer(layer)) bytes += (sign.codePointAt(0) ?? 0) < 128 ? 1 : 4;
  return bytes;
}

function boundItems(layer: ShortLayer, { turns, files, others }: ShortBudget): ShortLayer {
  const last = <T>(items: readonly T[], count: number) => items.slice(-count);
  return {
    ...layer,
    ...sumEarlier(layer, { turns, files }),
    turns: last(layer.turns, turns),
    pending: layer.pending.slice(0, others),
    edited: last(layer.edited, files),
    read: last(layer.read, files),
    tests: last(layer.tests, others),
    alerts: last(layer.alerts, others),
    checkpoints: last(layer.checkpoints, others),
    commits: last(layer.commits, others),
    ...(layer.tasks === undefined ? {} : { tasks: last(layer.tasks, others) }),
  };
}

function sumEarlier(
  layer: ShortLayer,
  keep: { turns: number; files: number },
): Pick<ShortLayer, 'earlier'> {
  const dropped = layer.turns.slice(0, Math.max(0, layer.turns.length - keep.turns));
  const edited = Math.max(0, layer.edited.length - keep.files);
  const read = Math.max(0, layer.read.length - keep.files);
  if (dropped.length + edited + read === 0) return {};
  const before = layer.earlier ?? { turns: 0, edited: 0, read: 0 };
  const from = before.from ?? dropped[0]?.at;
  const to = dropped.at(-1)?.at ?? before.to;
  return {
    earlier: {
      turns: before.turns + dropped.length,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      edited: before.edited + edited,
      read: before.read + read,
    },
  };
}
