/** log/show: one session, turn or step in full. */
import { askShow } from '../../store/index/ask-show.ts';
import { findId } from '../../store/index/find-id.ts';
import { askIndex } from '../ask-index.ts';
import type { Handler } from '../context.ts';
import { findHoles } from '../find-holes.ts';
import { findUnnamed } from '../find-unnamed.ts';
import { tellSessionTasks } from '../session-tasks.ts';

export const logShow: Handler<'log/show'> = async (context, { id }) => {
  const shown = await askIndex(context, (database, isRunning) => {
    const found = askShow(database, findId(database, id), isRunning);
    const tasks = found.kind === 'session' ? tellSessionTasks(database, found.session, []) : [];
    return tasks.length === 0 ? found : { ...found, tasks };
  });
  const { kind, session, turn, steps } = shown;
  const of = kind === 'session' ? session : kind === 'turn' ? turn : steps[0];
  const unnamed = of && (await findUnnamed(context, { kind, id: of.id }));
  const told = unnamed === undefined || unnamed.length === 0 ? shown : { ...shown, unnamed };
  if (kind !== 'session') return told;
  const holes = await findHoles(context, session.id, steps);
  return holes === undefined ? told : { ...told, holes };
};
