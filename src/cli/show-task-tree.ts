/** Draws tasks as a tree for the terminal: under each what waits for it. */
import type { TaskCard } from '../contract/types.gen.ts';
import type { Io } from './io.ts';
import { openPaint } from './paint.ts';
import { showLine } from './printable.ts';
import { paintStatus } from './show-tasks.ts';
import { cutToWidth } from './width.ts';

const marks = { open: '[ ]', active: '[>]', blocked: '[!]', done: '[x]', dropped: '[-]' } as const;
/** Deeper ones are drawn at this depth: a line has its end. */
const depthLimit = 24;

type Spot = {
  readonly task: TaskCard;
  readonly stem: string;
  readonly isLast: boolean;
  readonly depth: number;
};

export function showTaskTree(
  tasks: readonly TaskCard[],
  screen: Pick<Io, 'columns' | 'usesColor'>,
): string {
  if (tasks.length === 0) return 'no tasks\n';
  const paint = openPaint(screen);
  const followers = new Map<string, TaskCard[]>(tasks.map((it) => [it.id, []]));
  for (const task of tasks) for (const it of new Set(task.dependsOn)) followers.get(it)?.push(task);
  const drawn = new Set<string>();
  const lines: string[] = [];
  const open = tasks
    .filter((it) => it.dependsOn.length === 0)
    .map(toRoot)
    .reverse();
  for (let spot = open.pop(); spot !== undefined; spot = open.pop()) {
    const { task, stem, isLast, depth } = spot;
    const below = followers.get(task.id) ?? [];
    const isAgain = drawn.has(task.id);
    drawn.add(task.id);
    lines.push(draw(spot, isAgain && 0 < below.length));
    if (isAgain) continue;
    const inner = depth === 0 || depthLimit < depth ? stem : stem + (isLast ? '   ' : '│  ');
    const spots = below.map((it, at) => ({
      task: it,
      stem: inner,
      isLast: at === below.length - 1,
      depth: depth + 1,
    }));
    open.push(...spots.reverse());
  }
  return `${lines.join('\n')}\n`;

  function draw({ task, stem, isLast, depth }: Spot, isAgain: boolean): string {
    const branch = depth === 0 ? '' : `${stem}${isLast ? '└─ ' : '├─ '}`;
    const mark = marks[task.status];
    const about = `${showLine(task.id)}  ${showLine(task.title)}${isAgain ? '  (see above)' : ''}`;
    const room = (screen.columns ?? Number.POSITIVE_INFINITY) - branch.length - mark.length - 1;
    return `${paint(branch, 'faint')}${paintStatus(mark, task, paint)} ${cutToWidth(about, Math.max(8, room))}`;
  }
}

const toRoot = (task: TaskCard): Spot => ({ task, stem: '', isLast: true, depth: 0 });
