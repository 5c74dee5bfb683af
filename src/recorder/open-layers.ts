/** Keeps the short layers of the sessions that are recorded here: folded as it happens, flushed after each turn. */
import type { LayerOrigin, PlaceNoted, TurnStarted } from '../contract/types.gen.ts';
import type { Entry, Note } from '../journal/entry.ts';
import { beginShort } from '../layers/begin-short.ts';
import { foldShort, type ShortFold } from '../layers/fold-short.ts';
import { withDigest } from '../layers/with-digest.ts';
import { type LayerFile, openLayerFile } from '../store/open-layer-file.ts';
import type { KeptHead, LayerShelf } from '../store/open-layer-shelf.ts';
import { type DueRolls, openDueRolls } from './due-rolls.ts';
import type { Projects } from './open-projects.ts';
import { openResume, type Resume } from './open-resume.ts';
import { noRun, noteRun, type RunNoted } from './run-noted.ts';
import { waitAtMost } from './wait-at-most.ts';

export type LayersPorts = {
  shelfOf(root: string): LayerShelf;
  /** Where a workspace is now. */
  placeOf(root: string): Promise<Omit<PlaceNoted, 'type'>>;
  /** Which earlier session a new one goes on from. */
  afterOf(root: string, heads: readonly KeptHead[]): LayerOrigin | undefined;
  readonly projects: Projects;
  /** What an agent is told of an earlier session; undefined where it is to be told nothing. */
  resumeOf?(root: string, after: LayerOrigin): Promise<string | undefined>;
  /** Makes a path relative to the workspace. */
  nameOf(root: string, path: string): string;
  write(note: Note): void;
  /** For the person, on stderr. */
  say(text: string): void;
};

export type Layers = {
  /** Everything that is written down of a workspace, after it was. */
  take(root: string, entry: Entry): void;
  /** Where a session goes on from another, before its first prompt. */
  readonly beforePrompt: Resume['beforePrompt'];
  /** Nothing more will happen: what sessions leave is rolled, while there is a journal to tell it. */
  finish(): Promise<void>;
  /** Waits for what is being written. */
  close(): Promise<void>;
};

type Workspace = {
  readonly root: string;
  readonly sessions: Map<string, Live>;
  run: RunNoted;
};

type Live = {
  readonly id: string;
  readonly workspace: Workspace;
  readonly fold: ShortFold;
  /** Nothing is known of it but what happens here. */
  readonly isNew: boolean;
  readonly rolls: DueRolls;
  readonly file: LayerFile;
  isPlaced: boolean;
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
  'drift-resolved',
  'recording-ended',
  'head-moved',
]);
/** An exit is not held up for longer; what is not written then, the journal has. */
const closingMs = 2_000;
/** Older sessions are not gone on from by themselves. */
const headLimit = 300;

