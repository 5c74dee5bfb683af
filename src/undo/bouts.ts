/** Which acts may have made a change: those done before a checkpoint, and when their effect may have been seen. */
import { isSameContent, type Version } from '../snapshot/restore-step.ts';
import { type Act, lineOf } from './act.ts';

/** A checkpoint, as far as it tells who did what before it. */
export type Marked = {
  readonly id: string;
  readonly marks: Readonly<Record<string, string>>;
  readonly acts: readonly Act[];
  /** One more than that of the checkpoint taken before it. */
  readonly number?: number;
  readonly degraded?: string;
  /** When its look had ended: milliseconds since 1970. */
  readonly looked?: number;
  readonly early?: Early;
};

/** The one before it was forgotten: what it changed by itself cannot be told. */
export function isAfterGap(checkpoints: readonly Pick<Marked, 'number'>[], place: number): boolean {
  const [before, at] = [checkpoints[place - 1], checkpoints[place]];
  if (at?.number === undefined) return before === undefined;
  return before?.number !== at.number - 1;
}

/**
 * Of paths that changed, when they were last touched: at the latest then, where that was before some act had begun;
 * and `at-least` then, where it was after all of them.
 */
export type Early = readonly (readonly [path: string, atMs: number, bound?: 'at-least'])[];

export type Change = {
  readonly path: string;
  readonly before?: Version;
  readonly after?: Version;
  /** The checkpoint could not say; that it has nothing means nothing. */
  readonly unknown?: 'before' | 'after';
};

/** What a checkpoint has that the one before it had not. */
export type Window = { readonly id: string; readonly changes: readonly Change[] };

/** What was done before one checkpoint, and the windows in which its effect may have been seen. */
export type Bout = { readonly acts: readonly Act[]; readonly windows: readonly string[] };

/**
 * A checkpoint's acts were done since the one before it of the same line: until then others may
 * have looked, and seen their effect earlier.
 */
export function listBouts(checkpoints: readonly Marked[]): ReadonlyMap<string, readonly Bout[]> {
  const bouts = new Map<string, Bout[]>(checkpoints.map(({ id }) => [id, []]));
  const since = new Map<string, number>();
  checkpoints.forEach(({ marks, acts }, place) => {
    const line = lineOf(marks);
    if (line === '') return;
    const first = (since.get(line) ?? place - 1) + 1;
    since.set(line, place);
    if (acts.length === 0) return;
    const windows = checkpoints.slice(first, place + 1).map(({ id }) => id);
    for (const id of windows) bouts.get(id)?.push({ acts, windows });
  });
  return bouts;
}

/**
 * Of a checkpoint whose look had not ended when later acts began: these acts. It may have seen their effect, and only
 * the next of their line tells of them.
 */
export function listLate(checkpoints: readonly Marked[]): ReadonlyMap<string, readonly Bout[]> {
  const late = new Map<string, Bout[]>();
  const since = new Map<string, number>();
  checkpoints.forEach(({ marks, acts }, place) => {
    const line = lineOf(marks);
    if (line === '') return;
    let before = since.get(line) ?? place - 1;
    since.set(line, place);
    for (; before >= 0; before -= 1) {
      // Across a gap, what was there before is not what it met.
      if (isAfterGap(checkpoints, before)) return;
      const { id, looked } = checkpoints[before] as Marked;
      const begun = acts.filter((act) => hasBegun(act, looked));
      if (begun.length === 0) return;
      const windows = checkpoints.slice(before, place + 1).map((it) => it.id);
      late.set(id, [...(late.get(id) ?? []), { acts: begun, windows }]);
    }
  });
  return late;
}

function hasBegun({ since }: Act, looked: number | undefined): boolean {
  return since !== undefined && looked !== undefined && since <= looked;
}

/** What programs do on the way, and seldom tell: a change, but no edit. */
export function isOfRights({ before, after, unknown }: Change): boolean {
  return unknown === undefined && isSameContent(before, after);
}

/** Of each path the windows in which it changed, its rights aside. */
export function listChanged(windows: readonly Window[]): ReadonlyMap<string, ReadonlySet<string>> {
  const changed = new Map<string, Set<string>>();
  for (const { id, changes } of windows)
    for (const change of changes) {
      if (isOfRights(change)) continue;
      const { path } = change;
      const known = changed.get(path) ?? new Set();
      changed.set(path, known.add(id));
    }
  return changed;
}

/**
 * Acts that name the path and may have made this change of it. An edit is one change: as many as
 * name the path account for so many of its changes, the last ones. A change before these was made
 * before them, by somebody else. Other rights alone are theirs only if
 * they edited nothing.
 */
export function listNaming({ acts, windows }: Bout, path: string, at: Asked): Act[] {
  const naming = acts.filter((act) => act.paths.some((it) => isAt(path, it)));
  if (naming.length === 0) return [];
  const changed = windows.filter((id) => at.changedAt.get(path)?.has(id));
  const isMeant =
    at.isOfRights === true ? changed.length === 0 : changed.slice(-naming.length).includes(at.id);
  if (isMeant) return naming;
  return naming.filter(({ reach }) => reach === 'anything');
}

type Asked = {
  readonly id: string;
  readonly changedAt: ReadonlyMap<string, ReadonlySet<string>>;
  /** The change is of nothing else. */
  readonly isOfRights?: boolean;
};

/**
 * Whether an act had not begun when a path became what a checkpoint has. What it told of the path
 * stands all the same: this only acquits those who could have done anything.
 */
export function isEarlier(
  { looked = never, early = [] }: Pick<Marked, 'looked' | 'early'>,
  path: string,
  { since = 0 }: Pick<Act, 'since'>,
): boolean {
  if (looked < since) return true;
  return (
    since > 0 &&
    early.some(([name, atMs, bound]) => name === path && bound === undefined && atMs < since)
  );
}

/** Whether a path became what a checkpoint has when an act had begun that the checkpoint does not tell of. */
export function isLater(
  { early = [] }: Pick<Marked, 'early'>,
  path: string,
  { since = never }: Pick<Act, 'since'>,
): boolean {
  return early.some(([name, atMs, bound]) => name === path && bound !== undefined && atMs >= since);
}

const never = Number.POSITIVE_INFINITY;

/** A claim may be of a folder. */
function isAt(path: string, claimed: string): boolean {
  return path === claimed || path.startsWith(`${claimed}/`);
}
