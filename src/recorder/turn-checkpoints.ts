/** What became of the checkpoints before and after turns, for the answers to those who begin and end them. */
import type { Event } from '../contract/types.gen.ts';

type Kept = { readonly checkpoint?: string; readonly why?: string };

export type TurnCheckpoints = {
  notice(event: Event): void;
  /** Once: it is forgotten then. */
  tell(reason: 'prompt' | 'turn', turn: string): Kept;
};

/** `areTaken`: false where there are none at all. */
export function openTurnCheckpoints(areTaken: boolean): TurnCheckpoints {
  const kept = new Map<string, Kept>();
  return {
    notice(event) {
      if (event.type !== 'checkpoint-taken' && event.type !== 'checkpoint-failed') return;
      const { turn, reason } = event;
      if (turn === undefined || (reason !== 'prompt' && reason !== 'turn')) return;
      const degraded = event.type === 'checkpoint-taken' ? event.degraded : event.why;
      kept.set(`${reason} ${turn}`, {
        ...(event.type === 'checkpoint-taken' && { checkpoint: event.checkpoint }),
        ...(degraded !== undefined && { why: degraded }),
      });
    },
    tell(reason, turn) {
      const found = kept.get(`${reason} ${turn}`) ?? {};
      for (const it of ['prompt', reason]) kept.delete(`${it} ${turn}`);
      return areTaken ? found : { why: 'no checkpoints are taken of this folder' };
    },
  };
}
