/** log/show: one session, turn or step in full. */
import { askShow } from '../../store/index/ask-show.ts';
import { findId } from '../../store/index/find-id.ts';
import { askIndex } from '../ask-index.ts';
import type { Handler } from '../context.ts';
import { tellSessionTasks } from '../session-tasks.ts';

export const logShow: Handler<'log/show'> = (context, { id }) =>
  askIndex(context, (database, isRunning) => {
    const shown = askShow(database, findId(database, id), isRunning);
    const tasks = shown.kind === 'session' ? tellSessionTasks(database, shown.session, []) : [];
    return tasks.length === 0 ? shown : { ...shown, tasks };
  });
