/** drift/resolve: what becomes of a session whose ground has moved. */
import type { DriftResolve } from '../../contract/types.gen.ts';
import { parseGround, type SessionGround } from '../../drift/ground.ts';
import { meetGround } from '../../drift/meet-ground.ts';
import { listReread, type Resolved, resolveDrift } from '../../drift/resolve-drift.ts';
import { Failure } from '../../errors.ts';
import type { Note } from '../../journal/entry.ts';
import type { Handler } from '../context.ts';
import { type DriftLook, findKept, openDriftLook } from '../open-drift-look.ts';
import { tellRestingLayer } from '../tell-resting-layer.ts';

type How = DriftResolve['params']['how'];

export const driftResolve: Handler<'drift/resolve'> = async (context, { how, session }) => {
  const look = await openDriftLook(context);
  const chosen = session === undefined ? chooseOnly(look) : findKept(look.sessions, session);
  const { notes, resolved } = resolveKept(look, chosen, how);
  await context.record(...notes);
  const { event, kept } = resolved;
  if (how === 'fork') await tellRestingLayer(context, kept.session, event);
  const { drift, before, after, files } = event;
  return {
    ...{ session: kept.session, agentSession: kept.agentSession, how, before, after },
    ...(drift === undefined ? {} : { drift }),
    reread: how === 'rebuild' ? listReread(files) : [],
    gone: how === 'rebuild' ? files.flatMap((it) => (it.now === 'removed' ? [it.path] : [])) : [],
  };
};

/** What nobody has seen yet is seen first, so that what is decided is about everything. */
function resolveKept(look: DriftLook, { session }: SessionGround, how: How) {
  const notes: Note[] = [];
  let resolved: Resolved | undefined;
  const file = look.files.of(session);
  const isDone = file.change((text) => {
    const kept = parseGround(text);
    if (kept === undefined) return undefined;
    const met = meetGround(kept, look.sightOf(kept));
    const done = resolveDrift(met.kept, { how, ...look });
    if ('refused' in done) throw refuse(done.refused, session);
    if (done.event.drift === undefined) throw failNothing(session);
    for (const event of [...met.events, done.event]) notes.push({ session, event });
    resolved = done;
    return JSON.stringify(done.kept);
  });
  if (isDone && resolved !== undefined) return { notes, resolved };
  throw new Failure('busy', `what is known of session ${session} is being changed just now`, {
    data: { session },
    hint: 'try again',
  });
}

const refuse = (why: string, session: string) =>
  new Failure('drift-refused', why, {
    data: { session },
    hint: 'fast-forward takes the ground as it is, rebuild lists what to read again',
  });

function failNothing(session?: string): Failure {
  const who = session === undefined ? 'every session stands on its ground' : `session ${session}`;
  return new Failure('no-drift', `no alert is open: ${who}`, {
    ...(session === undefined ? {} : { data: { session } }),
    hint: '`clew drift` tells where each session stands',
  });
}

function chooseOnly(look: DriftLook): SessionGround {
  const open = look.sessions.filter(
    (it) => it.open !== undefined || meetGround(it, look.sightOf(it)).found?.level === 'alert',
  );
  const [only, ...others] = open;
  if (only === undefined) throw failNothing();
  if (others.length === 0) return only;
  throw new Failure('ambiguous-id', `${open.length} sessions have an alert`, {
    data: { sessions: open.map((it) => it.session) },
    hint: `name one: ${open.map((it) => it.session.slice(-6).toLowerCase()).join(', ')}`,
  });
}
