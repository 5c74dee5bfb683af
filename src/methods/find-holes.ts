/** The holes of sessions: in full where checkpoints can be asked, by number as far as somebody looked. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { listHoles } from '../attribution/list-holes.ts';
import type { SessionCard, SessionHoles, StepCard } from '../contract/types.gen.ts';
import type { Context } from './context.ts';
import { openAttribution } from './open-attribution.ts';
import { openKeptAttribution } from './open-kept-attribution.ts';

/** Undefined of a workspace without checkpoints. */
export async function findHoles(
  context: Context,
  session: string,
  steps: readonly StepCard[],
): Promise<SessionHoles | undefined> {
  if (!existsSync(join(context.folder().path, 'store.git'))) return undefined;
  const { entries } = await openAttribution(context);
  const holes = listHoles(entries);
  const unconfirmed = steps
    .filter(({ kind, state }) => kind === 'tool' && state === 'interrupted')
    .map(({ id }) => id)
    .filter((id) => !holes.isConfirmed(id));
  return { ...holes.of(session), unconfirmed };
}

/** Nobody waits here for what was not looked at yet. */
export function countHoles(context: Context, sessions: readonly SessionCard[]): SessionCard[] {
  const { entries } = openKeptAttribution(context.folder().path);
  if (entries.length === 0) return [...sessions];
  const holes = listHoles(entries);
  return sessions.map((card) => {
    const { unclaimed, unchanged } = holes.of(card.id);
    const count = unclaimed.length + unchanged.length;
    return count === 0 ? card : { ...card, holes: count };
  });
}
