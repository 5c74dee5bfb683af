/** task/add: a new task in the file, which is made where there is none. */
import { createHash } from 'node:crypto';
import { addTask } from '../../tasks/edit-tasks.ts';
import { mintTaskId } from '../../tasks/mint-task-id.ts';
import { noEvidence } from '../../tasks/task.ts';
import type { Handler } from '../context.ts';
import { markTask } from '../mark-task.ts';
import { noteTasks } from '../note-tasks.ts';
import { tellTask } from '../task-card.ts';
import { resolveTask, writeTaskFile } from '../task-file.ts';

export const taskAdd: Handler<'task/add'> = async (context, params) => {
  const { title, owner, dependsOn = [], notes, milestone, commit, by } = params;
  const created = markTask(context, by);
  // An id of the journal's kind has chance enough for one that nobody else makes.
  const seed = [context.mint().id, created.by, title].join('\0');
  const target = { ...(commit && { commit }), ...(milestone && { milestone }) };
  let id = '';
  const { path, made, read } = writeTaskFile(context, (file) => {
    const known = new Set(file.read.tasks.map((it) => it.task.id));
    id = mintTaskId(seed, sha256, (it) => known.has(it));
    return addTask(file.text, {
      id,
      title,
      status: 'open',
      ...(owner && { owner }),
      dependsOn: [...new Set(dependsOn.map((it) => resolveTask(file, it)))],
      evidence: noEvidence,
      ...(Object.keys(target).length === 0 ? {} : { target }),
      ...(notes && { notes }),
      created,
    });
  });
  const task = tellTask(read, id);
  await noteTasks(context, 'added', [{ task }]);
  return { file: path, made, task };
};

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
