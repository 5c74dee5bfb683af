/** drift/status: whether sessions stand on the ground that they know. */
import type { DriftStatus } from '../../contract/types.gen.ts';
import type { SessionGround } from '../../drift/ground.ts';
import { meetGround } from '../../drift/meet-ground.ts';
import { readDefaultBranch } from '../../repo/read-default-branch.ts';
import type { Context, Handler } from '../context.ts';
import { type DriftLook, findKept, openDriftLook } from '../open-drift-look.ts';
import { tellOpenDrift } from '../tell-open-drift.ts';

type Card = DriftStatus['result']['sessions'][number];

export const driftStatus: Handler<'drift/status'> = async (context, { session, all = false }) => {
  const look = await openDriftLook(context);
  const { ground } = look;
  const running = context.running();
  const isListed = ({ run, open }: SessionGround) => all || open !== undefined || running.has(run);
  const kept =
    session === undefined ? look.sessions.filter(isListed) : [findKept(look.sessions, session)];
  const branch = readDefaultBranch(context.workspace.gitCommonDir ?? '');
  return {
    ground,
    ...(branch === undefined ? {} : { defaultBranch: branch }),
    sessions: kept.map((it) => showSession(it, look, running)),
  };
};

function showSession(
  kept: SessionGround,
  look: DriftLook,
  running: ReturnType<Context['running']>,
): Card {
  const { session, agentSession, run, ground, files } = kept;
  const open = tellOpenDrift(kept);
  const { found } = meetGround(kept, look.sightOf(kept));
  return {
    ...{ session, agentSession, running: running.has(run), ground, files: files.length },
    ...(open === undefined ? {} : { open }),
    ...(found === undefined ? {} : { ahead: found }),
  };
}
