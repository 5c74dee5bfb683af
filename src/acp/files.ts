/** Files that the agent reads and writes through the editor (`fs/*`), told when they are answered. */
import type { Problem } from '../contract/types.gen.ts';
import { known } from '../journal/known.ts';
import { hasClaimed } from './claims.ts';
import type { Answer } from './pending.ts';
import { type Session, say, sessionOf } from './sessions.ts';
import { integerOf, type Shape, shapeOf, textOf, wordOf } from './shape.ts';
import type { Ask } from './talk.ts';
import { learnWhole } from './whole-files.ts';

export const askRead: Ask = (talk, params) => {
  const agentId = wordOf(params.sessionId);
  const path = wordOf(params.path);
  if (agentId === undefined || path === undefined) return {};
  const session = sessionOf(talk, agentId);
  const where = placeOf(session, path);
  const line = integerOf(params.line);
  const limit = integerOf(params.limit);
  return {
    session,
    turn: where.turn,
    tellsErrors: true,
    take(answer) {
      if (answer.kind === 'lost') return;
      const content = answer.kind === 'result' ? textOf(shapeOf(answer.result).content) : undefined;
      const blob =
        content !== undefined && isWhole(params, content) ? talk.gifts.blobOf(content) : undefined;
      if (blob !== undefined) learnWhole(session, path, blob);
      const bytes = content === undefined ? undefined : talk.gifts.sizeOf(content);
      const found = known({ ...where, bytes, blob, line, limit, problem: problemOf(answer) });
      say(talk, session, { type: 'file-read', path, ...found });
    },
  };
};

/** A limit that was not reached has cut nothing off; of one that was, the last line may come without its end. */
function isWhole(params: Shape, content: string): boolean {
  const line = integerOf(params.line) ?? 1;
  const limit = integerOf(params.limit);
  if (line > 1 || limit === undefined) return line <= 1;
  const ends = content.split('\n').length - 1;
  return ends + (content.endsWith('\n') ? 0 : 1) < limit;
}

export const askWrite: Ask = (talk, params) => {
  const agentId = wordOf(params.sessionId);
  const path = wordOf(params.path);
  const content = textOf(params.content);
  if (agentId === undefined || path === undefined || content === undefined) return {};
  const session = sessionOf(talk, agentId);
  const where = placeOf(session, path);
  // The text may be large and the answer may take its time: only its measures wait for it.
  const bytes = talk.gifts.sizeOf(content);
  const blob = talk.gifts.blobOf(content);
  return {
    session,
    turn: where.turn,
    tellsErrors: true,
    take(answer) {
      if (answer.kind === 'lost') return;
      if (answer.kind === 'result') learnWhole(session, path, blob);
      say(talk, session, {
        type: 'file-written',
        path,
        bytes,
        blob,
        ...known({ ...where, problem: problemOf(answer) }),
      });
    },
  };
};

function problemOf(answer: Answer): Problem | undefined {
  return answer.kind === 'error' ? answer.problem : undefined;
}

/** The turn of now, and the open tool call that named the file, if one did. */
function placeOf(
  session: Session,
  path: string,
): { turn: string | undefined; step: string | undefined } {
  let step: string | undefined;
  for (const it of session.open.values())
    if (it.kind === 'tool' && hasClaimed(it.claimed, path)) step = it.id;
  return { turn: session.turns[0]?.id, step };
}
