/** Which file an agent is about to write through the editor, in which session, and with what text. */
import { isObject, shapeOf, textOf, wordOf } from './shape.ts';

export type WriteAsked = {
  readonly agentSession: string;
  readonly path: string;
  readonly content?: string;
};

/** Undefined when the line is no such request. */
export function readWriteAsked(line: string): WriteAsked | undefined {
  const message: unknown = JSON.parse(line);
  const params = isObject(message) ? shapeOf(message['params']) : {};
  const agentSession = wordOf(params.sessionId);
  const path = wordOf(params.path);
  const content = textOf(params.content);
  if (agentSession === undefined || path === undefined) return undefined;
  return { agentSession, path, ...(content === undefined ? {} : { content }) };
}
