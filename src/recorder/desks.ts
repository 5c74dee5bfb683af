/** Where notes are written: one desk for each workspace that a session of this run works in. */
import type { Event } from '../contract/types.gen.ts';
import type { Note } from '../journal/entry.ts';

/** An open journal of one workspace. */
export type Desk = {
  readonly root: string;
  append(note: Note): void;
  /** Resolves when all that was appended is on the disk. */
  acknowledge(): Promise<void>;
  close(): Promise<void>;
};

export type DeskPorts = {
  /** The workspace that a folder belongs to. */
  rootOf(folder: string): string;
  open(root: string): Desk;
  /** The workspace of everything, if the person named one. */
  readonly workspace: string | undefined;
  /** The workspace of what belongs to no session, until a session says where it works. */
  readonly fallback: string;
};

export type Desks = {
  write(note: Note): void;
  /** At the desk of a workspace that is open already. */
  writeAt(root: string, note: Note): void;
  acknowledge(): Promise<void>;
  close(): Promise<void>;
  /** The workspace of a session that was written of. */
  rootOf(session: string): string | undefined;
};

/** What every desk must know even if it was opened later. */
const openings: ReadonlySet<Event['type']> = new Set(['agent-connected']);
/** Until it is known where to write, this many notes are kept. */
const keptLimit = 1_000;

/**
 * One sidecar may serve sessions in several folders, and an editor may start it anywhere. So the
 * first session decides where the connection itself is recorded, unless a workspace was named.
 */
export function openDesks(ports: DeskPorts): Desks {
  const open = new Map<string, Desk>();
  const deskOfSession = new Map<string, Desk>();
  const preamble: Note[] = [];
  let kept: Note[] = [];
  let first: Desk | undefined;
  if (ports.workspace !== undefined) first = deskAt(ports.workspace);

  function deskAt(root: string): Desk {
    const known = open.get(root);
    if (known !== undefined) return known;
    const desk = ports.open(root);
    open.set(root, desk);
    for (const note of preamble) if (!kept.includes(note)) desk.append(note);
    return desk;
  }

  /** The desk for notes that no session owns; the fallback if nobody said better. */
  function mainDesk(root?: string): Desk {
    if (first === undefined) {
      first = deskAt(root ?? ports.fallback);
      const waiting = kept;
      kept = [];
      for (const note of waiting) first.append(note);
    }
    return first;
  }

  function deskOf(note: Note): Desk | undefined {
    if (note.session === undefined) return first;
    const known = deskOfSession.get(note.session);
    if (known !== undefined) return known;
    const { event } = note;
    const folder = event.type === 'session-opened' ? event.cwd : undefined;
    const root = folder === undefined ? undefined : ports.rootOf(folder);
    const main = mainDesk(root);
    const desk = ports.workspace !== undefined || root === undefined ? main : deskAt(root);
    deskOfSession.set(note.session, desk);
    return desk;
  }

  return {
    write(note) {
      if (openings.has(note.event.type)) preamble.push(note);
      const desk = deskOf(note);
      if (desk !== undefined) desk.append(note);
      else if (kept.length < keptLimit) kept.push(note);
      else mainDesk().append(note);
    },
    writeAt: (root, note) => open.get(root)?.append(note),
    rootOf: (session) => deskOfSession.get(session)?.root,
    async acknowledge() {
      await Promise.all([...open.values()].map((it) => it.acknowledge()));
    },
    async close() {
      if (0 < kept.length) mainDesk();
      await Promise.all([...open.values()].map((it) => it.close()));
    },
  };
}
