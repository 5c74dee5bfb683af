/** What Claude Code says in `_meta.claudeCode.toolResponse`: the file, and for an edit how it was before. */
import type { Claim } from '../contract/types.gen.ts';
import { countLines } from './line-count.ts';
import { type Shape, shapeOf, textOf, wordOf } from './shape.ts';
import type { Talk } from './talk.ts';
import type { ToolStep } from './tool-steps.ts';

export function readToolResponse(talk: Talk, step: ToolStep, response: Shape): Claim[] {
  const readPath = wordOf(shapeOf(response.file).filePath);
  if (readPath !== undefined)
    return [{ path: readPath, operation: 'read', source: 'tool-response' }];
  const path = wordOf(response.filePath);
  if (path === undefined) return [];
  const before = textOf(response.originalFile);
  const after = response.userModified === true ? undefined : textAfter(response, before);
  return [
    {
      path,
      operation: operationOf(step, response, before),
      source: 'tool-response',
      ...(before === undefined ? {} : { before: talk.gifts.blobOf(before) }),
      ...(after === undefined ? {} : { after: talk.gifts.blobOf(after) }),
      ...(before === undefined && after === undefined ? {} : { whole: true }),
      ...(before === undefined || after === undefined ? {} : countLines(before, after)),
    },
  ];
}

function operationOf(
  step: ToolStep,
  response: Shape,
  before: string | undefined,
): Claim['operation'] {
  if (response.type === 'create') return 'add';
  if (response.type === 'update' || before !== undefined) return 'modify';
  return step.toolKind === 'read' || step.toolKind === 'search' ? 'read' : 'write';
}

/** The new file as a whole: written out, or the old one with the replacement made. */
function textAfter(response: Shape, before: string | undefined): string | undefined {
  const content = textOf(response.content);
  if (content !== undefined) return content;
  const oldString = wordOf(response.oldString);
  const newString = textOf(response.newString);
  if (before === undefined || oldString === undefined || newString === undefined) return undefined;
  const pieces = before.split(oldString);
  if (pieces.length < 2) return undefined;
  if (response.replaceAll === true) return pieces.join(newString);
  return pieces[0] + newString + pieces.slice(1).join(oldString);
}
