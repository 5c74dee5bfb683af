/** The words of `clew tasks` that only look: list, ready, graph. */
import type { TaskCard, TaskList } from '../contract/types.gen.ts';
import { ask, printJson } from './ask.ts';
import type { Call } from './command.ts';
import { openPaint } from './paint.ts';
import { showLine } from './printable.ts';
import { readTaskStatus } from './read-task-status.ts';
import { showPlanned } from './show-planned.ts';
import { showTaskTree } from './show-task-tree.ts';
import { showProposed, showTasks } from './show-tasks.ts';

export async function runList(call: Call): Promise<number> {
  const { io, options } = call;
  const status = options['status'];
  const wanted = typeof status === 'string' ? status.split(',').map(readTaskStatus) : undefined;
  const session = call.lists['session']?.at(-1);
  const params = {
    ...(wanted === undefined ? {} : { status: wanted }),
    ...(session === undefined ? {} : { session }),
  };
  const result = await ask(call, 'task/list', params);
  for (const { line, message, hint } of result.doubts)
    io.warn(`clew: ${showLine(`${result.file}:${line}: ${message}${hint ? ` (${hint})` : ''}`)}\n`);
  if (options['json'] === true) {
    printJson(io, result);
    return 0;
  }
  if (!result.exists) io.write(showNone(result.file));
  else {
    const showsAll = wanted !== undefined || options['all'] === true;
    const shown = result.tasks.filter((it) => showsAll || !isOver(it));
    io.write(
      showTasks(shown, io) +
        showHints(shown, io) +
        showHidden(result.tasks.length - shown.length, call),
    );
  }
  if (result.session !== undefined) io.write(showPlans(result, call));
  return 0;
}

function showPlans({ session, entries = [], behind }: TaskList['result'], { io }: Call): string {
  const paint = openPaint(io);
  const name = `session ${showLine(session?.id ?? '')}`;
  const state = paint(session?.state ?? '', session?.state === 'running' ? 'good' : 'faint');
  const lines = entries.length === 0 ? ['  nothing was planned'] : showPlanned(entries, paint);
  const late = behind === true ? ['The index is being built; this may not be all.'] : [];
  return `${['', `${paint(name, 'strong')}  ${state}`, ...lines, ...late].join('\n')}\n`;
}

const isOver = ({ status }: TaskCard) => status === 'done' || status === 'dropped';

function showHints(tasks: readonly TaskCard[], io: Call['io']): string {
  const proposed = tasks.filter((it) => it.proposed !== undefined);
  if (proposed.length === 0) return '';
  const shown = proposed.map((it) => showProposed({ task: it, proposed: it.proposed ?? [] }, io));
  return `${shown.join('')}${openPaint(io)('`clew tasks done --accept` takes them', 'faint')}\n`;
}

function showHidden(count: number, { io }: Call): string {
  if (count === 0) return '';
  return `${openPaint(io)(`${count} done or dropped; --all shows them`, 'faint')}\n`;
}

const showNone = (file: string) =>
  `there is no ${showLine(file)} yet; \`clew tasks add <title>\` makes it\n`;

export async function runReady(call: Call): Promise<number> {
  const { io, options } = call;
  const result = await ask(call, 'task/ready', {});
  if (options['json'] === true) printJson(io, result);
  else if (!result.exists) io.write(showNone(result.file));
  else if (result.tasks.length === 0) io.write('nothing is ready\n');
  else io.write(showTasks(result.tasks, io));
  return 0;
}

export async function runGraph(call: Call): Promise<number> {
  const { io, options } = call;
  const result = await ask(call, 'task/graph', {});
  if (options['json'] === true) printJson(io, result);
  else if (!result.exists) io.write(showNone(result.file));
  else io.write(options['mermaid'] === true ? result.mermaid : showTaskTree(result.tasks, io));
  return 0;
}
