/** Whether the texts of a diff are whole files: only where the agent is known for it or the wire has shown it. */
import { setBounded } from './bounded.ts';
import type { Session } from './sessions.ts';
import type { Talk } from './talk.ts';

/** Agents that were seen to send whole files in every diff. */
const agents = new Set(['gemini-cli', 'qwen-code']);
const pathLimit = 500;

export function sendsWholeFiles(talk: Talk): boolean {
  return talk.agentName !== undefined && agents.has(talk.agentName);
}

/** The editor gave or took this version of the file as a whole. */
export function learnWhole(session: Session, path: string, blob: string): void {
  const blobs = session.wholes.get(path) ?? [];
  if (!blobs.includes(blob))
    setBounded(session.wholes, path, [...blobs.slice(-3), blob], pathLimit);
}

export function isKnownWhole(
  session: Session,
  path: string,
  blobs: readonly (string | undefined)[],
): boolean {
  const wholes = session.wholes.get(path);
  return wholes !== undefined && blobs.some((it) => it !== undefined && wholes.includes(it));
}
