/** Keeps that a session has seen a version of a file, for whoever asks next: the guard, and `clew context`. */
import { judgeSight, type Seen } from '../context/seen.ts';
import { Failure } from '../errors.ts';
import { openSeenSpace } from '../store/state/open-seen-space.ts';
import { openStateStore, type StateStore } from '../store/state/open-state-store.ts';
import type { Context } from './context.ts';
import { findIdentity, foldJournals } from './read-context.ts';

type Sight = { readonly session: string; readonly path: string; readonly seen: Seen };

/** After it was written down: without the store, the journals tell the same. */
export async function noteSeen(context: Context, { session, path, seen }: Sight): Promise<void> {
  const { identity } = await findIdentity(context, session);
  const store = await openStore(context.folder().state);
  if (store === undefined) return;
  try {
    const space = openSeenSpace(store);
    const kept = await space.read(identity);
    // A store that knows one file of a session is believed of all others too.
    const known = new Map(kept.size > 0 ? kept : foldJournals(context, session));
    const fresh = kept.size > 0 ? [] : [...known];
    const next = judgeSight(known.get(path), seen);
    known.delete(path);
    known.set(path, next);
    for (const [name, it] of fresh) if (name !== path) await space.write(identity, name, it);
    await space.write(identity, path, next);
    await space.list(identity, known.keys());
  } finally {
    await store.close();
  }
}

async function openStore(path: string): Promise<StateStore | undefined> {
  try {
    return await openStateStore(path);
  } catch (error) {
    if (error instanceof Failure && error.code === 'index-unavailable') return undefined;
    throw error;
  }
}
