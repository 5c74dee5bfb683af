/** Which files a message says it reads or changes: every place where agents name them. */
import type { Claim } from '../contract/types.gen.ts';
import { readDiff } from './diffs.ts';
import { type Session, say } from './sessions.ts';
import { integerOf, isObject, type Shape, shapeOf, shapesOf, textOf, wordOf } from './shape.ts';
import type { Talk } from './talk.ts';
import { readToolResponse } from './tool-response.ts';
import type { Told, ToolStep } from './tool-steps.ts';

/** What a step has claimed so far, so that a path is not told again without news. Most steps claim nothing. */
export type Claimed = {
  /** By the call itself. */
  told: Seen | undefined;
  /** In questions about it: what is then done is told again, for it may not have been allowed. */
  asked: Seen | undefined;
};

type Seen = {
  readonly keys: Set<string>;
  /** The paths, and whether they are claimed as changed or only as read. */
  readonly changed: Map<string, boolean>;
};

const claimLimit = 2000;

export function hasClaimed({ told, asked }: Claimed, path: string): boolean {
  return told?.changed.has(path) === true || asked?.changed.has(path) === true;
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
    .map(
      (it): Claim => (it.operation === 'read' && namesLines(update) ? { ...it, part: true } : it),
    )
    .filter((it) => takeClaim(step.claimed, it));
  if (claims.length === 0) return;
  say(talk, session, { type: 'files-claimed', turn: step.turn.id, step: step.id, claims });
}

/** What a command shows counts as read: a guess, and what the wire names itself is not told again. */
export function claimReads(talk: Talk, session: Session, step: ToolStep): void {
  const { readsOf } = talk.gifts;
  // gemini-cli tells its commands by their title only.
  const command = step.command ?? (step.toolKind === 'execute' ? step.title : undefined);
  if (readsOf === undefined || command === undefined) return;
  const claims = readsOf(command, step.cwd ?? session.cwd)
    .map((path): Claim => ({ path, operation: 'read', source: 'command' }))
    .filter((it) => takeClaim(step.claimed, it));
  if (claims.length === 0) return;
  say(talk, session, { type: 'files-claimed', turn: step.turn.id, step: step.id, claims });
}

function takeClaim(claimed: Claimed, claim: Claim): boolean {
  const name = claim.source === 'permission' ? 'asked' : 'told';
  if (isKnown(claimed.told, claim) || (name === 'asked' && isKnown(claimed.asked, claim)))
    return false;
  const seen = claimed[name] ?? { keys: new Set(), changed: new Map() };
  claimed[name] = seen;
  if (seen.keys.size >= claimLimit) return false;
  seen.keys.add(keyOf(claim));
  const { path, operation } = claim;
  seen.changed.set(path, operation !== 'read' || seen.changed.get(path) === true);
  return true;
}

function isKnown(seen: Seen | undefined, claim: Claim): boolean {
  if (seen === undefined) return false;
  const { before, after, oldPath } = claim;
  const isBare = before === undefined && after === undefined && oldPath === undefined;
  return (isBare && saysNothingNew(seen, claim)) || seen.keys.has(keyOf(claim));
}

function keyOf({ path, operation, oldPath, before, after }: Claim): string {
  return `${operation} ${before} ${after} ${oldPath}\n${path}`;
}

/** A path alone adds nothing to a claim that already tells what was done to it. */
function saysNothingNew(seen: Seen, claim: Claim): boolean {
  if (claim.operation === 'read') return seen.changed.has(claim.path);
  return claim.operation === 'write' && seen.changed.get(claim.path) === true;
}

/** What a tool of this kind does to a path that it only names. */
function operationOf(toolKind: string | undefined): Claim['operation'] {
  if (toolKind === 'edit' || toolKind === 'move') return 'write';
  return toolKind === 'delete' ? 'delete' : 'read';
}

function readLocations(session: Session, step: ToolStep, locations: unknown): Claim[] {
  return shapesOf(locations).flatMap((it): Claim[] => {
    const path = wordOf(it.path);
    if (path === undefined || isWorkingFolder(session, step, path)) return [];
    const line = integerOf(it.line);
    const operation = operationOf(step.toolKind);
    // The agent guesses too what its command reads.
    const isGuess = operation === 'read' && step.command !== undefined;
    const claim: Claim = { path, operation, source: isGuess ? 'command' : 'location' };
    return [line === undefined ? claim : { ...claim, line }];
  });
}

/** Tools that read count lines or bytes of the file in one of these, if they do not take it all. */
function namesLines({ rawInput }: Shape): boolean {
  const { offset, limit } = shapeOf(rawInput);
  return typeof offset === 'number' || typeof limit === 'number';
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
