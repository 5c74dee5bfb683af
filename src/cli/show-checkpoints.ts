/** Lays out checkpoints for people: when, why, and for whom each was taken. */
import type { CheckpointCard, CheckpointList, CheckpointPrune } from '../contract/types.gen.ts';
import { showBytes, showCount } from './amounts.ts';
import { type Cell, layOut } from './grid.ts';
import type { Io } from './io.ts';
import { showAge } from './moments.ts';
import { nameReason } from './name-reason.ts';
import { openPaint, type Paint } from './paint.ts';
import { showLine } from './printable.ts';
import { shortId } from './show-log.ts';

type Screen = Pick<Io, 'columns' | 'usesColor' | 'now'>;

/** The columns: id, age, reason, whose, what else. */
const yields = [
  [4, 12],
  [4, 0],
  [3, 0],
  [2, 6],
  [1, 0],
] as const;

export function showCheckpoints(
  { checkpoints, more }: CheckpointList['result'],
  screen: Screen,
): string {
  const paint = openPaint(screen);
  if (checkpoints.length === 0) return 'there are no checkpoints\n';
  const rows = checkpoints.map((it) => showRow(it, screen.now(), paint));
  const lines = layOut(rows, { indent: '', columns: screen.columns, yields });
  if (more) lines.push('', paint('There are older ones: raise -n.', 'faint'));
  return `${lines.join('\n')}\n`;
}

function showRow(checkpoint: CheckpointCard, now: number, paint: Paint): Cell[] {
  const { id, at, reason, label, pinned, degraded } = checkpoint;
  const more = [
    pinned ? 'pinned' : undefined,
    label === undefined ? undefined : showLine(label),
    degraded === undefined ? undefined : `not whole: ${showLine(degraded)}`,
  ].filter((it) => it !== undefined);
  return [
    { text: shortId(id), paint: (it) => paint(it, 'strong') },
    { text: showAge(at, now) },
    { text: showLine(nameReason(reason)) },
    { text: nameOwner(checkpoint), paint: (it) => paint(it, 'name') },
    { text: more.join(' · '), paint: (it) => paint(it, degraded === undefined ? 'faint' : 'odd') },
  ];
}

/** The nearest that it was taken for, in the letters that `clew undo` takes. */
function nameOwner({ session, turn, step, undo }: CheckpointCard): string {
  if (undo !== undefined) return `undo ${shortId(undo)}`;
  if (step !== undefined) return `step ${shortId(step)}`;
  if (turn !== undefined) return `turn ${shortId(turn)}`;
  return session === undefined ? '' : `session ${shortId(session)}`;
}

export function showPinned({ id, pinned }: CheckpointCard, io: Pick<Io, 'usesColor'>): string {
  const paint = openPaint(io);
  const state = pinned ? 'is pinned: it stays whatever its age' : 'is not pinned';
  return `checkpoint ${paint(shortId(id), 'strong')} ${state}\n`;
}

export function showPruned(
  { dropped, bytesBefore, bytesAfter }: CheckpointPrune['result'],
  { dryRun: isTrial = false, limitBytes = Number.POSITIVE_INFINITY }: CheckpointPrune['params'],
  io: Pick<Io, 'usesColor'>,
): string {
  const paint = openPaint(io);
  const what = dropped.length === 0 ? 'nothing' : showCount(dropped.length, 'checkpoint');
  const isOver = limitBytes < bytesAfter;
  const limit = showBytes(limitBytes);
  if (isTrial) {
    const lines = [
      `${what} would go${isOver ? ' by number and age' : ''}; all of them take ${showBytes(bytesBefore)}`,
      ...dropped.map((it) => `  ${paint(shortId(it), 'strong')}`),
      ...(isOver ? [`then the oldest, but for those that stay, until all fit in ${limit}`] : []),
    ];
    return `${lines.join('\n')}\n`;
  }
  const saved = `${showBytes(bytesBefore)} became ${showBytes(bytesAfter)}`;
  const done = dropped.length === 0 ? `nothing to forget; ${saved}` : `${what} forgotten; ${saved}`;
  const over = `still more than ${limit}: pinned ones and the newest stay (\`--keep-last\`: 200 unless told)`;
  return `${[done, ...(isOver ? [paint(over, 'odd')] : [])].join('\n')}\n`;
}
