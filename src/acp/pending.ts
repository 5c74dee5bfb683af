/** The requests that are not answered yet, of each side by itself, for both sides count their ids from 0. */
import type { Problem } from '../contract/types.gen.ts';
import type { Side } from './line.ts';
import type { Session } from './sessions.ts';

export type Answer =
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'error'; readonly problem: Problem }
  /** The connection ended before anybody answered. */
  | { readonly kind: 'lost' };

export type Asked = {
  readonly from: Side;
  /** As JSON text, written in one way. */
  readonly id: string;
  /** As it was written. */
  readonly rawId: string;
  readonly method: string;
  readonly session?: Session | undefined;
  readonly turn?: string | undefined;
  /** What is to be done with the answer. */
  readonly take?: ((answer: Answer) => void) | undefined;
  /** The side that asked has taken it back; it will still be answered. */
  withdrawn?: boolean;
  readonly withdraw?: (() => void) | undefined;
  /** `take` tells of errors itself; otherwise a `request-failed` is noted. */
  readonly tellsErrors?: boolean | undefined;
};

export type Pending = {
  add(asked: Asked): void;
  /** Takes the oldest request with that id out: duplicate ids are answered in the order they were asked. */
  take(from: Side, id: string): Asked | undefined;
  find(from: Side, id: string): Asked | undefined;
  list(from: Side): readonly Asked[];
};

/** More than this many unanswered requests of one side are a leak of theirs, not to become one of ours. */
const limit = 10_000;

export function openPending(): Pending {
  const sides = { editor: new Map<string, Asked[]>(), agent: new Map<string, Asked[]>() };

  const take = (from: Side, id: string): Asked | undefined => {
    const queue = sides[from].get(id);
    const asked = queue?.shift();
    if (queue?.length === 0) sides[from].delete(id);
    return asked;
  };

  return {
    add(asked) {
      const table = sides[asked.from];
      const queue = table.get(asked.id);
      if (queue !== undefined) {
        queue.push(asked);
        if (queue.length > limit) queue.shift();
        return;
      }
      table.set(asked.id, [asked]);
      if (table.size > limit) table.delete(table.keys().next().value as string);
    },
    take,
    find: (from, id) => sides[from].get(id)?.[0],
    list: (from) => [...sides[from].values()].flat(),
  };
}
