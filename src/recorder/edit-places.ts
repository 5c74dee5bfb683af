/** Where in a session's story an edit stands: its turn, and the step that named the file. */
import type { FilesClaimed } from '../contract/types.gen.ts';
import type { Note } from '../journal/entry.ts';

export type Place = { readonly turn?: string; readonly step?: string };

export type EditPlaces = {
  /** Everything that is written down. */
  watch(note: Note): void;
  /** clew's id for a session of the agent. */
  find(agentSession: string): string | undefined;
  /** `path` as the agent names it. */
  placeOf(session: string, path: string): Place;
};

const pathLimit = 1_000;

export function openEditPlaces(): EditPlaces {
  const byAgent = new Map<string, string>();
  const turns = new Map<string, string>();
  /** Open steps that said they write a file. */
  const naming = new Map<string, string>();

  function name(session: string, { claims, step }: FilesClaimed): void {
    for (const { path, operation } of claims)
      if (operation !== 'read') naming.set(`${session} ${path}`, step);
    for (const key of [...naming.keys()].slice(0, Math.max(0, naming.size - pathLimit)))
      naming.delete(key);
  }

  function forget(ended: string): void {
    for (const [key, step] of naming) if (step === ended) naming.delete(key);
  }

  return {
    watch({ session, event }) {
      if (session === undefined) return;
      if (event.type === 'session-opened') byAgent.set(event.agentSession, session);
      else if (event.type === 'turn-started') turns.set(session, event.turn);
      else if (event.type === 'turn-ended') turns.delete(session);
      else if (event.type === 'files-claimed') name(session, event);
      else if (event.type === 'step-ended') forget(event.step);
    },
    find: (agentSession) => byAgent.get(agentSession),
    placeOf(session, path) {
      const turn = turns.get(session);
      const step = naming.get(`${session} ${path}`);
      return { ...(turn === undefined ? {} : { turn }), ...(step === undefined ? {} : { step }) };
    },
  };
}
