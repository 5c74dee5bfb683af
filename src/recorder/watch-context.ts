/** Follows what agents read and write, and notes for each session which version of a file it has seen. */
import { type FileDeeds, openDeedTeller } from '../context/deeds.ts';
import type { How, Seen } from '../context/seen.ts';
import type { Event, ReadSkipped, StepEnded } from '../contract/types.gen.ts';
import type { Note } from '../journal/entry.ts';
import type { SeenCounts } from '../store/state/open-seen-space.ts';
import type { Look } from '../workspace/look-at-file.ts';
import { openAsked } from './open-asked.ts';
import type { Glances } from './open-glances.ts';
import type { SeenBook } from './open-seen.ts';
import { leadMs, quickMs } from './open-since.ts';

export type ContextPorts = {
  readonly book: SeenBook;
  readonly glances: Glances;
  /** The workspace that a session works in. */
  rootOf(session: string): string | undefined;
  /** Relative to the workspace; undefined for what lies outside of it. */
  inside(root: string, path: string): string | undefined;
  /** Whether a text that went by is what an editor shows of this file, as it is now. */
  isShown?(root: string, path: string, blob: string): boolean;
  now(): number;
  write(note: Note): void;
};

export type ContextWatch = {
  /** Everything that is written down, after it was. */
  watch(note: Note): void;
  counts(): SeenCounts;
};

type Where = { readonly session: string; readonly turn?: string; readonly step?: string };
type Told = { readonly turn?: string | undefined; readonly step?: string | undefined };

/** A read or a change that counts when its step has ended well. */
type Pending = {
  readonly where: Where;
  readonly root: string;
  readonly path: string;
  readonly how: How;
  readonly early: Promise<Look> | undefined;
  /** What was written, where the wire tells all of it. */
  readonly after: string | undefined;
};

type Step = {
  readonly where: Where;
  readonly pending: Pending[];
  /** Writes that the editor did not do, and what would have been there. */
  readonly refused: Map<string, string>;
  /** For a command: when its session was last heard of before it, and when it was heard of itself. */
  readonly since: number | undefined;
  readonly begun: number;
};

const stepLimit = 2_000;
const pendingLimit = 200;
/** After a command so many files, those that were seen last, are looked at again. */
const commandLimit = 300;
const togetherLimit = 20;

