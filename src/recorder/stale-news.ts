/** Tells the editor of stale edits and of overwritten lines, where it can show them or asked to be told. */
import { noticeOf } from '../acp/own-lines.ts';
import type { LinesOverwritten, StaleEditFound } from '../contract/types.gen.ts';
import { Failure, problemOf } from '../errors.ts';
import type { Note } from '../journal/entry.ts';

export type NewsPorts = {
  inject(line: string): void;
  /** The agent's own name of a session. */
  nameOf(session: string): string | undefined;
};

export type StaleNews = {
  /** Everything that is written down: what the editor can show is among it. */
  watch(note: Note): void;
  /** The client asked for clew when it said hello. */
  optIn(): void;
  tellStale(session: string, event: StaleEditFound): void;
  tellOverwritten(session: string, event: LinesOverwritten): void;
};

const method = '_clew/context:file-stale';

export function openStaleNews(ports: NewsPorts): StaleNews {
  let showsNotices = false;
  let isOptedIn = false;

  function tell(session: string, told: Told): void {
    const agentSession = ports.nameOf(session);
    if (agentSession === undefined) return;
    const { title, description, metadata } = told;
    if (showsNotices) ports.inject(noticeOf(agentSession, title, description));
    if (!isOptedIn) return;
    const failure = new Failure('conflict', `${title}: ${description}`, { data: metadata });
    const error = { ...problemOf(failure), recoverable: true };
    const params = { event: 'context:file-stale', sessionId: agentSession, metadata, error };
    ports.inject(`${JSON.stringify({ jsonrpc: '2.0', method, params })}\n`);
  }

  return {
    watch({ event }) {
      // In v2 every client may be told; in v1 only those that say so.
      if (event.type === 'agent-connected')
        showsNotices = event.notices === true || event.protocol >= 2;
    },
    optIn() {
      isOptedIn = true;
    },
    tellStale(session, event) {
      const { path, seen, found, verdict, gate, lost } = event;
      tell(session, {
        title: `${path} changed since the agent saw it`,
        description: descriptions[verdict],
        metadata: { session, path, verdict, gate, seen, found, lost },
      });
    },
    tellOverwritten(session, event) {
      const { alert, path, lines, lost, before, after, turn, step } = event;
      const some = lines === 1 ? 'a line' : `${lines} lines`;
      tell(session, {
        title: `the agent overwrote ${some} of somebody else in ${path}`,
        description: `\`clew undo --lost ${nameAlert(alert)}\` gives ${lines === 1 ? 'it' : 'them'} back`,
        metadata: { session, alert, path, turn, step, lines, lost, before, after },
      });
    },
  };
}

type Told = {
  readonly title: string;
  readonly description: string;
  readonly metadata: Record<string, unknown>;
};

const descriptions: Readonly<Record<StaleEditFound['verdict'], string>> = {
  refused: 'its edit was refused, and it was told to read the file again',
  asked: 'say what is to become of its edit',
  warned: 'its edit goes on all the same',
};

/** The end of an id is enough for a person to type. */
function nameAlert(alert: string): string {
  return alert.slice(-6).toLowerCase();
}
