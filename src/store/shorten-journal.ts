/** Writes a journal file anew without what was said in it: still a chain that verifies, with a stated seam. */
import type { Event, JournalHeader } from '../contract/types.gen.ts';
import { countLost, type Entry } from '../journal/entry.ts';
import { passFailpoint } from './failpoint.ts';
import { sealLine } from './journal-line.ts';
import { readJournalFile } from './journal-reader.ts';
import { writeWhole } from './whole-file.ts';

/** bodies: what was said goes. entries: everything goes but what state and the way back need. */
export type Depth = 'bodies' | 'entries';

export type Shortened = {
  readonly text: string;
  readonly bodies: number;
  readonly entries: number;
};

/** What no budget takes away: what the state is made of, whose sessions these were, and what says that something is missing. */
const kept: ReadonlySet<Event['type']> = new Set([
  'state-changed',
  'item-noted',
  'task-changed',
  'session-opened',
  'recording-started',
  'recording-ended',
  'writer-lost',
  'history-shortened',
]);

const promptSigns = 200;

/** Undefined when there is nothing to gain, or the file is not what its writer wrote. */
export function shortenJournal(path: string, depth: Depth, at: number): Shortened | undefined {
  const items = readJournalFile(path);
  const entries: Entry[] = [];
  let end = items.next();
  for (; end.done !== true; end = items.next()) {
    // What is damaged stays as it is: verify speaks of it, and a person may want to look.
    if ('problem' in end.value) return undefined;
    entries.push(end.value.entry);
  }
  const { header, last } = end.value;
  if (header === undefined || last === undefined) return undefined;
  const told = tellLess(entries, depth);
  if (told.bodies + told.dropped === 0) return undefined;
  const { bodies, dropped } = told;
  return { text: spell(header, last, { ...told, at }), bodies, entries: dropped };
}

/** In place of entries that are dropped stands one that counts them, under the number of the last. */
function tellLess(entries: readonly Entry[], depth: Depth): Omit<Told, 'at'> {
  const told: Entry[] = [];
  let [bodies, dropped, run] = [0, 0, 0];
  let last: Entry | undefined;
  const close = () => {
    if (last === undefined) return;
    told.push({ ...last, event: { type: 'entries-dropped', entries: run - 1 } });
    run = 0;
    last = undefined;
  };
  for (const entry of entries) {
    const event = keepOf(entry.event, depth);
    if (event === undefined) {
      // What was dropped before counts on.
      run += 1 + countLost(entry.event);
      if (entry.event.type !== 'entries-dropped') dropped += 1;
      const { session: _, ...bare } = entry;
      last = bare;
    } else {
      close();
      if (event !== entry.event) bodies += 1;
      told.push({ ...entry, event });
    }
  }
  close();
  return { told, bodies, dropped };
}

function keepOf(event: Event, depth: Depth): Event | undefined {
  if (event.type === 'recording-resumed') return event;
  if (depth === 'entries' && !kept.has(event.type)) return undefined;
  return withoutBody(event);
}

type Told = {
  readonly told: readonly Entry[];
  readonly bodies: number;
  readonly dropped: number;
  readonly at: number;
};

function spell(
  { sum: _, shortened: before, ...header }: JournalHeader,
  last: { readonly seq: number; readonly sum: string },
  { told, bodies, dropped, at }: Told,
): string {
  const shortened = {
    at,
    bodies: bodies + (before?.bodies ?? 0),
    entries: dropped + (before?.entries ?? 0),
    // What the next file follows is the line that was first written.
    last: before?.last ?? last.sum,
    lastSeq: before?.lastSeq ?? last.seq,
  };
  const first = sealLine(JSON.stringify({ ...header, shortened }).slice(0, -1));
  let { text, sum } = first;
  for (const { seq, at: then, mono, session, event } of told) {
    const about = { seq, at: then, mono, ...(session === undefined ? {} : { session }), event };
    const sealed = sealLine(JSON.stringify({ ...about, prev: sum }).slice(0, -1));
    text += sealed.text;
    sum = sealed.sum;
  }
  return text;
}

/** Undefined where nothing would be left; the same where there is nothing to take. */
function withoutBody(event: Event): Event | undefined {
  switch (event.type) {
    case 'message-said':
    case 'message-kept':
    case 'context-added':
      return undefined;
    case 'turn-started':
      return event.prompt === undefined || event.prompt.length <= promptSigns
        ? event
        : { ...event, prompt: event.prompt.slice(0, promptSigns) };
    case 'step-changed':
    case 'step-ended': {
      const { output } = event;
      if (output?.text === undefined) return event;
      const { text: _, ...rest } = output;
      return { ...event, output: rest };
    }
    default:
      return event;
  }
}

export function replaceJournal(path: string, text: string): void {
  passFailpoint('shorten-write');
  writeWhole(path, text);
  passFailpoint('shorten-written');
}
