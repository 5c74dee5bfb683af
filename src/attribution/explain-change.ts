/** Explains how one version of a file became the next: what was claimed, what is left, and who can have been that. */

import { listEdits } from '../snapshot/edit-lines.ts';
import { squeezeLine } from '../snapshot/squeeze-line.ts';
import { applyClaim, type Claim } from './apply-claim.ts';
import { type Carried, carryEdits, carryEqual, carryLines, type Known } from './carry-lines.ts';
import { cutAlike } from './cut-alike.ts';
import { disownFound } from './disown-found.ts';
import type { Told } from './open-draft.ts';
import type { By, Origin } from './origin.ts';
import { cutRuns, joinRuns, packRuns, type Run, unpackRuns } from './runs.ts';
import { cutLines, type Text } from './text-lines.ts';

/** Somebody who may have made the change. */
export type Suspect = {
  readonly by: By;
  /** What the wire, or the agent's own log, told of this file. */
  readonly claims: readonly Claim[];
  readonly witness: 'W' | 'L';
  /** It named the file and told no text. */
  readonly isUntold: boolean;
  /** It may have changed any file without saying so. */
  readonly isAble: boolean;
};

export type Question = {
  readonly before: Known & { readonly text: string };
  readonly after: Text;
  readonly suspects: readonly Suspect[];
  /** The checkpoint that has the version. */
  readonly seen: string;
};

/** Undefined where nothing explains a line: whoever asks may know where else it was before. */
export function explainChange({ before, after, suspects, seen }: Question): {
  readonly carried: Carried;
  /** For the lines that nothing explains. */
  readonly rest: Origin;
} {
  const [last, ...others] = listStates({ before, after, suspects, seen });
  const carried = carryLines(last ?? before, after.lines);
  for (const state of others) if (carried.includes(undefined)) fillFrom(carried, state, after);
  disownFound(carried, after.lines, { before, suspects, seen });
  return { carried, rest: judgeRest(suspects, seen) };
}

/** The same, of a text that became the other by one claim and nothing else. Only what changed is looked at. */
export function explainTold(
  before: { readonly lines: readonly string[]; readonly runs: readonly Run[] },
  after: readonly string[],
  { told, seen }: { readonly told: SoleClaim; readonly seen: string },
): readonly Run[] {
  const { lines, runs } = before;
  const edits = listEdits(lines, after);
  const from = edits[0]?.from ?? lines.length;
  const to = edits.at(-1)?.to ?? lines.length;
  const end = to + after.length - lines.length;
  const origins = unpackRuns(cutRuns(runs, from, to));
  const inside = edits.map((it) => ({ ...it, from: it.from - from, to: it.to - from }));
  const carried = carryEdits(
    { lines: lines.slice(from, to), origins },
    after.slice(from, end),
    inside,
  );
  const made: Origin = { grade: 'W', by: told.by, seen };
  const [head, tail] = [cutRuns(runs, 0, from), cutRuns(runs, to, lines.length)];
  return joinRuns(head, packRuns(carried, made), tail);
}

export type SoleClaim = { readonly by: By; readonly claim: Told };

/** All that was told, where it is one change of a part of the file. */
export function findSoleClaim(suspects: readonly Suspect[]): SoleClaim | undefined {
  const [suspect, ...others] = suspects.filter((it) => it.claims.length > 0);
  const [claim, ...more] = suspect?.claims ?? [];
  const isSole = others.length === 0 && more.length === 0 && suspect?.witness === 'W';
  return isSole && claim !== undefined && isPartial(claim) ? { by: suspect.by, claim } : undefined;
}

function isPartial(claim: Claim): claim is Told {
  const { before, after, isWhole } = claim;
  return (
    !isWhole && before !== undefined && before !== '' && after !== undefined && before !== after
  );
}

type State = Known & { readonly text: string };
type Pair = { readonly claim: Claim; readonly origin: Origin };

/**
 * What the file can have been on its way, the likeliest end first: all claims true, for somebody may
 * have gone over them since; only those that came true to the letter; none.
 */
