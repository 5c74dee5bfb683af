/** What one connection listens to in one workspace: its subscriptions, on one feed that is open while there are any. */
import { Failure } from '../errors.ts';
import type { Context } from './context.ts';
import type { Door } from './door.ts';
import type { FeedListener } from './feed-listener.ts';
import { type Feed, openFeed } from './open-feed.ts';

export type Subscriptions = {
  /** Rejects with busy when there are too many. */
  add(name: string, session: string | undefined): Promise<Feed>;
  /** False when there is none by that name. */
  remove(name: string): boolean;
};

const limit = 64;

const known = new WeakMap<Door, Subscriptions>();

/** The same for every question through one door. */
export function subscriptionsOf(context: Context): Subscriptions {
  const { door } = context;
  if (door === undefined)
    throw new Failure('usage', 'a trace can be followed only through a connection that stays', {
      hint: 'use `clew serve`, or follow it in a terminal with `clew trace` or `clew tail`',
    });
  const before = known.get(door);
  if (before !== undefined) return before;
  const fresh = openSubscriptions(context, door);
  known.set(door, fresh);
  return fresh;
}

function openSubscriptions(context: Context, door: Door): Subscriptions {
  const listeners = new Map<string, FeedListener>();
  let opening: Promise<Feed> | undefined;
  let feed: Feed | undefined;
  let isClosed = false;

  async function open(): Promise<Feed> {
    const { journal } = context.folder();
    const index = await context.index();
    feed = await openFeed({ journal, index, complain });
    if (isClosed) feed.close();
    return feed;
  }

  /** Nobody waits for an answer here; whoever listens has to begin anew. */
  function complain(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    for (const subscription of listeners.keys()) {
      remove(subscription);
      door.notify('trace:ended', { subscription, message });
    }
  }

  function remove(name: string): boolean {
    const listener = listeners.get(name);
    if (listener === undefined) return false;
    feed?.drop(listener);
    listeners.delete(name);
    if (listeners.size > 0) return true;
    feed?.close();
    feed = undefined;
    opening = undefined;
    return true;
  }

  door.onClose(() => {
    isClosed = true;
    for (const name of [...listeners.keys()]) remove(name);
    feed?.close();
  });

  return {
    remove,
    async add(name, session) {
      if (listeners.has(name))
        throw new Failure('invalid-params', `there is a subscription ${name} already`, {
          data: { field: 'subscription' },
          hint: 'give each a name of its own, or leave it out',
        });
      if (limit <= listeners.size)
        throw new Failure('busy', `this connection has ${limit} subscriptions already`, {
          data: { limit },
          hint: 'end one with trace/unsubscribe',
        });
      opening ??= open();
      const found = await opening.catch((error: unknown) => {
        opening = undefined;
        throw error;
      });
      const listener = found.listen({
        session,
        keepsUp: () => door.keepsUp(),
        send: (method, params) => door.notify(method, { subscription: name, ...params }),
      });
      listeners.set(name, listener);
      return found;
    },
  };
}
