/** Has checkpoints taken that the recorder wishes for: each accounts for what was done since, and is written down. */
import type { Note } from '../journal/entry.ts';
import type { Calls } from '../shadow/calls.ts';
import type { Taken } from '../shadow/order.ts';
import type { ActLog } from './act-log.ts';
import { noteFailed, noteTaken, orderOf, type Wish } from './checkpoint-wish.ts';
import { waitAtMost } from './wait-at-most.ts';

export type WishPorts = {
  /** The checkpoints of a workspace, opened on first use. Throws where there can be none. */
  keeperOf(root: string): Calls;
  mint(): { readonly id: string; readonly at: number };
  write(note: Note): void;
  say(text: string): void;
};

export type Wishing = {
  readonly id: string;
  readonly root: string;
  readonly acts: ActLog;
  /** The last checkpoint that was taken for this session. */
  last: string | undefined;
};

export type Wanted = Omit<Wish, 'session'>;

export type Wishes = {
  /** Undefined where it failed. */
  take(session: Wishing, wanted: Wanted): Promise<Taken | undefined>;
  /** Waits for what is wanted no longer than that, and writes down that it was late. */
  waitFor(session: Wishing, wanted: Wanted, ms: number, work: Promise<unknown>): Promise<void>;
  /** Fulfilled when what is being taken now is taken, however long that is. */
  settled(): Promise<void>;
};

export function openWishes(ports: WishPorts): Wishes {
  const underWay = new Set<Promise<unknown>>();
  const said = new Set<string>();

  async function carryOut(session: Wishing, wish: Wish): Promise<Taken | undefined> {
    const minted = ports.mint();
    const pending = session.acts.pending(wish.reason === 'write' ? (wish.paths ?? []) : undefined);
    try {
      const taken = await ports.keeperOf(session.root).take(orderOf(wish, minted, pending));
      const isSame = taken.same === true;
      // Where another's is the last, its look may have seen what these acts did: they go with the next of ours.
      if (isSame && taken.id !== session.last) return taken;
      pending.settle(lookedAt(wish, taken), isSame);
      if (isSame) return taken;
      session.last = taken.id;
      ports.write(noteTaken(wish, taken, ports.mint().at - minted.at));
      if (wish.reason === 'prompt' && taken.degraded === 'still sweeping')
        sayOnce(session, `the checkpoint of ${session.root} before a turn is not whole yet`);
      return taken;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      sayOnce(session, `no checkpoint of ${session.root}: ${why}; forwarding goes on`);
      ports.write(noteFailed(wish, why));
      return undefined;
    } finally {
      pending.release();
    }
  }

  /** The journal has every single one. */
  function sayOnce({ root }: Wishing, text: string): void {
    if (said.has(root)) return;
    said.add(root);
    ports.say(text);
  }

  return {
    async take(session, wanted) {
      const work = carryOut(session, { ...wanted, session: session.id });
      underWay.add(work);
      try {
        return await work;
      } finally {
        underWay.delete(work);
      }
    },
    async waitFor(session, wanted, ms, work) {
      if (!(await waitAtMost(ms, work)))
        ports.write(noteFailed({ ...wanted, session: session.id }, `not within ${ms} ms`));
    },
    async settled() {
      await Promise.allSettled([...underWay]);
    },
  };
}

/** The files that were looked at; undefined when all were. */
function lookedAt({ paths }: Wish, { degraded }: Taken): readonly string[] | undefined {
  return degraded === 'still sweeping' ? (paths ?? []) : paths;
}
