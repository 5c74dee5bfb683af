/** Keeps the short layers of the sessions that are recorded here: folded as it happens, flushed after each turn. */
import type { AgentConnected, PlaceNoted, ShortLayer } from '../contract/types.gen.ts';
import type { Entry, Note } from '../journal/entry.ts';
import { beginShort } from '../layers/begin-short.ts';
import { foldShort, type ShortFold } from '../layers/fold-short.ts';
import type { LayerShelf } from '../store/open-layer-shelf.ts';

export type LayersPorts = {
  shelfOf(root: string): LayerShelf;
  /** Where a workspace is now. */
  placeOf(root: string): Promise<Omit<PlaceNoted, 'type'>>;
  /** Makes a path relative to the workspace. */
  nameOf(root: string, path: string): string;
  write(note: Note): void;
  /** For the person, on stderr. */
  say(text: string): void;
};

export type Layers = {
  /** Everything that is written down of a workspace, after it was. */
  take(root: string, entry: Entry): void;
  /** Waits for what is being written. */
  close(): Promise<void>;
};

type Workspace = {
  readonly root: string;
  readonly sessions: Map<string, Live>;
  about: Pick<ShortLayer, 'label' | 'agent' | 'branch' | 'head'>;
  /** Its journal is closed. */
  isOver: boolean;
};

type Live = {
  readonly id: string;
  readonly workspace: Workspace;
  readonly fold: ShortFold;
  file: string | undefined;
  /** What is being written, and whether something has come since it began. */
  flushing: Promise<void> | undefined;
  isDirty: boolean;
};

/** After these there is something that the next session should know. */
const flushed: ReadonlySet<Entry['event']['type']> = new Set([
  'session-opened',
  'session-closed',
  'turn-started',
  'turn-ended',
  'plan-changed',
  'recording-ended',
]);

export function openLayers(ports: LayersPorts): Layers {
  const workspaces = new Map<string, Workspace>();
  const said = new Set<string>();

  function workspaceOf(root: string): Workspace {
    const known = workspaces.get(root);
    if (known !== undefined) return known;
    const fresh: Workspace = { root, sessions: new Map(), about: {}, isOver: false };
    workspaces.set(root, fresh);
    return fresh;
  }

  function sessionOf(workspace: Workspace, { session: id = '', event, at }: Entry): Live {
    const known = workspace.sessions.get(id);
    if (known !== undefined) return known;
    const { root, about } = workspace;
    // A new one has an id that nobody has written of yet.
    const isNew = event.type === 'session-opened' && event.how === 'new';
    const kept = isNew ? undefined : attempt(root, () => ports.shelfOf(root).find(id));
    const layer = kept?.layer ?? { ...beginShort(id, at), ...about };
    const fold = foldShort(layer, (path) => ports.nameOf(root, path));
    const live: Live = {
      ...{ id, workspace, fold, file: kept?.file, flushing: undefined, isDirty: false },
    };
    workspace.sessions.set(id, live);
    return live;
  }

  function flush(live: Live): void {
    live.isDirty = true;
    live.flushing ??= writeOut(live).finally(() => {
      live.flushing = undefined;
    });
  }

  async function writeOut(live: Live): Promise<void> {
    const { root } = live.workspace;
    try {
      while (live.isDirty) {
        live.isDirty = false;
        notePlace(live, await ports.placeOf(root));
        live.file = await ports.shelfOf(root).write(live.fold.layer(), live.file);
      }
    } catch (error) {
      complain(root, error);
    }
  }

  function notePlace({ id, fold, workspace }: Live, place: Omit<PlaceNoted, 'type'>): void {
    if (workspace.isOver) return;
    const { branch, head, tree } = fold.layer();
    const before: Omit<PlaceNoted, 'type'> = {
      ...(branch === undefined ? {} : { branch }),
      ...(head === undefined ? {} : { head }),
      ...(tree === undefined ? {} : { tree }),
    };
    if (JSON.stringify(before) === JSON.stringify(place)) return;
    ports.write({ session: id, event: { type: 'place-noted', ...place } });
  }

  function attempt<T>(root: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      complain(root, error);
      return undefined;
    }
  }

  /** The next turn tries it again, and the journal has everything. */
  function complain(root: string, error: unknown): void {
    if (said.has(root)) return;
    said.add(root);
    const why = error instanceof Error ? error.message : String(error);
    ports.say(`the state of ${root} is not kept up to date: ${why}`);
  }

  return {
    take(root, entry) {
      const workspace = workspaceOf(root);
      const { event, session } = entry;
      if (event.type === 'recording-started') {
        const { label, branch, head } = event;
        workspace.about = { ...workspace.about, ...known({ label, branch, head }) };
      } else if (event.type === 'agent-connected')
        workspace.about = { ...workspace.about, ...nameAgent(event) };
      else if (event.type === 'recording-ended') workspace.isOver = true;
      if (session === undefined && !isForAll(entry)) return;
      const concerned =
        session === undefined ? [...workspace.sessions.values()] : [sessionOf(workspace, entry)];
      for (const live of concerned) {
        live.fold.take(entry);
        if (flushed.has(event.type)) flush(live);
      }
    },
    async close() {
      const all = [...workspaces.values()].flatMap((it) => [...it.sessions.values()]);
      await Promise.all(all.map((it) => it.flushing));
    },
  };
}

/** What belongs to no session and still is part of what each of them should tell. */
function isForAll({ event }: Entry): boolean {
  return event.type === 'recording-ended' || event.type === 'head-moved';
}

function nameAgent({ agent }: AgentConnected): Pick<ShortLayer, 'agent'> {
  return agent === undefined ? {} : { agent };
}

function known<T extends object>(told: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const entries = Object.entries(told).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: NonNullable<T[K]> };
}
