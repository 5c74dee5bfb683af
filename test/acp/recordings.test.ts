/** Every recorded conversation of a real agent, against the notes that were found right by reading. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Note } from '../../src/journal/entry.ts';
import { checkNotes, lineOf, openTestConversation } from './conversation-under-test.ts';

type Recorded = { dir: 'c2a' | 'a2c' | 'note' | 'exit'; t: number; raw?: string };

const folder = new URL('cases/', import.meta.url);
const names = readdirSync(folder)
  .filter((it) => it.endsWith('.jsonl'))
  .map((it) => it.slice(0, -'.jsonl'.length));

function hearRecording(name: string): Note[] {
  const conversation = openTestConversation();
  const notes: Note[] = [];
  let last = 0;
  for (const line of readFileSync(new URL(`${name}.jsonl`, folder), 'utf8').split('\n')) {
    if (line === '') continue;
    const { dir, t, raw } = JSON.parse(line) as Recorded;
    last = t;
    if (raw === undefined || (dir !== 'c2a' && dir !== 'a2c')) continue;
    notes.push(...conversation.read(lineOf(dir === 'c2a' ? 'editor' : 'agent', raw, t)));
  }
  notes.push(...conversation.close(last));
  return notes;
}

describe('recordings', () => {
  test('all of them are here', () => {
    expect(names.length).toBe(34);
  });

  test.each(names)('%s', (name) => {
    const notes = hearRecording(name);
    checkNotes(notes);
    const told = `${notes.map((it) => JSON.stringify(it)).join('\n')}\n`;
    const golden = new URL(`${name}.golden.ndjson`, folder);
    if (process.env.CLEW_UPDATE_GOLDEN === '1' || !existsSync(golden)) writeFileSync(golden, told);
    expect(told.split('\n')).toEqual(readFileSync(golden, 'utf8').split('\n'));
  });
});
