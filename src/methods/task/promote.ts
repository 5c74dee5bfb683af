/** task/promote: makes tasks of the project of what an agent planned. */
import { createHash } from 'node:crypto';
import type { SessionTaskCard } from '../../contract/types.gen.ts';
import { Failure } from '../../errors.ts';
import { addTask, type Edited } from '../../tasks/edit-tasks.ts';
import { findTask } from '../../tasks/find-task.ts';
import { mintTaskId } from '../../tasks/mint-task-id.ts';
import { type Mark, noEvidence, type Task } from '../../tasks/task.ts';
import type { Handler } from '../context.ts';
import { markTask } from '../mark-task.ts';
import { noteTasks } from '../note-tasks.ts';
import { readSessionTasks } from '../session-tasks.ts';
import { tellTasks } from '../task-card.ts';
import { readTaskFile, type TaskFile, writeTaskFile } from '../task-file.ts';

const titleLimit = 200;

export const taskPromote: Handler<'task/promote'> = async (context, params) => {
  const { session: named, entries: wanted, inOrder = false, by } = params;
  const before = tasksIn(readTaskFile(context));
  const { session, entries } = await readSessionTasks(context, named, before);
  const chosen = wanted === undefined ? entries.filter(isOpen) : chooseEntries(entries, wanted);
  const created = markTask(context, by);
  let ids: string[] = [];
  let skipped: { id: string; title: string; task: string }[] = [];
  const { path, made, read } = writeTaskFile(context, (file) => {
    const known = tasksIn(file);
    ids = [];
    skipped = [];
    let edited: Edited = { kind: 'edited', text: file.text };
    let last: string | undefined;
    for (const entry of chosen) {
      const already = known.find((it) => isFrom(it, session.id, entry.id));
      if (already !== undefined) skipped.push({ ...nameOf(entry), task: already.id });
      else if (edited.kind === 'edited') {
        const isTaken = (id: string) => ids.includes(id) || known.some((it) => it.id === id);
        const id = mintTaskId(`${session.id}\0${entry.id}`, sha256, isTaken);
        const dependsOn = inOrder && last !== undefined ? [last] : [];
        const task = makeTask(entry, { id, session: session.id, created });
        edited = addTask(edited.text, { ...task, dependsOn });
        ids.push(id);
      }
      last = already?.id ?? ids.at(-1);
    }
    return edited.kind === 'edited' && ids.length === 0
      ? { kind: 'edited', text: file.text }
      : edited;
  });
  const promoted = tellTasks(read).filter((it) => ids.includes(it.id));
  await noteTasks(
    context,
    'promoted',
    promoted.map((task) => ({ task })),
  );
  return { file: path, made: made && 0 < ids.length, promoted, skipped };
};

const tasksIn = ({ read }: Pick<TaskFile, 'read'>) => read.tasks.map((it) => it.task);
const isOpen = ({ status, listed }: SessionTaskCard) =>
  listed && status !== 'done' && status !== 'dropped';
const isFrom = ({ origin }: Task, session: string, entry: string) =>
  origin?.session === session && origin.entry === entry;
const nameOf = ({ id, title }: SessionTaskCard) => ({ id, title });
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

function chooseEntries(
  entries: readonly SessionTaskCard[],
  wanted: readonly string[],
): SessionTaskCard[] {
  const ids = entries.map((it) => it.id);
  const chosen = wanted.map((named) => {
    const found = findTask(ids, named, 'p-');
    if (found.kind === 'found') return found.id;
    if (found.kind === 'ambiguous')
      throw new Failure('ambiguous-id', `${found.ids.length} entries begin with ${named}`, {
        data: { id: named, candidates: found.ids.map((id) => ({ kind: 'entry', id })) },
        hint: 'say more of it',
      });
    throw new Failure('unknown-id', `nothing that was planned begins with ${named}`, {
      data: { id: named, known: ids },
      hint: '`clew tasks list --session <id>` shows what was planned',
    });
  });
  // In the order of the plan, whatever order they were named in.
  return entries.filter((it) => chosen.includes(it.id));
}

type Making = { readonly id: string; readonly session: string; readonly created: Mark };

function makeTask(entry: SessionTaskCard, { id, session, created }: Making): Task {
  const { title: said, status, files } = entry;
  const [first = ''] = said.trim().split('\n');
  const title = first.length <= titleLimit ? first.trim() : `${first.slice(0, titleLimit - 1)}…`;
  return {
    id,
    title: title === '' ? entry.id : title,
    // Whether it is begun is for a person to say: the agent's session may be over.
    status: status === 'active' ? 'open' : status,
    dependsOn: [],
    evidence: { ...noEvidence, sessions: [session], files },
    ...(title === said.trim() ? {} : { notes: said }),
    origin: { session, entry: entry.id },
    created,
  };
}
