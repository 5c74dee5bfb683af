/** Whether checkpoints are gone by which it would be known what a session, turn, step or undo did. */
import { lineOf } from './act.ts';
import { isAfterGap, type Marked } from './bouts.ts';
import { isIn, type Scope } from './gather-edits.ts';

export function isTorn(checkpoints: readonly Marked[], scope: Scope): boolean {
  const own = checkpoints.flatMap((it, place) => (isInside(it, scope) ? [place] : []));
  const [first = 0, last = -1] = [own[0], own.at(-1)];
  if (last < 0) return false;
  // What a checkpoint's acts made may have been seen since the one before it of the same line.
  const isBegun = (checkpoints[first]?.acts ?? []).some((act) => isIn(scope, act.by));
  const start = isBegun ? placeAfterLast(checkpoints, first) : first + 1;
  const inside = checkpoints.map((_, place) => place).slice(start, last + 1);
  const isCut = inside.some((place) => isAfterGap(checkpoints, place));
  return isCut || lacksBeginning(checkpoints, scope);
}

/** Of what it did first, nothing at all may be left. */
export function lacksBeginning(
  checkpoints: readonly Marked[],
  scope: { readonly kind: string; readonly id: string },
): boolean {
  if (!Object.hasOwn(beginnings, scope.kind) || !ulid.test(scope.id)) return false;
  const first = checkpoints.findIndex((it) => isInside(it, scope as Scope));
  if (checkpoints[first]?.marks['reason'] === beginnings[scope.kind]) return false;
  const start = checkpoints.findLastIndex(
    (_, place) => place <= first && isAfterGap(checkpoints, place),
  );
  // From there on all are left: one that was taken before it began is the proof.
  const { id = '', number } = checkpoints[start] ?? {};
  return number !== undefined && number > 1 && id > scope.id;
}

/** Why the first checkpoint of each was taken, where there is one for its sake. */
const beginnings: Readonly<Record<string, string>> = {
  session: 'opened',
  turn: 'prompt',
  step: 'none of its own',
};

const ulid = /^[0-9A-HJKMNP-TV-Z]{26}$/;

function isInside({ marks, acts }: Marked, scope: Scope): boolean {
  return marks[scope.kind] === scope.id || acts.some(({ by }) => isIn(scope, by));
}

function placeAfterLast(checkpoints: readonly Marked[], place: number): number {
  const line = lineOf(checkpoints[place]?.marks ?? {});
  const last = checkpoints.slice(0, place).findLastIndex(({ marks }) => lineOf(marks) === line);
  return last < 0 ? place : last + 1;
}
