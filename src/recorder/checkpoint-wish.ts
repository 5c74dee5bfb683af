/** A checkpoint that the recorder wants: as an order for the engine, and as what is written down of it. */
import type { CheckpointTaken } from '../contract/types.gen.ts';
import type { Note } from '../journal/entry.ts';
import { known } from '../journal/known.ts';
import type { Taken, TakeOrder } from '../shadow/order.ts';
import type { Act } from '../undo/act.ts';
import { stretchWait } from '../wire/stretch-wait.ts';

export type Wish = {
  readonly session: string;
  readonly reason: CheckpointTaken['reason'];
  readonly turn?: string | undefined;
  readonly step?: string | undefined;
  readonly paths?: readonly string[] | undefined;
  readonly after?: string | undefined;
  readonly withinMs?: number | undefined;
  readonly unlessSame?: boolean | undefined;
};

type Minted = { readonly id: string; readonly at: number };

type Evidence = { readonly acts: readonly Act[]; readonly texts: readonly string[] };

export function orderOf(wish: Wish, minted: Minted, { acts, texts }: Evidence): TakeOrder {
  const { session, reason, turn, step, paths, after, unlessSame } = wish;
  const withinMs = wish.withinMs === undefined ? undefined : stretchWait(wish.withinMs);
  return {
    ...minted,
    marks: known({ reason, session, turn, step }),
    ...known({ paths, after, withinMs, unlessSame, acts: orNone(acts), texts: orNone(texts) }),
  };
}

function orNone<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}

export function noteTaken(wish: Wish, taken: Taken, tookMs: number): Note {
  const { session, reason, turn, step } = wish;
  const { id, commit, tree, changed, uncaptured, degraded } = taken;
  const measures = { commit, tree, changed, uncaptured, tookMs: Math.max(0, tookMs) };
  return {
    session,
    event: {
      type: 'checkpoint-taken',
      checkpoint: id,
      reason,
      ...measures,
      ...known({ turn, step, degraded }),
    },
  };
}

export function noteFailed({ session, reason, turn, step }: Wish, why: string): Note {
  return { session, event: { type: 'checkpoint-failed', reason, why, ...known({ turn, step }) } };
}
