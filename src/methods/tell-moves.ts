/** Writes down what moved in the repository while no sidecar was looking, so that who asks now is told. */
import { Failure } from '../errors.ts';
import { type Moves, openMoves } from '../repo/open-moves.ts';
import { openRedactor } from '../secrets/redactor.ts';
import { openMovesPlace } from '../store/moves-place.ts';
import type { Context } from './context.ts';

/** Undefined where nothing was ever recorded, or where there is no repository. */
export async function tellMoves(
  context: Context,
  how: 'everything' | 'HEAD' = 'everything',
): Promise<Moves | undefined> {
  const { gitDir, gitCommonDir } = context.workspace;
  const folder = context.findFolder();
  if (gitDir === undefined || gitCommonDir === undefined || folder === undefined) return undefined;
  const { writer, env } = context;
  const redactor = openRedactor({ environment: env });
  const moves = openMoves(
    { gitDir, commonDir: gitCommonDir },
    {
      ...openMovesPlace(folder),
      writer,
      redact: (event) => redactor.value(event),
      tell: (events) => context.record(...events.map((event) => ({ event }))),
    },
  );
  // Whoever only asks does not begin: a sidecar does, when there is a session.
  if (!moves.isBegun()) return undefined;
  try {
    if (how === 'HEAD') moves.lookIfMoved();
    else moves.look();
    await moves.settle();
  } catch (error) {
    // A disk that takes nothing more still has the answers; whoever writes next tells of the moves.
    const { code } = error as NodeJS.ErrnoException;
    if (!(error instanceof Failure) && code === undefined) throw error;
  }
  return moves;
}
