/** Remembers what each session has seen: in memory for whoever asks at once, and in the state store for later runs. */
import { judgeSight, nameIdentity, type Seen } from '../context/seen.ts';
import { filesPerSession, type SeenSpace } from '../store/state/open-seen-space.ts';

export type SeenPorts = {
  /** Lends what is kept of the session's workspace; give it back when done. */
  lend(session: string): Promise<{ readonly space: SeenSpace; release(): void }>;
  /** Files of all sessions that stay in memory. */
  readonly limit?: number;
  /** Until what is new is written down. */
  readonly restMs?: number;
  complain(doing: string, error: unknown): void;
  /** Something new of these was written down. */
  wrote?(sessions: readonly string[]): Promise<void>;
};

export type SeenBook = {
  /** A session of that name in the agent is opened, or taken up again. Before that, nothing is noted of it. */
  begin(session: string, agentSession: string): void;
  /** A session that goes on from where another one is knows what that one has seen. */
  inherit(session: string, parent: string): Promise<void>;
  /** From memory: what `load` brought and `note` added. Paths are relative to the workspace, with slashes. */
  of(session: string, path: string): Seen | undefined;
  /** Brings what earlier runs of the session have seen. Never rejects: without it, only less is known. */
  load(session: string): Promise<void>;
  note(session: string, path: string, seen: Seen): void;
  /** All that is in memory of a session. */
  list(session: string): ReadonlyMap<string, Seen>;
  size(): { readonly sessions: number; readonly files: number };
  /** Writes down what is new now. */
  flush(): Promise<void>;
  close(): Promise<void>;
};

type Page = {
  readonly session: string;
  readonly files: Map<string, Seen>;
  readonly dirty: Set<string>;
  /** The state store knows that we are at it. */
  isMarked: boolean;
  hasNews: boolean;
  loading: Promise<void> | undefined;
  isLoaded: boolean;
};

const usualLimit = 20_000;
const usualRestMs = 250;
const sessionLimit = 5_000;
const nothing: ReadonlyMap<string, Seen> = new Map();

export function openSeen(ports: SeenPorts): SeenBook {
  const { limit = usualLimit, restMs = usualRestMs } = ports;
  /** By identity, least recently used first. */
  const pages = new Map<string, Page>();
  const identities = new Map<string, string>();
  let held = 0;
  let resting: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  function pageOf(session: string): Page | undefined {
    const identity = identities.get(session);
    if (identity === undefined) return undefined;
    const known = pages.get(identity);
    const page = known ?? emptyPage(session);
    pages.delete(identity);
    pages.set(identity, page);
    return page;
  }

  function put(page: Page, path: string, seen: Seen): void {
    if (page.files.delete(path)) held -= 1;
    else page.hasNews = true;
    page.files.set(path, seen);
    held += 1;
    const [oldest] = page.files.keys();
    if (page.files.size > filesPerSession && oldest !== undefined) {
      page.files.delete(oldest);
      page.dirty.delete(oldest);
      held -= 1;
    }
  }

  /** What is written down can be loaded again; the page in use stays. */
  function makeRoom(): void {
    for (const [identity, page] of pages) {
      if (held <= limit || pages.size === 1) return;
      if (0 < page.dirty.size || page.loading !== undefined) continue;
      pages.delete(identity);
      held -= page.files.size;
      void leave(identity, page);
    }
  }

  async function leave(identity: string, page: Page): Promise<void> {
    if (!page.isMarked) return;
    page.isMarked = false;
    try {
      const { space, release } = await ports.lend(page.session);
      try {
        await space.mark(identity, false);
      } finally {
        release();
      }
    } catch (error) {
      ports.complain('keeping what a session has seen', error);
    }
  }

  async function load(page: Page, identity: string): Promise<void> {
    try {
      const { space, release } = await ports.lend(page.session);
      try {
        const isCut = await space.isMarked(identity);
        for (const [path, seen] of await space.read(identity)) {
          if (page.files.has(path)) continue;
          // A run that was cut short may have seen a later version: nobody is to be stopped for this one.
          put(page, path, isCut ? { ...seen, how: 'guess' } : seen);
          if (isCut) page.dirty.add(path);
        }
      } finally {
        release();
      }
    } catch (error) {
      ports.complain('reading what a session has seen', error);
    }
    page.isLoaded = true;
    page.loading = undefined;
  }

  function flush(): Promise<void> {
    clearTimeout(resting);
    resting = undefined;
    writing = writing.then(writeAll);
    return writing;
  }

  async function writeAll(): Promise<void> {
    const dirty = [...pages].filter(([, page]) => 0 < page.dirty.size);
    for (const [identity, page] of dirty) await writePage(identity, page);
    makeRoom();
    if (dirty.length === 0) return;
    try {
      await ports.wrote?.(dirty.map(([, page]) => page.session));
    } catch (error) {
      ports.complain('keeping what a session has seen', error);
    }
  }

  async function writePage(identity: string, page: Page): Promise<void> {
    // A list that was not read yet must not be written over.
    await (page.loading ?? Promise.resolve());
    const paths = [...page.dirty];
    page.dirty.clear();
    try {
      const { space, release } = await ports.lend(page.session);
      try {
        if (!page.isMarked) await space.mark(identity, true);
        page.isMarked = true;
        if (page.hasNews) await space.list(identity, page.files.keys());
        page.hasNews = false;
        for (const path of paths) {
          const seen = page.files.get(path);
          if (seen !== undefined) await space.write(identity, path, seen);
        }
      } finally {
        release();
      }
    } catch (error) {
      ports.complain('keeping what a session has seen', error);
    }
  }

  function loadOf(session: string): Promise<void> {
    const page = pageOf(session);
    if (page === undefined || page.isLoaded) return Promise.resolve();
    page.loading ??= load(page, identities.get(session) as string);
    return page.loading;
  }

  function note(session: string, path: string, seen: Seen): void {
    const page = pageOf(session);
    if (page === undefined) return;
    put(page, path, judgeSight(page.files.get(path), seen));
    page.dirty.add(path);
    void loadOf(session);
    if (resting !== undefined) return;
    resting = setTimeout(() => void flush(), restMs);
    resting.unref();
  }

  return {
    begin(session, agentSession) {
      setBounded(identities, session, nameIdentity(agentSession, session));
    },
    async inherit(session, parent) {
      await loadOf(parent);
      for (const [path, seen] of pageOf(parent)?.files ?? [])
        if (pageOf(session)?.files.has(path) === false) note(session, path, seen);
    },
    of: (session, path) => pageOf(session)?.files.get(path),
    load: loadOf,
    note,
    list: (session) => pageOf(session)?.files ?? nothing,
    size: () => ({ sessions: pages.size, files: held }),
    flush,
    async close() {
      await flush();
      for (const [identity, page] of pages) await leave(identity, page);
    },
  };
}

function setBounded(identities: Map<string, string>, session: string, identity: string): void {
  identities.delete(session);
  identities.set(session, identity);
  const [oldest] = identities.keys();
  if (identities.size > sessionLimit && oldest !== undefined) identities.delete(oldest);
}

function emptyPage(session: string): Page {
  return {
    session,
    files: new Map(),
    dirty: new Set(),
    isMarked: false,
    hasNews: false,
    loading: undefined,
    isLoaded: false,
  };
}
