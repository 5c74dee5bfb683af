/** Finds out after each step whether lines of somebody else went by it that its agent had not seen. */
import type { CheckpointTaken, FilesClaimed, LinesOverwritten } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import { countLost } from '../guard/find-losses.ts';
import type { Sighting } from '../guard/sighting.ts';
import type { Note } from '../journal/entry.ts';
import type { Calls } from '../shadow/calls.ts';
import type { Change } from '../shadow/order.ts';
import type { Act } from '../undo/act.ts';
import { isEarlier } from '../undo/bouts.ts';
import { gatherEdits } from '../undo/gather-edits.ts';
import { findTarget } from '../workspace/find-inside.ts';
import { type Blob, findUnseen } from './find-unseen.ts';

export type OverwritePorts = {
  /** The workspace of a session; undefined where it has no checkpoints. */
  rootOf(session: string): string | undefined;
  keeperOf(root: string): Pick<Calls, 'list' | 'show' | 'windows' | 'versionsAt' | 'readBlob'>;
  seenOf(session: string, path: string): Sighting | undefined;
  /** A text that went by lately, one character a byte. */
  textOf(blob: string): string | undefined;
  mint(): string;
  write(note: Note): void;
  tell(session: string, event: LinesOverwritten): void;
  complain(doing: string, error: unknown): void;
};

export type OverwriteWatch = {
  /** Everything that is written down; before others learn from it what a session has seen. */
  watch(note: Note): void;
  /** The person wants that version of a file gone. */
  allowLoss(session: string, path: string, found: string | null): void;
  /** Waits for what is being looked at. */
  close(): Promise<void>;
};

type Session = {
  readonly id: string;
  readonly root: string;
  /** What it knew of a file when a step said that it would write it. */
  readonly basis: Map<string, Blob | undefined>;
  /** What it left of a file itself. */
  readonly left: Map<string, Blob>;
  readonly allowed: Set<string>;
  /** The checkpoint before its turn. */
  before: string | undefined;
};

type Taken = {
  readonly id: string;
  readonly previous: string;
  readonly session: Session;
  /** The one before the turn, as it was then. */
  readonly before: string | undefined;
};

type Doers = {
  /** The act that can have made the change. */
  readonly able: Act;
  /** All of the session's acts that can be seen in this checkpoint. */
  readonly own: readonly Act[];
};

/** A step that changes more than that is a build or a checkout, not an edit. */
const changeLimit = 500;
const pathLimit = 1_000;

