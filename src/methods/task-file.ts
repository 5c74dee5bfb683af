/** The file of tasks as the methods use it: read whole or not at all, and replaced only as it was read. */
import { Failure } from '../errors.ts';
import type { Change } from '../tasks/change.ts';
import { changeTask, type Edited, newList } from '../tasks/edit-tasks.ts';
import { findTask } from '../tasks/find-task.ts';
import { judgeConflicts } from '../tasks/judge-conflict.ts';
import { readTasks, type TasksRead } from '../tasks/read-tasks.ts';
import { limitChars } from '../tasks/read-yaml.ts';
import type { Flaw, Task } from '../tasks/task.ts';
import { openSharedFile, type SharedFile } from '../workspace/open-shared-file.ts';
import type { SeenFile } from '../workspace/swap-file.ts';
import type { Context } from './context.ts';

const name = '.clew/project_tasks.yaml';
/** No sign takes more bytes. */
const limitBytes = 4 * limitChars;
/** With each that fails somebody else's has been written. */
const tries = 1000;

export type TaskFile = {
  readonly path: string;
  readonly exists: boolean;
  readonly text: string;
  readonly read: TasksRead;
};

function openTaskFile({ workspace }: Context): SharedFile {
  return openSharedFile(workspace.root, name, limitBytes);
}

export function readTaskFile(context: Context): TaskFile {
  return understand(openTaskFile(context));
}

/** Throws where it cannot be read whole. */
function understand(file: SharedFile, seen: SeenFile | undefined = file.read()): TaskFile {
  const { path } = file;
  const text = seen === undefined ? newList : decode(path, seen.bytes);
  const read = readTasks(text);
  if (0 < read.flaws.length) throw broken(path, read.flaws);
  return { path, exists: seen !== undefined, text, read };
}

function decode(path: string, bytes: Buffer): string {
  const text = bytes.toString('utf8');
  const back = Buffer.from(text);
  if (back.equals(bytes)) return text;
  let at = 0;
  while (bytes[at] === back[at]) at += 1;
  const before = bytes.subarray(0, at).toString('latin1');
  const line = before.split('\n').length;
  const column = at - before.lastIndexOf('\n');
  const message = 'this is no UTF-8';
  throw broken(path, [{ line, column, message, hint: 'save the file as UTF-8' }]);
}

function broken(path: string, flaws: readonly Flaw[]): Failure {
  const [first] = flaws;
  const more = flaws.length === 1 ? '' : ` (and ${flaws.length - 1} more)`;
  const place = `${path}:${first?.line}:${first?.column}`;
  return new Failure('tasks-broken', `${place}: ${first?.message}${more}`, {
    data: { path, flaws },
    ...(first?.hint === undefined ? {} : { hint: first.hint }),
  });
}

export type Written = { readonly path: string; readonly made: boolean; readonly read: TasksRead };

/** `plan` is asked again with what the file is by then, if somebody else was quicker. */
export function writeTaskFile(
  context: Context,
  plan: (file: TaskFile) => Edited & { readonly id?: string },
): Written {
  const file = openTaskFile(context);
  for (let left = tries; 0 < left; left -= 1) {
    const seen = file.read();
    const before = understand(file, seen);
    const edited = plan(before);
    if (edited.kind !== 'edited') throw refuseEdit(before, edited);
    const { text } = edited;
    if (text === before.text || file.swap(seen, Buffer.from(text)))
      return { path: file.path, made: seen === undefined, read: readTasks(text) };
  }
  throw new Failure('busy', `${file.path} changes all the time`, {
    data: { path: file.path },
    hint: 'see what writes it, and try again',
  });
}

function refuseEdit(
  { path, exists }: TaskFile,
  edited: Exclude<Edited, { kind: 'edited' }>,
): Failure {
  if (edited.kind === 'flawed') {
    const [first] = edited.flaws;
    const { message = 'the tasks would be broken', hint } = first ?? {};
    return new Failure('task-refused', message, { data: { path }, ...(hint && { hint }) });
  }
  const where = exists ? ` (line ${edited.line})` : '';
  return new Failure('task-refused', `that cannot be written into ${path} without touching more`, {
    data: { path, line: edited.line },
    hint: `the way it is written there leaves no place for it${where}; edit it by hand`,
  });
}

/** Changes one task, found by what `named` says of its id. */
export function changeTaskFile(
  context: Context,
  named: string,
  change: Change,
  /** Refuses by throwing. */
  check: (task: Task, tasks: readonly Task[]) => void = () => undefined,
): Written & { readonly id: string; readonly before: Task['status'] } {
  let first: Task | undefined;
  let id = '';
  const written = writeTaskFile(context, (file) => {
    const tasks = file.read.tasks.map((it) => it.task);
    if (first === undefined) id = resolveTask(file, named);
    const now = tasks.find((it) => it.id === id);
    if (now === undefined) throw gone(file, id);
    if (first !== undefined) refuseConflict(file, { before: first, now, change });
    first ??= now;
    check(now, tasks);
    return changeTask(file.text, id, change);
  });
  return { ...written, id, before: first?.status ?? 'open' };
}

type Meeting = { readonly before: Task; readonly now: Task; readonly change: Change };

function refuseConflict({ path }: TaskFile, { before, now, change }: Meeting): void {
  const conflicts = judgeConflicts(before, now, change);
  const [first] = conflicts;
  if (first === undefined) return;
  const { field, theirs, ours } = first;
  const message = `somebody else made the ${field} of ${now.id} ${theirs ?? 'nothing'} meanwhile, and you ${ours ?? 'nothing'}`;
  throw new Failure('task-conflict', message, {
    data: { path, task: now.id, conflicts },
    hint: 'look at it, and say again what you want',
  });
}

function gone({ path }: TaskFile, id: string): Failure {
  return new Failure('task-conflict', `${id} was taken out of ${path} meanwhile`, {
    data: { path, task: id, conflicts: [] },
    hint: 'add it again if it should be there',
  });
}

/** The id that somebody means. */
export function resolveTask(
  { path, read }: Pick<TaskFile, 'path' | 'read'>,
  named: string,
): string {
  const tasks = read.tasks.map((it) => it.task);
  const ids = tasks.map((it) => it.id);
  const found = findTask(ids, named);
  if (found.kind === 'found') return found.id;
  if (found.kind === 'unknown')
    throw new Failure('unknown-id', `no task in ${path} begins with ${named}`, {
      data: { id: named, known: ids },
      hint: '`clew tasks list` shows their ids',
    });
  const titleOf = (id: string) => tasks.find((it) => it.id === id)?.title ?? '';
  throw new Failure('ambiguous-id', `${found.ids.length} tasks begin with ${named}`, {
    data: { id: named, candidates: found.ids.map((id) => ({ kind: 'task', id })) },
    hint: `say more of it: ${found.ids
      .slice(0, 5)
      .map((it) => `${it} (${titleOf(it)})`)
      .join(', ')}`,
  });
}
