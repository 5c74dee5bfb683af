/** Explains what looks saw too late, or in the middle of a save: by the very texts that were told, and by nothing else. */
import { applyClaim, type Claim } from './apply-claim.ts';
import type { Carried } from './carry-lines.ts';
import { explainChange, openTruth, type Question, type Suspect } from './explain-change.ts';
import type { Ledger } from './ledger.ts';
import type { Texts } from './open-texts.ts';
import type { Origin } from './origin.ts';
import { originsOf } from './origins-of.ts';
import { packRuns, type Run } from './runs.ts';
import { readText, type Text } from './text-lines.ts';

const tornLimit = 3;

type Place = {
  readonly path: string;
  readonly texts: Texts;
  readonly toldNext: () => Promise<readonly Suspect[]>;
};

/** As `explainChange`; where that leaves lines over, by what was told next, and from what was there before a torn look. */
export async function explainLooked(
  ledger: Ledger,
  { toldNext, ...place }: Place,
  question: Question,
): Promise<{ readonly carried: Carried; readonly rest: Origin }> {
  const found = explainChange(question);
  if (!found.carried.includes(undefined)) return found;
  const seen = chooseSeen(await toldNext(), question.after);
  const all = { ...question, suspects: [...question.suspects, ...seen] };
  const whole = await findWhole(ledger, place, all);
  if (whole === undefined && seen.length === 0) return found;
  return explainChange({ ...all, before: whole ?? question.before });
}

/** Where nobody knows what was there, only what was told is somebody's. */
export function explainUnsure(
  after: Text,
  suspects: readonly Suspect[],
  seen: string,
): readonly Run[] {
  const presumed = presumeBefore(after, suspects);
  if (presumed === undefined) return [];
  const before = { ...presumed, origins: originsOf(undefined, presumed.lines.length) };
  const { carried, rest } = explainChange({ before, after, suspects, seen });
  return packRuns(carried, rest);
}

/** A look in the middle of a save sees a file's beginning: what was whole before that, if all that is told leads on from there. */
async function findWhole(
  ledger: Ledger,
  { path, texts }: Pick<Place, 'path' | 'texts'>,
  question: Question,
): Promise<Question['before'] | undefined> {
  const { before, after } = question;
  if (!after.text.startsWith(before.text)) return undefined;
  for (const oid of ledger.listVersions(path).slice(0, tornLimit)) {
    const found = await texts.read(oid);
    if (found?.isLinewise !== true || found.text.length <= before.text.length) continue;
    const origins = originsOf(ledger.find(oid, path), found.lines.length);
    const whole = { text: found.text, lines: found.lines, origins };
    if (isAllTold({ ...question, before: whole })) return whole;
  }
  return undefined;
}

/**
 * A look that lags behind has seen what was told only after it. Of that, what is there by now, and was not
 * made again later: what a claim replaces is not there any more.
 */
function chooseSeen(next: readonly Suspect[], after: Text): Suspect[] {
  const isThere = openTruth(after.text);
  const isSeen = (it: Claim) =>
    isThere(it) && (it.isWhole || applyClaim(after.text, it, '') === undefined);
  return next.flatMap((it) => {
    const claims = it.witness === 'W' ? it.claims.filter(isSeen) : [];
    return claims.length === 0 ? [] : [{ ...it, claims, isUntold: false, isAble: false }];
  });
}

/** Whether the words of all account for every letter. */
function isAllTold({ before, after, suspects }: Omit<Question, 'seen'>): boolean {
  let waiting = suspects.flatMap((it) => (it.witness === 'W' ? it.claims : []));
  let { text } = before;
  for (let isMoving = waiting.length > 0; isMoving && text !== after.text; ) {
    const left: Claim[] = [];
    for (const claim of waiting) {
      const made = claim.isWhole ? undefined : applyClaim(text, claim, after.text);
      if (made === undefined) left.push(claim);
      else text = made;
    }
    isMoving = left.length < waiting.length;
    waiting = left;
  }
  return text === after.text;
}

/** What must have been there if nobody looked before: every claim taken back. Undefined where that is not clear. */
function presumeBefore(after: Text, suspects: readonly Suspect[]): Text | undefined {
  const claims = suspects.flatMap((it) => (it.witness === 'W' ? it.claims : []));
  let { text } = after;
  for (const claim of [...claims].reverse()) {
    const { before, after: made = '' } = claim;
    const at = claim.isWhole ? -1 : text.indexOf(made);
    if (before === undefined || made === '' || at < 0 || text.includes(made, at + 1))
      return undefined;
    text = text.slice(0, at) + before + text.slice(at + made.length);
  }
  return claims.length === 0 ? undefined : readText(text);
}
