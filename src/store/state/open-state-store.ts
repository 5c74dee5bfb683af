/** The state store: small values by namespace and key, in `state.db` beside the journal. All of it can be lost. */
import { setTimeout as wait } from 'node:timers/promises';
import type Keyv from 'keyv';
import { Failure } from '../../errors.ts';
import { loadDriver } from '../index/driver.ts';
import { isDamage } from '../index/index-file.ts';
import { codeOf } from '../index/lock.ts';
import { openStateFile, type StateFile, tablePrefix } from './state-file.ts';
import {
  checkSpaceName,
  type Kept,
  openStateSpace,
  type SpaceTerms,
  type StateSpace,
} from './state-space.ts';

export type StateStore = {
  /** One namespace; `[a-z0-9-]` only. */
  space<Value>(name: string, terms: SpaceTerms): StateSpace<Value>;
  /** What a status should tell. */
  readonly notes: readonly string[];
  /** Deletes what has expired; answers how many. It happens by itself now and then. */
  sweep(): Promise<number>;
  /** Waits for what is being written. */
  close(): Promise<void>;
};

type Opened = { readonly file: StateFile; readonly spaces: Map<string, Keyv> };
type Modules = Awaited<ReturnType<typeof loadModules>>;

const sweepEveryMs = 3 * 3_600_000;
/** So long a lock of another process stops this thread; after that it is tried again later. */
const busyMs = 100;
const busyTries = 6;

/** Rejects with index-unavailable without the native module; see `openMemoryState` for that case. */
export async function openStateStore(path: string): Promise<StateStore> {
  const modules = await loadModules();
  const underWay = new Set<Promise<unknown>>();
  let opened = open();
  let isClosed = false;
  const sweeping = setInterval(() => void sweepQuietly(), sweepEveryMs);
  sweeping.unref();
  setImmediate(() => void sweepQuietly());

  function open(damaged?: number): Opened {
    try {
      return { file: openStateFile(modules.driver, path, damaged), spaces: new Map() };
    } catch (error) {
      throw failure(path, error);
    }
  }

  async function renew(from: Opened): Promise<void> {
    if (opened !== from) return;
    opened = open(from.file.inode);
    await closeAll(from);
  }

  function keyvOf(name: string): Keyv {
    const known = opened.spaces.get(name) ?? openKeyv(modules, path, name);
    opened.spaces.set(name, known);
    return known;
  }

  async function attempt<T>(name: string, act: (kept: Kept) => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries += 1) {
      if (isClosed) throw failure(path, new Error('it is closed'));
      const mine = opened;
      try {
        return await act(keyvOf(name));
      } catch (error) {
        if (!(await mend(mine, tries, error))) throw failure(path, error);
      }
    }
  }

  /** Whether it is worth another try. */
  async function mend(mine: Opened, tries: number, error: unknown): Promise<boolean> {
    if (isDamage(error) && tries === 0) await renew(mine);
    else if (isBusy(error) && tries < busyTries) await wait(busyMs * (1 + tries));
    else return false;
    return true;
  }

  async function follow<T>(work: Promise<T>): Promise<T> {
    underWay.add(work);
    try {
      return await work;
    } finally {
      underWay.delete(work);
    }
  }

  /** Nobody waits for this one; what could not be swept is swept another time, or was refused to writers too. */
  async function sweepQuietly(): Promise<void> {
    if (isClosed) return;
    try {
      opened.file.sweep(Date.now());
    } catch (error) {
      if (codeOf(error) === '') throw error;
    }
  }

  return {
    get notes() {
      return opened.file.notes;
    },
    space(name, terms) {
      checkSpaceName(name);
      return openStateSpace(terms, (act) => follow(attempt(name, act)));
    },
    async sweep() {
      try {
        return opened.file.sweep(Date.now());
      } catch (error) {
        throw failure(path, error);
      }
    },
    async close() {
      clearInterval(sweeping);
      while (0 < underWay.size) await Promise.allSettled([...underWay]);
      isClosed = true;
      await closeAll(opened);
    },
  };
}

/** Loaded on first use: a run that needs no state needs none of this. */
async function loadModules() {
  const driver = await loadDriver();
  const [{ default: KeyvClass }, { default: KeyvSqlite }] = await Promise.all([
    import('keyv'),
    import('@keyv/sqlite'),
  ]);
  return { driver, KeyvClass, KeyvSqlite };
}

/** A table and a connection of its own: names that only look alike never meet. */
function openKeyv({ KeyvClass, KeyvSqlite }: Modules, path: string, name: string): Keyv {
  const table = `${tablePrefix}${name.replaceAll('-', '_')}`;
  const store = new KeyvSqlite({ uri: `sqlite://${path}`, table, busyTimeout: busyMs });
  const keyv = new KeyvClass({ store, namespace: name, throwOnErrors: true });
  // It throws them too, to whoever asked; without a listener they would end the process.
  keyv.on('error', () => undefined);
  return keyv;
}

async function closeAll({ file, spaces }: Opened): Promise<void> {
  await Promise.allSettled([...spaces.values()].map((it) => it.disconnect()));
  file.close();
}

function isBusy(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error));
}

function failure(path: string, cause: unknown): Failure {
  if (cause instanceof Failure) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Failure('state-unavailable', `the state in ${path} cannot be used: ${why}`, {
    data: { path, sqlite: codeOf(cause) },
    hint: 'nothing is lost: all of it follows from the journals; look whether the disk is full or read-only',
    cause,
  });
}