export function openOverwriteWatch(ports: OverwritePorts): OverwriteWatch {
  const sessions = new Map<string, Session>();
  const last = new Map<string, string>();
  let chain: Promise<void> = Promise.resolve();

  function sessionOf(id: string): Session | undefined {
    const known = sessions.get(id);
    if (known !== undefined) return known;
    const root = ports.rootOf(id);
    if (root === undefined) return undefined;
    const session: Session = {
      id,
      root,
      basis: new Map(),
      left: new Map(),
      allowed: new Set(),
      before: undefined,
    };
    sessions.set(id, session);
    return session;
  }

  function announce(session: Session, step: string, named: string): void {
    const path = findTarget(session.root, named);
    const key = `${step} ${path}`;
    if (path === undefined || session.basis.has(key)) return;
    // What it sees later, of its own write above all, was not what the write is based on.
    setBounded(session.basis, key, ports.seenOf(session.id, path)?.blob);
  }

  async function look(taken: Taken): Promise<void> {
    const { session, id } = taken;
    const keeper = ports.keeperOf(session.root);
    // Since the last one of all: another process may have seen its own agent's lines come in.
    const [window] = await keeper.windows(id, id);
    const changes = window?.changes.slice(0, changeLimit) ?? [];
    if (changes.length === 0) return;
    const seen = await keeper.show(id);
    const own = seen.acts.filter(({ by }) => 'session' in by && by.session === session.id);
    for (const change of changes) {
      const act = own.find((it) => it.paths.some((path) => isAt(change.path, path)));
      const isAble = (it: Act) => canReach(it, change) && !isEarlier(seen, change.path, it);
      const able = act ?? own.find(isAble);
      if (able === undefined) continue;
      await lookAt(taken, change, { able, own });
      const { path } = change;
      setBounded(session.left, path, change.after?.oid ?? null);
    }
  }

  async function lookAt(taken: Taken, change: Change, { able: act, own }: Doers): Promise<void> {
    const { session } = taken;
    const { path, before, after } = change;
    if (change.unknown !== undefined || !before?.mode.startsWith('100')) return;
    if (session.allowed.delete(`${before.oid} ${path}`) || !('step' in act.by)) return;
    const keeper = ports.keeperOf(session.root);
    const knowns = await listKnown(keeper, taken, { path, acts: own });
    const { textOf } = ports;
    const readers = { readBlob: keeper.readBlob, textOf };
    const found = await findUnseen(readers, knowns, [before.oid, after?.oid ?? null]);
    if (found === undefined) return;
    const { known, lost } = found;
    const evidence = await findEvidence(keeper, taken, path);
    if (evidence === undefined) return;
    const event: LinesOverwritten = {
      type: 'lines-overwritten',
      alert: ports.mint(),
      turn: act.by.turn,
      step: act.by.step,
      path,
      lines: countLost({ lost }),
      lost: lost.map((it) => ({ ...it })),
      known,
      before: before.oid,
      after: after?.oid ?? null,
      checkpoint: await findPrevious(keeper, taken),
      evidence,
    };
    ports.write({ session: session.id, event });
    ports.tell(session.id, event);
  }

  /**
   * What it saw last before it wrote, and what it left there itself. Without either, it is taken to know
   * what was there when its turn began.
   */
  async function listKnown(
    keeper: Pick<Calls, 'versionsAt'>,
    { session, before }: Taken,
    { path, acts }: { readonly path: string; readonly acts: readonly Act[] },
  ): Promise<Blob[]> {
    // One write may be told in two ways, and the second one when it is done already.
    const bases = acts.map(({ by }) => 'step' in by && session.basis.get(`${by.step} ${path}`));
    const own = [...bases, session.left.get(path)].filter((it) => it !== undefined && it !== false);
    if (own.length > 0 || before === undefined) return own;
    const [version] = await keeper.versionsAt(before, [path]);
    return version === 'unknown' ? [] : [version?.oid ?? null];
  }

  function enqueue(taken: Taken): void {
    chain = chain
      .then(() => look(taken))
      .catch((error: unknown) => {
        // A checkpoint may be pruned or damaged by now: then nothing can be said of it.
        if (!(error instanceof Failure)) ports.complain('looking for overwritten lines', error);
      });
  }

  function meetCheckpoint(session: Session, { checkpoint, reason }: CheckpointTaken): void {
    const previous = last.get(session.root);
    last.set(session.root, checkpoint);
    const { before } = session;
    if (previous !== undefined) enqueue({ id: checkpoint, previous, session, before });
    if (reason === 'prompt') session.before = checkpoint;
  }

  return {
    watch({ session: id, event }) {
      const session = id === undefined ? undefined : sessionOf(id);
      if (session === undefined) return;
      if (event.type === 'turn-started') session.before = undefined;
      else if (event.type === 'files-claimed')
        for (const path of listWritten(event)) announce(session, event.step, path);
      else if (event.type === 'file-written')
        announce(session, event.step ?? event.turn ?? '', event.path);
      else if (event.type === 'checkpoint-taken') meetCheckpoint(session, event);
    },
    allowLoss(id, path, found) {
      if (found !== null) sessionOf(id)?.allowed.add(`${found} ${path}`);
    },
    close: () => chain,
  };
}

/** The checkpoint that has what was overwritten. */
async function findPrevious(
  keeper: Pick<Calls, 'list'>,
  { id, previous }: Pick<Taken, 'id' | 'previous'>,
): Promise<string> {
  const checkpoints = await keeper.list();
  return checkpoints[checkpoints.findIndex((it) => it.id === id) - 1]?.id ?? previous;
}

function listWritten({ claims }: FilesClaimed): string[] {
  return claims.filter((it) => it.operation !== 'read').map((it) => it.path);
}

async function findEvidence(
  keeper: Pick<Calls, 'list' | 'windows'>,
  { id, session }: Taken,
  path: string,
): Promise<'claimed' | 'during' | undefined> {
  const windows = await keeper.windows(id, id);
  const scope = { kind: 'session', id: session.id } as const;
  const edits = gatherEdits(await keeper.list(), windows, scope).find((it) => it.path === path);
  const evidence = edits?.evidence;
  return evidence === 'claimed' || evidence === 'during' ? evidence : undefined;
}

function canReach({ reach }: Act, { after }: Change): boolean {
  return reach === 'anything' || (reach === 'removals' && after === undefined);
}

/** A claim may be of a folder. */
function isAt(path: string, claimed: string): boolean {
  return path === claimed || path.startsWith(`${claimed}/`);
}

function setBounded<T>(map: Map<string, T>, path: string, value: T): void {
  map.delete(path);
  map.set(path, value);
  const [oldest] = map.keys();
  if (map.size > pathLimit && oldest !== undefined) map.delete(oldest);
}
