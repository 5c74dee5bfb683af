/** Where what was told and what the disk has do not meet, session by session. */
import type { SessionHoles } from '../contract/types.gen.ts';
import type { Entry } from './entry.ts';

type Holes = Pick<SessionHoles, 'unclaimed' | 'unchanged'>;

export type AllHoles = {
  of(session: string): Holes;
  /** Whether a change bears out some word of it. */
  isConfirmed(step: string): boolean;
};

export function listHoles(entries: readonly Entry[]): AllHoles {
  const unclaimed = new Map<string, Holes['unclaimed']>();
  const confirmed = new Set<string>();
  const told = new Map<string, Map<string, Holes['unchanged'][number]>>();
  for (const entry of entries) {
    for (const [step, path] of entry.confirmed) confirmed.add(step).add(`${step} ${path}`);
    // Also where a formatter or another encoding left nothing of it to the letter.
    for (const { page } of entry.pages)
      for (const [, { by }] of page.runs)
        if (by?.step !== undefined) confirmed.add(by.step).add(`${by.step} ${page.path}`);
    for (const [session, step, path] of entry.told) {
      const known = told.get(session) ?? new Map();
      told.set(session, known.set(`${step} ${path}`, { path, step }));
    }
    const { session, id } = entry;
    if (session === undefined) continue;
    const known = unclaimed.get(session) ?? [];
    known.push(...entry.unclaimed.map(([path, lines]) => ({ path, checkpoint: id, lines })));
    unclaimed.set(session, known);
  }
  return {
    isConfirmed: (step) => confirmed.has(step),
    of: (session) => ({
      unclaimed: unclaimed.get(session) ?? [],
      unchanged: [...(told.get(session) ?? [])]
        .filter(([key]) => !confirmed.has(key))
        .map(([, it]) => it),
    }),
  };
}
