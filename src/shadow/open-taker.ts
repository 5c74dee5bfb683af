/** Checkpoints for several askers, one at a time: one look at the disk serves all that asked before it began. */
import type { Calls } from './calls.ts';
import type { Background } from './open-background.ts';
import type { Shadow } from './open-shadow.ts';
import type { Taken, TakeOrder } from './order.ts';

type Waiting = {
  readonly order: TakeOrder;
  readonly resolve: (taken: Taken) => void;
  readonly reject: (why: unknown) => void;
};

export function openTaker(shadow: Shadow, background: Background): Calls['take'] {
  let waiting: Waiting[] = [];
  function serve(): void {
    const group = waiting;
    waiting = [];
    let isLooked = false;
    let isUnsure = false;
    for (const { order, resolve, reject } of group) {
      try {
        const isWhole = order.paths === undefined;
        const taken: Taken =
          isWhole && isLooked ? shadow.engine.repeat(order) : shadow.take(hurry(order));
        isUnsure = !isWhole || taken.degraded === 'still sweeping';
        if (isWhole) isLooked = !isUnsure;
        resolve(taken);
      } catch (error) {
        reject(error);
      }
    }
    background.wake(isUnsure);
  }
  return (order) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(serve);
      waiting.push({ order, resolve, reject });
    });
}

/** What it waited for its turn is gone from its time. */
function hurry(order: TakeOrder): TakeOrder {
  if (order.withinMs === undefined) return order;
  const waitedMs = Math.max(0, Date.now() - order.at);
  return { ...order, withinMs: Math.max(0, order.withinMs - waitedMs) };
}