export function openContextWatch(ports: ContextPorts): ContextWatch {
  const { book, glances } = ports;
  const teller = openDeedTeller();
  const steps = new Map<string, Step>();
  const asked = openAsked();
  const heardAt = new Map<string, number>();
  const skips: Record<string, number> = {};
  let reads = 0;
  let edits = 0;

  function skip(reason: string): void {
    skips[reason] = (skips[reason] ?? 0) + 1;
  }

  function tellSkip({ session, ...where }: Where, path: string, about: Skip): void {
    skip(about.reason);
    ports.write({ session, event: { type: 'read-skipped', ...where, path, ...about } });
  }

  function keep(id: string, step: Step): Step {
    steps.set(id, step);
    const [oldest] = steps.keys();
    if (steps.size > stepLimit && oldest !== undefined) steps.delete(oldest);
    return step;
  }

  function placeOf(session: string, path: string): { root: string; path: string } | undefined {
    const root = ports.rootOf(session);
    const inside = root === undefined ? undefined : ports.inside(root, path);
    if (root !== undefined && inside !== undefined && inside !== '') return { root, path: inside };
    skip('outside');
    return undefined;
  }

  function note({ session, ...where }: Where, path: string, blob: string | null, how: How): void {
    const seen: Seen = { blob, at: ports.now(), ...where, how };
    book.note(session, path, seen);
    if (how === 'own') edits += 1;
    else reads += 1;
  }

  /** What the wire tells of itself follows from what is written down already. */
  function noteFound(where: Where, path: string, blob: string | null, how: How): void {
    note(where, path, blob, how);
    const { session, ...about } = where;
    if (how !== 'wire')
      ports.write({ session, event: { type: 'file-seen', ...about, path, blob, how } });
  }

  function expect(where: Where, named: string, how: How, after?: string): void {
    const place = placeOf(where.session, named);
    if (place === undefined) return;
    const { root, path } = place;
    if (glances.isBusy()) return tellSkip(where, path, { reason: 'busy' });
    const early = how === 'own' ? undefined : lookSoon(root, path);
    const pending: Pending = { where, root, path, how, early, after };
    const { step: id } = where;
    const step = id === undefined ? undefined : (steps.get(id) ?? keep(id, openStep(where)));
    if (step === undefined || pendingLimit <= step.pending.length) settle(pending);
    else step.pending.push(pending);
  }

  function lookSoon(root: string, path: string): Promise<Look> {
    return new Promise((resolve, reject) => {
      glances.queue(() => glances.look(root, path).then(resolve, reject));
    });
  }

  /** What it is now, unless nothing has changed since the step began: then that is what was read. */
  function settle({ where, root, path, how, early, after }: Pending, refused?: string): void {
    const isRefused = how === 'own' && refused !== undefined;
    if (after !== undefined && !isRefused) return note(where, path, after, how);
    glances.queue(async () => {
      const look = await glances.lookAgain(root, path, await early);
      // Some agents write themselves what the editor did not; the rest have written nothing.
      if (isRefused && (look.kind !== 'file' || look.blob !== refused)) return;
      take({ where, path, how }, look);
    });
  }

  /** Editors have line ends of their own: of a text that they only show in another way, the file is what was seen. */
  function lookBeneath(
    where: Where,
    { root, path, blob }: { readonly root: string; readonly path: string; readonly blob: string },
    how: How,
  ): void {
    if (ports.isShown === undefined || glances.isBusy()) return;
    glances.queue(async () => {
      const look = await glances.look(root, path);
      const isNews = look.kind === 'file' && look.blob !== blob;
      if (!isNews || book.of(where.session, path)?.blob !== blob) return;
      if (ports.isShown?.(root, path, blob)) noteFound(where, path, look.blob, how);
    });
  }

  /** The wire has told the very text that the same step read: what the disk has by now is another matter. */
  function isTold({ session, step }: Where, path: string, how: How): boolean {
    const known = book.of(session, path);
    return how !== 'own' && known?.how === 'wire' && step !== undefined && known.step === step;
  }

  function take({ where, path, how }: Pick<Pending, 'where' | 'path' | 'how'>, look: Look): void {
    if (isTold(where, path, how)) return;
    if (look.kind === 'skipped') {
      const { why: reason, bytes } = look;
      if (reason === 'no-file' || reason === 'outside') skip(reason);
      else tellSkip(where, path, { reason, ...(bytes !== undefined && { bytes }) });
    } else if (look.kind === 'file') {
      noteFound(where, path, look.blob, how);
      // Whoever reads through a link has read what it leads to.
      if (look.path !== path) noteFound(where, look.path, look.blob, how);
    } else if (how !== 'guess' || book.of(where.session, path) !== undefined)
      noteFound(where, path, null, how);
    // A guess that names no file was no file's name.
    else skip('no-file');
  }

  /**
   * A command may have changed what its session has seen before; that is then no stranger's change. The file's
   * own times tell whether it was while the command ran: good for not raising an alarm, and for nothing else.
   */
  function lookAfterCommand(where: Where, sinceMs: number): void {
    const root = ports.rootOf(where.session);
    const paths = [...book.list(where.session).keys()].slice(-commandLimit);
    if (root === undefined || paths.length === 0) return;
    glances.queue(async () => {
      for (let at = 0; at < paths.length; at += togetherLimit) {
        const some = paths.slice(at, at + togetherLimit);
        await Promise.all(some.map((path) => noteChanged(where, root, path, sinceMs)));
      }
    });
  }

  async function noteChanged(where: Where, root: string, path: string, sinceMs: number) {
    const before = book.of(where.session, path)?.blob;
    const isThere = typeof before === 'string';
    const look = await glances.lookIfChanged(root, { path, isThere }, sinceMs);
    if (look === undefined || look.kind === 'skipped') return;
    const found = look.kind === 'file' ? look.blob : null;
    if (found !== before) noteFound(where, path, found, 'guess');
  }

  function end(id: string, outcome: StepEnded['outcome']): void {
    const step = steps.get(id);
    if (step === undefined) return;
    steps.delete(id);
    for (const it of step.pending)
      if (isDone(it, outcome))
        settle({ ...it, how: judgeHow(it, step.pending) }, step.refused.get(it.path));
    if (step.since !== undefined && outcome !== 'rejected')
      lookAfterCommand(step.where, judgeSince(step.since, step.begun, ports.now()));
  }

  function deedsOf(session: string, before: number): FileDeeds {
    const whereOf = ({ turn, step }: Told): Where => ({
      session,
      ...(turn !== undefined && { turn }),
      ...(step !== undefined && { step }),
    });
    const noteTold = (told: Told & { path: string; blob: string }, how: How) => {
      const place = placeOf(session, told.path);
      if (place === undefined) return;
      note(whereOf(told), place.path, told.blob, how);
      lookBeneath(whereOf(told), { ...place, blob: told.blob }, how === 'own' ? 'own' : 'disk');
    };
    return {
      read({ blob, isPart, isGuess, ...told }) {
        if (blob !== undefined) noteTold({ ...told, blob }, 'wire');
        else expect(whereOf(told), told.path, howOf(isPart, isGuess));
      },
      write: (told) => noteTold(told, 'own'),
      refused({ step: id, path, blob }) {
        const place = placeOf(session, path);
        if (id !== undefined && place !== undefined) steps.get(id)?.refused.set(place.path, blob);
      },
      change({ path, kind, oldPath, after, ...told }) {
        expect(whereOf(told), path, 'own', after);
        if (kind === 'move' && oldPath !== undefined) expect(whereOf(told), oldPath, 'own');
      },
      command(told) {
        keep(told.step, { ...openStep(whereOf(told), before), begun: ports.now() });
      },
      end,
    };
  }

  /** What was done until a command was allowed is not its doing. */
  function beginAnew(id: string): void {
    const step = steps.get(id);
    if (step?.since !== undefined) steps.set(id, { ...step, since: ports.now() });
  }

  return {
    watch({ session, event }) {
      if (session === undefined || own.has(event.type)) return;
      const allowed = asked.read(event);
      if (allowed !== undefined) beginAnew(allowed);
      if (event.type === 'session-opened') {
        book.begin(session, event.agentSession);
        void book.load(session);
        if (event.how === 'fork' && event.parent !== undefined)
          void book.inherit(session, event.parent);
      }
      const before = heardAt.get(session) ?? ports.now();
      heardAt.set(session, ports.now());
      teller.tell(event, deedsOf(session, before));
      if (event.type === 'session-closed') heardAt.delete(session);
    },
    counts: () => ({ ...book.size(), reads, edits, skips: { ...skips } }),
  };
}

