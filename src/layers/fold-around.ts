/** Folds into a session's layer what happened around it: where its repository is, checkpoints, items and tasks. */
import type {
  CheckpointTaken,
  DriftResolved,
  HeadMoved,
  ItemNoted,
  PlaceNoted,
  ShortLayer,
  TaskChanged,
} from '../contract/types.gen.ts';
import type { Entry } from '../journal/entry.ts';
import { known } from '../journal/known.ts';
import { momentOf } from './begin-short.ts';
import { firstLine } from './excerpt.ts';
import { makesCommit } from './makes-commit.ts';

const titleLimit = 300;

/** The same layer where it is about nothing of that. `writer`: of the run that serves the session. */
export function foldAround(
  layer: ShortLayer,
  { event, at }: Pick<Entry, 'event' | 'at'>,
  writer: string | undefined,
): ShortLayer {
  switch (event.type) {
    case 'checkpoint-taken':
      return noteCheckpoint(layer, event, at);
    case 'place-noted':
      return notePlace(layer, event);
    case 'head-moved':
      return moveHead(layer, event, at);
    case 'item-noted':
      return noteItem(layer, event, at);
    case 'task-changed':
      return noteTask(layer, event, { at, writer });
    case 'drift-resolved':
      return fork(layer, event, at);
    default:
      return layer;
  }
}

function noteCheckpoint(layer: ShortLayer, event: CheckpointTaken, at: number): ShortLayer {
  const { checkpoint: id, reason, turn } = event;
  const told = { id, at: momentOf(at), reason, ...known({ turn }) };
  return { ...layer, checkpoints: [...layer.checkpoints, told] };
}

function notePlace(layer: ShortLayer, { branch, head, tree, after }: PlaceNoted): ShortLayer {
  const { branch: _branch, head: _head, tree: _tree, ...rest } = layer;
  return { ...rest, ...known({ branch, head, tree, after: layer.after ?? after }) };
}

function moveHead(layer: ShortLayer, event: HeadMoved, at: number): ShortLayer {
  if (layer.state !== 'open') return layer;
  const { cause, to, branch, message, actor } = event;
  const moved = { ...layer, ...known({ branch, head: to }) };
  if (to === undefined || !makesCommit.has(cause)) return moved;
  const told = {
    ...{ commit: to, at: momentOf(at), cause, by: actor.kind },
    ...known({ branch, message }),
  };
  return { ...moved, commits: [...layer.commits, told] };
}

function noteItem(layer: ShortLayer, { section, id, text, by }: ItemNoted, at: number): ShortLayer {
  if (layer[section].some((it) => it.id === id)) return layer;
  return { ...layer, [section]: [...layer[section], { id, text, at: momentOf(at), by }] };
}

type When = { readonly at: number; readonly writer: string | undefined };

function noteTask(layer: ShortLayer, event: TaskChanged, { at, writer }: When): ShortLayer {
  if (layer.state !== 'open') return layer;
  const { task, title, how, status, by, run } = event;
  const others = layer.tasks?.filter((it) => it.task !== task) ?? [];
  const own = run !== undefined && run === writer ? true : undefined;
  const told = { task, title: firstLine(title, titleLimit), how, status, at: momentOf(at) };
  return { ...layer, tasks: [...others, { ...told, ...known({ by, own }) }] };
}

/** From now on it is the state under another branch. */
function fork(layer: ShortLayer, { how, before, after }: DriftResolved, at: number): ShortLayer {
  if (how !== 'fork') return layer;
  const { branch, head } = before;
  const forked = { at: momentOf(at), ...known({ branch, head }) };
  return { ...layer, ...known({ branch: after.branch, head: after.head }), forked };
}
