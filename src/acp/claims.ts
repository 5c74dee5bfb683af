/** Which files a message says it reads or changes: every place where agents name them. */
import type { Claim } from '../contract/types.gen.ts';
import { readDiff } from './diffs.ts';
import { type Session, say } from './sessions.ts';
import { integerOf, isObject, shapeOf, shapesOf, textOf, wordOf } from './shape.ts';
import type { Talk } from './talk.ts';
import { readToolResponse } from './tool-response.ts';
import type { Told, ToolStep } from './tool-steps.ts';

/** What a step has claimed so far, so that a path is not told again without news. */
export type Claimed = {
  /** By the call itself. */
  readonly told: Seen;
  /** In questions about it: what is then done is told again, for it may not have been allowed. */
  readonly asked: Seen;
};

type Seen = {
  readonly keys: Set<string>;
  /** Paths that are claimed as read or as changed. */
  readonly touched: Set<string>;
  readonly changed: Set<string>;
};

const claimLimit = 2000;

export function claimNothing(): Claimed {
  return { told: seeNothing(), asked: seeNothing() };
}

function seeNothing(): Seen {
  return { keys: new Set(), touched: new Set(), changed: new Set() };
}

export function hasClaimed(claimed: Claimed, path: string): boolean {
  return claimed.told.touched.has(path) || claimed.asked.touched.has(path);
}

/** Finds the claims in an update of a tool call, and tells the new ones. */
export function claimFiles(talk: Talk, session: Session, step: ToolStep, told: Told): void {
  const { update, manner } = told;
  const found = [
    ...shapesOf(update.content).flatMap((it) =>
      it.type === 'diff' ? readDiff(talk, session, step, it) : [],
    ),
    ...readToolResponse(
      talk,
      step,
      shapeOf(shapeOf(shapeOf(update._meta).claudeCode).toolResponse),
    ),
    ...readLocations(session, step, update.locations),
    ...readInput(talk, step, update.rawInput),
  ];
  const claims = found
    .map((it): Claim => (manner === 'asked' ? { ...it, source: 'permission' } : it))
    .filter((it) => takeClaim(step.claimed, it));
  if (claims.length === 0) return;
  say(talk, session, { type: 'files-claimed', turn: step.turn.id, step: step.id, claims });
}

function takeClaim({ told, asked }: Claimed, claim: Claim): boolean {
  const isAsked = claim.source === 'permission';
  const mine = isAsked ? asked : told;
  if (mine.keys.size >= claimLimit || isKnown(told, claim) || (isAsked && isKnown(asked, claim)))
    return false;
  mine.keys.add(keyOf(claim));
  mine.touched.add(claim.path);
  if (claim.operation !== 'read') mine.changed.add(claim.path);
  return true;
}

function isKnown(seen: Seen, claim: Claim): boolean {
  const { before, after, oldPath } = claim;
  const isBare = before === undefined && after === undefined && oldPath === undefined;
  return (isBare && saysNothingNew(seen, claim)) || seen.keys.has(keyOf(claim));
}

function keyOf({ path, operation, oldPath, before, after }: Claim): string {
  return JSON.stringify([path, operation, oldPath, before, after]);
}

/** A path alone adds nothing to a claim that already tells what was done to it. */
function saysNothingNew(seen: Seen, claim: Claim): boolean {
  if (claim.operation === 'read') return seen.touched.has(claim.path);
  return claim.operation === 'write' && seen.changed.has(claim.path);
}

/** What a tool of this kind does to a path that it only names. */
export function operationOf(toolKind: string | undefined): Claim['operation'] {
  if (toolKind === 'edit' || toolKind === 'move') return 'write';
  return toolKind === 'delete' ? 'delete' : 'read';
}

function readLocations(session: Session, step: ToolStep, locations: unknown): Claim[] {
  return shapesOf(locations).flatMap((it): Claim[] => {
    const path = wordOf(it.path);
    if (path === undefined || isWorkingFolder(session, step, path)) return [];
    const line = integerOf(it.line);
    const claim: Claim = { path, operation: operationOf(step.toolKind), source: 'location' };
    return [line === undefined ? claim : { ...claim, line }];
  });
}

/** opencode names the folder that a command runs in as its location; that says nothing about a file. */
function isWorkingFolder(session: Session, step: ToolStep, path: string): boolean {
  return step.toolKind === 'execute' && (path === step.cwd || path === session.cwd);
}

function readInput(talk: Talk, step: ToolStep, rawInput: unknown): Claim[] {
  if (!isObject(rawInput)) return [];
  const { file_path, filePath, filepath, notebook_path, absolute_path, path } = rawInput;
  const names = [file_path, filePath, filepath, notebook_path, absolute_path, path];
  const operation = operationOf(step.toolKind);
  // A path and a text and nothing else: the tool writes the file as a whole (opencode shows no diff of that).
  const content = textOf(rawInput.content);
  const isWhole =
    operation === 'write' && content !== undefined && Object.keys(rawInput).length === 2;
  const whole = isWhole ? { after: talk.gifts.blobOf(content), whole: true } : {};
  return names.flatMap((it): Claim[] => {
    const name = wordOf(it);
    return name === undefined ? [] : [{ path: name, operation, source: 'raw-input', ...whole }];
  });
}
