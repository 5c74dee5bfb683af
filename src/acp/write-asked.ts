/** Which file an agent is about to write through the editor, and in which session. */
import { isObject, shapeOf, wordOf } from './shape.ts';

export type WriteAsked = { readonly agentSession: string; readonly path: string };

/** Undefined when the line is no such request. */
export function readWriteAsked(line: string): WriteAsked | undefined {
  const message: unknown = JSON.parse(line);
  const params = isObject(message) ? shapeOf(message['params']) : {};
  const agentSession = wordOf(params.sessionId);
  const path = wordOf(params.path);
  return agentSession === undefined || path === undefined ? undefined : { agentSession, path };
}
