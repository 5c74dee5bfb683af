/** log/show: one session, turn or step in full. */
import { askShow } from '../../store/index/ask-show.ts';
import { findId } from '../../store/index/find-id.ts';
import { askIndex } from '../ask-index.ts';
import type { Handler } from '../context.ts';
import { findHoles } from '../find-holes.ts';
import { tellSessionTasks } from '../session-tasks.ts';

export const logShow: Handler<'log/show'> = async (context, { id }) => {
  const shown = await askIndex(context, (database, isRunning) => {
    const found = askShow(database, findId(database, id), isRunning);
    const tasks = found.kind === 'session' ? tellSessionTasks(database, found.session, []) : [];
    return tasks.length === 0 ? found : { ...found, tasks };
  });
  if (shown.kind !== 'session') return shown;
  const holes = await findHoles(context, shown.session.id, shown.steps);
  return holes === undefined ? shown : { ...shown, holes };
};
