/** How many holes sessions have, as far as somebody looked: nobody waits here for what was not looked at yet. */
import { listHoles } from '../attribution/list-holes.ts';
import type { SessionCard } from '../contract/types.gen.ts';
import type { Context } from './context.ts';
import { openKeptAttribution } from './open-kept-attribution.ts';

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
