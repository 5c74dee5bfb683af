/** Lays out tasks for people. */
import type { TaskCard, TaskDone } from '../contract/types.gen.ts';
import { type Cell, layOut } from './grid.ts';
import type { Io } from './io.ts';
import { openPaint, type Paint } from './paint.ts';
import { showBlock, showLine } from './printable.ts';

type Screen = Pick<Io, 'columns' | 'usesColor'>;

/** Id, status, title, what it waits for, owner. */
const yields = [
  [2, 24],
  [3, 12],
  [4, 0],
  [3, 0],
  [2, 8],
] as const;

export function showTasks(tasks: readonly TaskCard[], screen: Screen): string {
  if (tasks.length === 0) return 'no tasks\n';
  const paint = openPaint(screen);
  const rows = tasks.map((task) => [
    { text: showLine(task.id), paint: (it: string) => paint(it, 'strong') },
    showStatus(task, paint),
    { text: showLine(task.title) },
    { text: describeWaiting(task), paint: (it: string) => paint(it, 'faint') },
    { text: showLine(task.owner ?? ''), paint: (it: string) => paint(it, 'name') },
  ]);
  const lines = layOut(rows, { indent: '', columns: screen.columns, yields });
  return `${lines.join('\n')}\n`;
}

/** What is over waits for nothing that matters. */
function describeWaiting({ status, blockedBy }: TaskCard): string {
  const isOver = status === 'done' || status === 'dropped';
  return isOver || blockedBy.length === 0 ? '' : `waits for ${blockedBy.map(showLine).join(', ')}`;
}

function showStatus({ status, ready, stalled }: TaskCard, paint: Paint): Cell {
  const text = stalled === true ? 'stalled' : ready ? 'ready' : status;
  return { text, paint: (it) => paintStatus(it, { status, ready }, paint) };
}

export function paintStatus(
  text: string,
  { status, ready }: Pick<TaskCard, 'status' | 'ready'>,
  paint: Paint,
): string {
  if (ready || status === 'done') return paint(text, 'good');
  if (status === 'active') return paint(text, 'name');
  return paint(text, status === 'blocked' ? 'bad' : 'faint');
}

/** One of them with all that is known. */
export function showTask(task: TaskCard, screen: Screen): string {
  const paint = openPaint(screen);
  const { evidence, target, notes } = task;
  const told = [
    describeWaiting(task),
    task.owner === undefined ? '' : `owner ${showLine(task.owner)}`,
    target?.milestone === undefined ? '' : `for ${showLine(target.milestone)}`,
    target?.commit === undefined ? '' : `for commit ${showLine(target.commit)}`,
    ...Object.entries(evidence).map(([kind, all]) =>
      all.length === 0 ? '' : `${kind}: ${all.map(showLine).join(', ')}`,
    ),
    ...(notes === undefined ? [] : showBlock(notes.trimEnd()).split('\n')),
  ].filter((it) => it !== '');
  const { text, paint: colour = (it) => it } = showStatus(task, paint);
  const head = `${paint(showLine(task.id), 'strong')}  ${colour(text)}  ${showLine(task.title)}`;
  return `${[head, ...told.map((it) => `  ${it}`)].join('\n')}\n`;
}

type Proposed = Pick<TaskDone['result'], 'proposed'> & { readonly task: Pick<TaskCard, 'id'> };

/** Commits that perhaps show that it is done. */
export function showProposed({ task, proposed }: Proposed, screen: Screen): string {
  const paint = openPaint(screen);
  const lines = proposed.map(({ commit, title, why }) => {
    const reason = why === 'named' ? 'names it' : 'changes exactly its files';
    const name = paint(showLine(commit.slice(0, 10)), 'name');
    return `${showLine(task.id)}: commit ${name} ${reason}: ${showLine(title)}\n`;
  });
  return lines.join('');
}
