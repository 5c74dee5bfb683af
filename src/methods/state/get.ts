/** state/get: the layers of this workspace, of one session or of the last one. */

import { join } from 'node:path';
import type { LayerCard, ShortLayer, StateGet } from '../../contract/types.gen.ts';
import { Failure } from '../../errors.ts';
import type { KeptHead, LayerShelf } from '../../store/open-layer-shelf.ts';
import type { Context, Handler } from '../context.ts';
import { openShelf } from '../open-shelf.ts';

const usualLimit = 50;
const fewestLetters = 4;

export const stateGet: Handler<'state/get'> = async (context, params) => {
  const { session, sessions = false, limit = usualLimit } = params;
  const shelf = openShelf(context);
  const heads = shelf.heads();
  const result: StateGet['result'] = {};
  if (sessions) result.sessions = heads.slice(0, limit).flatMap((it) => cardOf(shelf, it, context));
  const head = session === undefined && sessions ? undefined : findHead(heads, session);
  const layer = head && shelf.read(head.file);
  if (head === undefined || layer === undefined) return result;
  const file = join(shelf.folder, head.file);
  return { ...result, session: asItIs(layer, context), file };
};

/** One whose run died goes on saying that it is open. */
function asItIs(layer: ShortLayer, context: Context): ShortLayer {
  const writer = layer.through?.writer;
  const isOver = layer.state === 'open' && !(writer && context.running().has(writer));
  return isOver ? { ...layer, state: 'ended' } : layer;
}

/** Undefined where nobody asked for a certain one, and there is none. */
function findHead(heads: readonly KeptHead[], asked: string | undefined): KeptHead | undefined {
  if (asked === undefined || asked === '@last') {
    const last = heads.toSorted((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1))[0];
    if (last === undefined && asked !== undefined) throw unknownSession(asked);
    return last;
  }
  const wanted = asked.toUpperCase();
  const isMeant = ({ session }: KeptHead) =>
    session === wanted || (fewestLetters <= wanted.length && session.endsWith(wanted));
  const [found, ...others] = heads.filter(isMeant);
  if (found === undefined) throw unknownSession(asked);
  if (others.length === 0) return found;
  const candidates = [found, ...others].map((it) => ({ kind: 'session', id: it.session }));
  throw new Failure('ambiguous-id', `more than one session ends with ${asked}`, {
    data: { id: asked, candidates },
    hint: 'give more letters',
  });
}

function unknownSession(asked: string): Failure {
  return new Failure('unknown-id', `no session ${asked} has a layer here`, {
    data: { id: asked },
    hint: '`clew state show --sessions` lists those that have',
  });
}

function cardOf(shelf: LayerShelf, head: KeptHead, context: Context): LayerCard[] {
  const kept = shelf.read(head.file);
  if (kept === undefined) return [];
  const {
    session,
    state,
    startedAt,
    updatedAt,
    branch,
    head: commit,
    title,
  } = asItIs(kept, context);
  return [
    {
      ...{ session, state, startedAt, updatedAt },
      ...(branch === undefined ? {} : { branch }),
      ...(commit === undefined ? {} : { head: commit }),
      ...(kept.agent === undefined ? {} : { agent: kept.agent.name }),
      ...(title === undefined ? {} : { title }),
      turns: kept.turns.length + (kept.earlier?.turns ?? 0),
      open: kept.pending.length,
      file: head.file,
    },
  ];
}
