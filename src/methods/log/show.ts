/** log/show: one session, turn or step in full. */
import { askShow } from '../../store/index/ask-show.ts';
import { findId } from '../../store/index/find-id.ts';
import { askIndex } from '../ask-index.ts';
import type { Handler } from '../context.ts';

export const logShow: Handler<'log/show'> = (context, { id }) =>
  askIndex(context, (database, isRunning) => askShow(database, findId(database, id), isRunning));
