/** When old checkpoints are forgotten: never in a turn, and seldom. */
import type { Event } from '../contract/types.gen.ts';
import type { Note } from '../journal/entry.ts';
import type { Calls } from '../shadow/calls.ts';

export type RetentionPorts = {
  keeperOf(root: string): Calls;
  now(): number;
  write(note: Note): void;
  /** Keeps the history within its budget. */
  shorten(root: string): Promise<Event | undefined>;
};

export type Retention = {
  /** Nothing happens in this workspace now. */
  rest(root: string): void;
  /** Something happens again. */
  wake(root: string): void;
  close(): void;
};

/** Nobody has asked for anything for so long, and is not likely to be waiting in a moment. */
const quietMs = 5 * 60_000;
const betweenMs = 6 * 3_600_000;
const keepLast = 500;
const keepMs = 30 * 86_400_000;
const limitBytes = 5 * 2 ** 30;

export function openRetention(ports: RetentionPorts): Retention {
  const timers = new Map<string, NodeJS.Timeout>();
  const lastAt = new Map<string, number>();

  function wake(root: string): void {
    clearTimeout(timers.get(root));
    timers.delete(root);
  }

  async function prune(root: string): Promise<void> {
    const now = ports.now();
    lastAt.set(root, now);
    const order = { keepLast, before: now - keepMs, limitBytes };
    const { dropped, bytesBefore, bytesAfter } = await ports.keeperOf(root).prune(order);
    const shortened = await ports.shorten(root);
    if (shortened !== undefined) ports.write({ event: shortened });
    if (dropped.length === 0) return;
    const event = { type: 'checkpoints-pruned', dropped: dropped.length } as const;
    ports.write({ event: { ...event, bytesBefore, bytesAfter } });
  }

  return {
    wake,
    rest(root) {
      wake(root);
      if (ports.now() - (lastAt.get(root) ?? 0) < betweenMs) return;
      const timer = setTimeout(() => {
        prune(root).catch((error: unknown) => {
          // The next rest tries again; what is wrong with the store, the next checkpoint says.
          if (error instanceof Error) lastAt.delete(root);
          else throw error;
        });
      }, quietMs);
      timers.set(root, timer.unref());
    },
    close() {
      for (const root of [...timers.keys()]) wake(root);
    },
  };
}