function listStates({ before, after, suspects, seen }: Question): State[] {
  const pairs = suspects.flatMap(({ by, claims, witness }) => {
    const origin: Origin = { grade: witness, by, seen };
    return claims.map((claim): Pair => ({ claim, origin }));
  });
  if (pairs.length === 0) return [before];
  const isTrue = openTruth(after.text);
  const literal = applyAll(
    before,
    pairs.filter(({ claim }) => isTrue(claim)),
    after,
  );
  if (literal.text === after.text) return [literal, before];
  const isNear = openTruth(squeezeText(after.text), squeezeText);
  const rank = ({ claim }: Pair) => (isTrue(claim) ? 0 : isNear(claim) ? 1 : 2);
  const likely = [...pairs].sort((one, other) => rank(one) - rank(other));
  return [applyAll(before, likely, after), literal, before];
}

/** Whether a claim's text is there in the end. */
export function openTruth(
  end: string,
  squeeze = (text: string) => text,
): (claim: Claim) => boolean {
  return (claim) => {
    const made = squeeze(claim.after ?? '');
    return claim.isWhole ? made === end : end.includes(made);
  };
}

/** What the text would be if all that was told were true; undefined where nothing fits. */
export function guessText(text: string, suspects: readonly Suspect[]): string | undefined {
  let made = text;
  for (const { claims } of suspects)
    for (const claim of claims) made = applyClaim(made, claim, '') ?? made;
  return made === text ? undefined : made;
}

function squeezeText(text: string): string {
  return cutLines(text).map(squeezeLine).join('');
}

/** Their order is not known where several agents made them: each is tried again as long as any fits. */
function applyAll(before: State, pairs: readonly Pair[], end: Text): State {
  let state = before;
  let waiting = [...pairs];
  for (let isMoving = true; isMoving && waiting.length > 0 && state.text !== end.text; ) {
    const left: Pair[] = [];
    for (const pair of waiting) {
      const text = isWellKnown(pair, state.text, end.text)
        ? applyClaim(state.text, pair.claim, end.text)
        : undefined;
      if (text === undefined) left.push(pair);
      else state = moveOn(state, text, { origin: pair.origin, first: before, end });
    }
    isMoving = left.length < waiting.length;
    waiting = left;
  }
  return state;
}

/** A log is believed only where what it says fits to the letter: on what it says was there, or in the end. */
function isWellKnown({ claim, origin }: Pair, text: string, end: string): boolean {
  if (origin.grade !== 'L') return true;
  const { before, isWhole } = claim;
  if (before === undefined) return text === '' || openTruth(end)(claim);
  if (isWhole && before === text) return true;
  return openTruth(end)(claim) && !openTruth(text)(claim);
}

/** What a claim brings back of what was there `first`, it has not written. */
function moveOn(
  state: State,
  text: string,
  { origin, first, end }: { readonly origin: Origin; readonly first: State; readonly end: Text },
): State {
  if (text === state.text) return state;
  const lines = text === end.text ? end.lines : cutAlike(state, text);
  const carried = carryLines(state, lines);
  if (state !== first && carried.includes(undefined)) {
    const direct = carryEqual(first, lines);
    for (const [at, known] of direct.entries()) carried[at] ??= known;
  }
  return { text, lines, origins: carried.map((it) => it ?? origin) };
}

function fillFrom(carried: Carried, state: Known, after: Text): void {
  const direct = carryLines(state, after.lines);
  for (const [at, origin] of direct.entries())
    if (carried[at] === undefined && origin !== undefined) carried[at] = origin;
}

/** What nobody told: an agent's only where no other can have been it. */
function judgeRest(suspects: readonly Suspect[], seen: string): Origin {
  const untold = suspects.filter((it) => it.isUntold);
  const able = untold.length > 0 ? untold : suspects.filter((it) => it.isAble);
  const [first] = able;
  if (first === undefined) return { grade: 'U', seen };
  const steps = [...new Set(able.map(({ by }) => by.step ?? by.turn))];
  if (steps.length === 1) return { grade: 'X', by: first.by, seen };
  const { session, turn } = first.by;
  const isOne = able.every(({ by }) => by.session === session && by.turn === turn);
  return isOne
    ? { grade: 'X', by: { session, turn }, among: steps, seen }
    : { grade: 'C', among: steps, seen };
}
