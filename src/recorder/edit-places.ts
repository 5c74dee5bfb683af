/** Where in a session's story an edit stands: its turn, and the step that named the file. */
import type { Note } from '../journal/entry.ts';

export type Place = { readonly turn?: string; readonly step?: string };

export type EditPlaces = {
  /** Everything that is written down. */
  watch(note: Note): void;
  /** clew's id for a session of the agent. */
  find(agentSession: string): string | undefined;
  /** The agent's own id for it. */
  nameOf(session: string): string | undefined;
  /** `path` as the agent names it. */
  placeOf(session: string, path: string): Place;
};

const pathLimit = 1_000;

export function openEditPlaces(): EditPlaces {
  const byAgent = new Map<string, string>();
  const names = new Map<string, string>();
  const turns = new Map<string, string>();
  /** Open steps that said they write a file. */
  const naming = new Map<string, string>();

  return {
    watch({ session, event }) {
      if (session === undefined) return;
      if (event.type === 'session-opened') {
        byAgent.set(event.agentSession, session);
        names.set(session, event.agentSession);
      } else if (event.type === 'turn-started') turns.set(session, event.turn);
      else if (event.type === 'turn-ended') {
        if (turns.get(session) === event.turn) turns.delete(session);
      } else if (event.type === 'files-claimed') {
        for (const { path, operation } of event.claims)
          if (operation !== 'read') naming.set(`${session} ${path}`, event.step);
        for (const key of [...naming.keys()].slice(0, Math.max(0, naming.size - pathLimit)))
          naming.delete(key);
      } else if (event.type === 'step-ended')
        for (const [key, step] of naming) if (step === event.step) naming.delete(key);
    },
    find: (agentSession) => byAgent.get(agentSession),
    nameOf: (session) => names.get(session),
    placeOf(session, path) {
      const turn = turns.get(session);
      const step = naming.get(`${session} ${path}`);
      return { ...(turn === undefined ? {} : { turn }), ...(step === undefined ? {} : { step }) };
    },
  };
}
