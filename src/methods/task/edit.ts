/** task/edit: changes a task, and nothing else in its file. */
import type { Handler } from '../context.ts';
import { markTask } from '../mark-task.ts';
import { noteTasks } from '../note-tasks.ts';
import { tellTask } from '../task-card.ts';
import { changeTaskFile, readTaskFile, resolveTask } from '../task-file.ts';

export const taskEdit: Handler<'task/edit'> = async (context, params) => {
  const { id: named, title, status, owner, notes, milestone, commit } = params;
  const { addDependsOn = [], removeDependsOn = [], addEvidence, removeEvidence, by } = params;
  const file = readTaskFile(context);
  const resolve = (it: string) => resolveTask(file, it);
  const change = {
    set: {
      ...(title !== undefined && { title }),
      ...(status !== undefined && { status }),
      ...(owner !== undefined && { owner }),
      ...(notes !== undefined && { notes }),
      ...(milestone !== undefined && { milestone }),
      ...(commit !== undefined && { commit }),
    },
    add: { dependsOn: addDependsOn.map(resolve), ...addEvidence },
    remove: { dependsOn: removeDependsOn.map(resolve), ...removeEvidence },
    updated: markTask(context, by),
  };
  const { path, read, id, before: was } = changeTaskFile(context, named, change);
  const task = tellTask(read, id);
  await noteTasks(context, 'edited', [{ task, before: was }]);
  return { file: path, task };
};
