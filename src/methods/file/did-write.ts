/** file/did-write: a host's agent has written a file. */
import { Failure } from '../../errors.ts';
import { findSession } from '../../store/index/find-id.ts';
import { askIndex } from '../ask-index.ts';
import type { Handler } from '../context.ts';
import { noteSeen } from '../note-seen.ts';
import { readFound } from '../read-found.ts';
import { relativePath } from '../relative-path.ts';

export const fileDidWrite: Handler<'file/did-write'> = async (context, params) => {
  const path = relativePath(context, params.path);
  const { session } = await askIndex(context, (database) => ({
    session: findSession(database, params.session),
  }));
  const { turn = session, step = turn } = params;
  const keeper = await context.keeper();
  const taken = await keeper.take({
    ...context.mint(),
    marks: { reason: 'step', session, turn, step },
    acts: [{ by: { session, turn, step }, paths: [path], reach: 'named' }],
    paths: [path],
    unlessSame: true,
  });
  const found = readFound(context.workspace.root, path);
  if (found === undefined)
    throw new Failure('invalid-params', `${params.path} is no file that can be read whole`, {
      data: { path },
      hint: 'only plain files up to 8 MB are told of',
    });
  const { blob, bytes } = found;
  const where = { ...(params.turn && { turn }), ...(params.step && { step }) };
  if (blob !== null) {
    await context.record({
      session,
      event: { type: 'file-written', ...where, path, blob, bytes },
    });
    const seen = { blob, at: context.mint().at, ...where, how: 'own' } as const;
    await noteSeen(context, { session, path, seen });
  }
  return { path, session, blob, checkpoint: taken.id };
};