export function openLayers(ports: LayersPorts): Layers {
  const workspaces = new Map<string, Workspace>();
  const said = new Set<string>();
  const { resumeOf, write } = ports;
  const resume = openResume({ ...(resumeOf && { textOf: resumeOf }), write, complain });

  function workspaceOf(root: string): Workspace {
    const known = workspaces.get(root);
    if (known !== undefined) return known;
    const fresh: Workspace = { root, sessions: new Map(), run: noRun };
    workspaces.set(root, fresh);
    return fresh;
  }

  function sessionOf(workspace: Workspace, { session: id = '', event, at }: Entry): Live {
    const known = workspace.sessions.get(id);
    if (known !== undefined) return known;
    const { root, run } = workspace;
    // A new one has an id that nobody has written of yet.
    const isNew = event.type === 'session-opened' && event.how === 'new';
    const kept = isNew ? undefined : attempt(root, () => ports.shelfOf(root).find(id));
    const layer = kept?.layer ?? { ...beginShort(id, at), ...run.about };
    const fold = foldShort(layer, (path) => ports.nameOf(root, path));
    const live: Live = {
      ...{ id, workspace, fold, isNew: kept === undefined, rolls: openDueRolls() },
      file: openLayerFile(() => ports.shelfOf(root), kept),
      ...{ isPlaced: false, flushing: undefined, isDirty: false },
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
        const place = await ports.placeOf(root);
        hearOthers(live.workspace, await ports.projects.readOn(root));
        notePlace(live, place);
        await live.file.write(withDigest(live.fold.layer()));
        await rollOut(live);
      }
    } catch (error) {
      complain(root, error);
    }
  }

  async function rollOut(live: Live): Promise<void> {
    const { root, run } = live.workspace;
    const rolls = live.rolls.take();
    if (run.isOver) return;
    for (const roll of rolls) await ports.projects.roll(root, live.fold.layer(), roll);
    if (rolls.length === 0) await ports.projects.settle(root);
  }

  /** What other runs and commands told of these sessions, or of the repository. */
  function hearOthers({ sessions }: Workspace, entries: readonly Entry[]): void {
    for (const entry of entries)
      for (const live of sessions.values()) {
        const { through } = live.fold.layer();
        if (through?.writer === entry.writer) continue;
        if (entry.session !== live.id && !(entry.session === undefined && isForAll(entry)))
          continue;
        live.fold.hear(entry);
        note(live, entry.event);
      }
  }

  function note({ rolls, file }: Live, event: Entry['event']): void {
    rolls.note(event);
    if (event.type === 'drift-resolved') file.fork(event);
  }

  function notePlace(live: Live, place: Omit<PlaceNoted, 'type'>): void {
    const { id, fold, workspace, isNew, isPlaced } = live;
    if (workspace.run.isOver) return;
    live.isPlaced = true;
    const { branch, head, tree, parent } = fold.layer();
    const before: Omit<PlaceNoted, 'type'> = {
      ...(branch === undefined ? {} : { branch }),
      ...(head === undefined ? {} : { head }),
      ...(tree === undefined ? {} : { tree }),
    };
    const isFirst = isNew && !isPlaced && parent === undefined;
    const after = isFirst ? findAfter(workspace.root, id) : undefined;
    if (after === undefined && JSON.stringify(before) === JSON.stringify(place)) return;
    const told = { ...place, ...(after === undefined ? {} : { after }) };
    ports.write({ session: id, event: { type: 'place-noted', ...told } });
  }

  function findAfter(root: string, id: string): LayerOrigin | undefined {
    const heads = ports.shelfOf(root).heads(headLimit);
    return ports.afterOf(
      root,
      heads.filter((it) => it.session !== id),
    );
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

  function notePrompt(live: Live, event: TurnStarted): void {
    const { id, workspace, fold, isNew } = live;
    const isFirst = isNew && fold.layer().turns.length === 1;
    const beginning = {
      ...{ session: id, root: workspace.root, embeds: workspace.run.embeds },
      after: () => fold.layer().after,
      settled: () => live.flushing,
    };
    resume.notePrompt(event, isFirst ? beginning : undefined);
  }

  const list = () => [...workspaces.values()].flatMap((it) => [...it.sessions.values()]);

  async function settled(): Promise<void> {
    await waitAtMost(closingMs, Promise.all(list().map((it) => it.flushing)));
  }

  return {
    take(root, entry) {
      const workspace = workspaceOf(root);
      const { event, session } = entry;
      workspace.run = noteRun(workspace.run, event);
      if (session === undefined && !isForAll(entry)) return;
      const concerned =
        session === undefined ? [...workspace.sessions.values()] : [sessionOf(workspace, entry)];
      for (const live of concerned) {
        live.fold.take(entry);
        note(live, event);
        if (event.type === 'turn-started') notePrompt(live, event);
        if (flushed.has(event.type)) flush(live);
      }
    },
    beforePrompt: resume.beforePrompt,
    async finish() {
      for (const live of list()) if (live.rolls.end()) flush(live);
      await settled();
    },
    close: settled,
  };
}

/** What belongs to no session and still is part of what each of them should tell. */
function isForAll({ event }: Entry): boolean {
  return ['recording-ended', 'head-moved', 'task-changed'].includes(event.type);
}
