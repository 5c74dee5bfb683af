/** What was folded of the project's state, kept so that nobody reads all journals again; where nothing can be kept, they are read. */
import { Failure } from '../../errors.ts';
import type { ProjectCache } from '../open-project-shelf.ts';
import { openStateStore, type StateStore } from './open-state-store.ts';

type Cached = Parameters<ProjectCache['set']>[0];

const terms = { version: 1 };
const key = 'entries';

export function openProjectCache(path: string): ProjectCache {
  /** Opened for each use: it is used once at the start, and seldom after. */
  async function withStore<T>(work: (store: StateStore) => Promise<T>): Promise<T | undefined> {
    try {
      const store = await openStateStore(path);
      try {
        return await work(store);
      } finally {
        await store.close();
      }
    } catch (error) {
      if (error instanceof Failure) return undefined;
      throw error;
    }
  }

  return {
    get: () => withStore((store) => store.space<Cached>('project', terms).get(key)),
    async set(cached) {
      await withStore((store) => store.space<Cached>('project', terms).set(key, cached));
    },
  };
}