type Skip = Pick<ReadSkipped, 'reason' | 'bytes'>;

/** What is written down here itself. */
const own: ReadonlySet<Event['type']> = new Set(['file-seen', 'read-skipped']);

function openStep(where: Where, since?: number): Step {
  return { where, pending: [], refused: new Map(), since, begun: 0 };
}

/** A command that took its time was told of while it ran, or a little later than it began. */
function judgeSince(heard: number, begun: number, ended: number): number {
  return ended - begun < quickMs ? heard : Math.max(heard, begun - leadMs);
}

/** A call names the file that it reads; how much of it goes to the agent, the editor is asked for beside that. */
function judgeHow({ how, path }: Pending, all: readonly Pending[]): How {
  const isPart = how === 'disk' && all.some((it) => it.path === path && it.how === 'part');
  return isPart ? 'part' : how;
}

function howOf(isPart: boolean, isGuess: boolean): How {
  if (isGuess) return 'guess';
  return isPart ? 'part' : 'disk';
}

/** A command may fail after it has shown a file, as one does that finds nothing in another. */
function isDone({ how }: Pending, outcome: StepEnded['outcome']): boolean {
  if (outcome === 'completed' || outcome === 'interrupted') return true;
  return how === 'guess' && outcome !== 'rejected';
}
