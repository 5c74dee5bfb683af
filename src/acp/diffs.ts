/** The diffs of a tool call, of v1 (two texts), v2 (changes and a patch) and the JetBrains extension, as claims. */
import type { Claim } from '../contract/types.gen.ts';
import { type Hunk, type PatchedFile, readGitPatch } from './git-patch.ts';
import { countLines } from './line-count.ts';
import type { Session } from './sessions.ts';
import { type Shape, shapeOf, shapesOf, textOf, wordOf } from './shape.ts';
import type { Talk } from './talk.ts';
import type { ToolStep } from './tool-steps.ts';
import { isKnownWhole, sendsWholeFiles } from './whole-files.ts';

export function readDiff(talk: Talk, session: Session, step: ToolStep, diff: Shape): Claim[] {
  if (Array.isArray(diff.changes)) return readChanges(talk, diff);
  const path = wordOf(diff.path);
  if (path === undefined) return [];
  const patch = textOf(shapeOf(shapeOf(shapeOf(shapeOf(diff._meta).jetbrains).air).diffPatch).text);
  // Where there is a patch, the two texts are placeholders.
  if (patch !== undefined) return readAirPatch(talk, path, patch);
  return [readTexts(talk, session, step, { ...diff, path })];
}

function readTexts(
  talk: Talk,
  session: Session,
  step: ToolStep,
  diff: Shape & { readonly path: string },
): Claim {
  const { path } = diff;
  const oldText = textOf(diff.oldText);
  const newText = textOf(diff.newText) ?? '';
  const operation = operationOf(talk, diff, step);
  const before =
    oldText === undefined || operation === 'add' ? undefined : talk.gifts.blobOf(oldText);
  const after = operation === 'delete' ? undefined : talk.gifts.blobOf(newText);
  const isWhole =
    operation !== 'modify' || sendsWholeFiles(talk) || isKnownWhole(session, path, [before, after]);
  return {
    path,
    operation,
    source: 'diff',
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(isWhole ? { whole: true } : {}),
    ...countLines(oldText ?? '', newText),
  };
}

/** `_meta.kind` says it where it is given; without an old text the file is new, except for tools that overwrite. */
function operationOf(talk: Talk, diff: Shape, step: ToolStep): Claim['operation'] {
  const kind = shapeOf(diff._meta).kind;
  if (kind === 'add' || kind === 'delete') return kind;
  if (kind === 'update' || kind === 'modify') return 'modify';
  if (typeof diff.oldText !== 'string') return step.name === 'Write' ? 'write' : 'add';
  return diff.oldText === '' && sendsWholeFiles(talk) ? 'add' : 'modify';
}

const operations = new Set<unknown>(['add', 'delete', 'modify', 'move', 'copy']);

function readChanges(talk: Talk, diff: Shape): Claim[] {
  const changes = shapesOf(diff.changes);
  const patch = shapeOf(diff.patch);
  const files = patch.format === 'git_patch' ? readGitPatch(textOf(patch.text) ?? '') : [];
  return changes.flatMap((change, at) => {
    const path = wordOf(change.path);
    if (path === undefined) return [];
    const operation = operations.has(change.operation)
      ? (change.operation as Claim['operation'])
      : 'write';
    const file =
      files.find((it) => samePath(it.path, path)) ??
      (files.length === changes.length ? files[at] : undefined);
    const oldPath = wordOf(change.oldPath);
    const claim: Claim = {
      path,
      operation,
      source: 'changes',
      ...(oldPath === undefined ? {} : { oldPath }),
    };
    return withHunks(talk, claim, file);
  });
}

/** In the patches of this extension, paths lack their leading slash; the block's own path has it. */
function readAirPatch(talk: Talk, path: string, patch: string): Claim[] {
  return readGitPatch(patch).flatMap((file) => {
    const root = path.startsWith('/') && !file.path.startsWith('/') ? '/' : '';
    const oldPath = file.oldPath === undefined ? {} : { oldPath: root + file.oldPath };
    const claim: Claim = {
      path: root + file.path,
      operation: file.operation,
      source: 'diff',
      ...oldPath,
    };
    return withHunks(talk, claim, file);
  });
}

/** One claim per hunk: texts of different places cannot stand in one claim. */
function withHunks(talk: Talk, claim: Claim, file: PatchedFile | undefined): Claim[] {
  const [first, ...others] = file?.hunks ?? [];
  if (first === undefined) return [claim];
  const isWhole =
    others.length === 0 && (claim.operation === 'add' || claim.operation === 'delete');
  const rest = others.map(
    (it): Claim => ({ ...hunkClaim(talk, { ...claim, operation: 'modify' }, it) }),
  );
  return [{ ...hunkClaim(talk, claim, first), ...(isWhole ? { whole: true } : {}) }, ...rest];
}

function hunkClaim(talk: Talk, claim: Claim, hunk: Hunk): Claim {
  const { blobOf } = talk.gifts;
  return {
    ...claim,
    ...(claim.operation === 'add' ? {} : { before: blobOf(hunk.before) }),
    ...(claim.operation === 'delete' ? {} : { after: blobOf(hunk.after) }),
    added: hunk.added,
    removed: hunk.removed,
  };
}

function samePath(inPatch: string, path: string): boolean {
  return inPatch === path || `/${inPatch}` === path;
}
