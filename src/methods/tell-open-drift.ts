/** A session's alert as answers have it: without what is kept to know when it is over. */
import type { FoundDrift } from '../contract/types.gen.ts';
import type { SessionGround } from '../drift/ground.ts';

export function tellOpenDrift({ open }: Pick<SessionGround, 'open'>): FoundDrift | undefined {
  if (open === undefined) return undefined;
  const { was: _was, ...found } = open;
  return found;
}
