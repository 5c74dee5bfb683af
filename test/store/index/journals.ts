/** Writes made-up entries down as journal files, byte for byte as a writer would have. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from '../../../src/journal/entry.ts';
import { journalVersion, noSum, sealLine } from '../../../src/store/journal-line.ts';
import { journalName } from '../../../src/store/journal-names.ts';

/** Goes on where it stopped, so that journals can grow between two looks at them. */
export function openScribe(folder: string, entriesPerFile = Number.MAX_SAFE_INTEGER) {
  mkdirSync(folder, { recursive: true });
  const pending: [path: string, text: string][] = [];
  const places = new Map<string, { file: number; inFile: number; seq: number; sum: string }>();

  function write(entry: Entry): void {
    const { writer, seq, at, mono, session, event } = entry;
    const place = places.get(writer) ?? { file: 0, inFile: 0, seq: 0, sum: noSum };
    let text = '';
    const seal = (open: string) => {
      const sealed = sealLine(open);
      place.sum = sealed.sum;
      text += sealed.text;
    };
    if (place.file === 0 || place.inFile === entriesPerFile) {
      place.file += 1;
      place.inFile = 0;
      const says = { clew: 'journal', v: journalVersion, writer, file: place.file, seq: place.seq };
      seal(JSON.stringify({ ...says, at, workspace: 'w', prev: place.sum }).slice(0, -1));
    }
    const envelope = { seq, at, mono, ...(session === undefined ? {} : { session }), event };
    seal(JSON.stringify({ ...envelope, prev: place.sum }).slice(0, -1));
    place.inFile += 1;
    place.seq = seq;
    places.set(writer, place);
    pending.push([join(folder, journalName(writer, place.file)), text]);
  }

  return {
    write(entries: readonly Entry[]) {
      for (const entry of entries) write(entry);
      const texts = new Map<string, string>();
      for (const [path, text] of pending.splice(0)) texts.set(path, (texts.get(path) ?? '') + text);
      for (const [path, text] of texts) appendFileSync(path, text);
    },
  };
}
