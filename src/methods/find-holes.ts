/** The holes of a session in full, where checkpoints can be asked. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { listHoles } from '../attribution/list-holes.ts';
import type { SessionHoles, StepCard } from '../contract/types.gen.ts';
import type { Context } from './context.ts';
import { openAttribution } from './open-attribution.ts';

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
