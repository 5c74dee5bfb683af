/** Turns notes into journal lines: stamps them, chains them, and says which bytes of which file they are. */
import { Buffer } from 'node:buffer';
import type { Entry, Note } from '../journal/entry.ts';
import type { Clock } from './clock.ts';
import { journalVersion, noSum, sealLine } from './journal-line.ts';

/** Whole lines that lie one after another in one file. */
export type Batch = {
  readonly file: number;
  readonly offset: number;
  readonly bytes: Buffer;
  readonly lastSeq: number;
};

export type Framer = {
  /** Stamps the note and spells its line. */
  append(note: Note): Entry;
  /** Stamps the note only: its number is used up, and there will be no line of it. */
  skip(note: Note): Entry;
  /** About how many bytes were spelled and not yet taken. */
  size(): number;
  /** Everything spelled since the last time, in order. */
  take(): Batch[];
  lastSeq(): number;
};

export type FramerOptions = {
  readonly writer: string;
  readonly workspace: string;
  readonly clock: Clock;
  readonly rotateBytes: number;
};

export function openFramer({ writer, workspace, clock, rotateBytes }: FramerOptions): Framer {
  const began = clock.mono();
  let seq = 0;
  let mono = 0;
  let sum = noSum;
  // Of the last line that was spelled: after a hole it is not seq.
  let spelledSeq = 0;
  let file = 0;
  let offset = 0;
  let text = '';
  let ready: Batch[] = [];

  function seal(open: string): void {
    const sealed = sealLine(open);
    sum = sealed.sum;
    text += sealed.text;
  }

  function beginFile(): void {
    cut();
    file += 1;
    offset = 0;
    const says = { clew: 'journal', v: journalVersion, writer, file, seq: spelledSeq };
    seal(JSON.stringify({ ...says, at: clock.now(), workspace, prev: sum }).slice(0, -1));
  }

  function cut(): void {
    if (text === '') return;
    const bytes = Buffer.from(text, 'utf8');
    ready.push({ file, offset, bytes, lastSeq: spelledSeq });
    offset += bytes.length;
    text = '';
  }

  function stamp(note: Note): Entry {
    seq += 1;
    mono = Math.max(mono, Math.round((clock.mono() - began) * 1000) / 1000);
    return { writer, seq, at: clock.now(), mono, ...note };
  }

  beginFile();

  return {
    append(note) {
      // First what can throw, so that a note nobody can spell uses up no number.
      const event = JSON.stringify(note.event);
      const session =
        note.session === undefined ? '' : `,"session":${JSON.stringify(note.session)}`;
      const entry = stamp(note);
      if (offset + text.length >= rotateBytes) beginFile();
      seal(
        `{"seq":${entry.seq},"at":${entry.at},"mono":${mono}${session},"event":${event},"prev":"${sum}"`,
      );
      spelledSeq = entry.seq;
      return entry;
    },
    skip: stamp,
    size: () => text.length,
    take() {
      cut();
      const batches = ready;
      ready = [];
      return batches;
    },
    lastSeq: () => seq,
  };
}
