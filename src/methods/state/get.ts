/** state/get: the layers of this workspace, of one session or of the last one. */

import { join } from 'node:path';
import type { LayerCard, StateGet } from '../../contract/types.gen.ts';
import type { KeptHead, LayerShelf } from '../../store/open-layer-shelf.ts';
import type { Context, Handler } from '../context.ts';
import { findLast, findSessionHead } from '../find-session-head.ts';
import { listVersions, openProject } from '../open-project.ts';
import { openShelf } from '../open-shelf.ts';
import { tellLayer } from '../tell-layer.ts';

const usualLimit = 50;

export const stateGet: Handler<'state/get'> = async (context, params) => {
  const { session, sessions = false, limit = usualLimit } = params;
  const project = await openProject(context);
  const { problem } = await project.settle();
  const { copy } = project;
  const result: StateGet['result'] = {
    project: project.fold.layer(),
    versions: listVersions(project),
    ...(copy && { projected: { path: copy, ...(problem && { problem }) } }),
  };
  const shelf = openShelf(context);
  const heads = shelf.heads();
  if (sessions) result.sessions = heads.slice(0, limit).flatMap((it) => cardOf(shelf, it, context));
  const head =
    session === undefined ? findUnasked(heads, sessions) : findSessionHead(heads, session);
  const layer = head && shelf.read(head.file);
  if (head === undefined || layer === undefined) return result;
  const file = join(shelf.folder, head.file);
  return { ...result, session: tellLayer(layer, context), file };
};

function findUnasked(heads: readonly KeptHead[], sessions: boolean): KeptHead | undefined {
  return sessions ? undefined : findLast(heads);
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
  } = tellLayer(kept, context);
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
