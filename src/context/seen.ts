/** The last version of a file that a session has seen, and how that is known. No content, only its git blob id. */

export type Seen = {
  /** Git blob id of the bytes; null: the file was not there. */
  readonly blob: string | null;
  /** Milliseconds since 1970, for people and for what is too old. */
  readonly at: number;
  readonly turn?: string;
  readonly step?: string;
  readonly how: How;
};

/**
 * wire: the whole text went over the wire. disk: the wire told of a read, and this was on the disk then.
 * own: the session wrote it. part: only some lines were read. guess: best effort, from a command.
 */
export type How = 'wire' | 'disk' | 'own' | 'part' | 'guess';

/** How much each tells of the same version; of different versions the later one counts, whatever told of it. */
const strengths: Readonly<Record<How, number>> = { own: 4, wire: 3, disk: 2, part: 1, guess: 0 };

/** What is known after `next`, of which only the blob, the moment and the manner are taken for granted. */
export function judgeSight(before: Seen | undefined, next: Seen): Seen {
  if (before === undefined || before.blob !== next.blob) return next;
  return strengths[before.how] > strengths[next.how] ? { ...next, how: before.how } : next;
}

/**
 * Simple agents count their sessions, so only a long name tells a session from all others, also in another
 * run of the same agent. The rest go by clew's own id, which the index gives to them again.
 */
export function nameIdentity(agentSession: string, session: string): string {
  return agentSession.length >= ownNameLength ? agentSession : `clew:${session}`;
}

const ownNameLength = 16;
