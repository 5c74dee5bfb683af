/** Small made-up conversations for what no recording shows: what is said in turn, and what must come of it. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Conversation } from '../../src/acp/conversation.ts';
import type { Note } from '../../src/journal/entry.ts';
import { checkNotes, lineOf, openTestConversation } from './conversation-under-test.ts';

/** One line of a case: something that happens, or what must have come of all since the last such line. */
type Line = {
  about?: string;
  known?: Record<string, string>;
  t?: number;
  editor?: unknown;
  agent?: unknown;
  editorText?: string;
  agentText?: string;
  flush?: number;
  close?: number;
  notes?: readonly Note[];
  pending?: unknown;
};

const folder = new URL('made/', import.meta.url);
const names = readdirSync(folder).map((it) => it.replace('.ndjson', ''));
const updates = process.env.CLEW_UPDATE_GOLDEN === '1';

describe('made-up conversations', () => {
  test.each(names)('%s', (name) => {
    const file = new URL(`${name}.ndjson`, folder);
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((it) => JSON.parse(it) as Line);
    const conversation = openTestConversation(lines.find((it) => it.known)?.known);
    const seen: Line[] = [];
    let notes: Note[] = [];
    for (const line of lines) {
      if (line.notes !== undefined) {
        checkNotes(notes);
        seen.push({ notes });
        notes = [];
      } else {
        notes.push(...happen(conversation, line));
        seen.push(line.pending === undefined ? line : { pending: pendingOf(conversation) });
      }
    }
    // Through JSON, as the journal will have them: what is undefined is not there.
    const found = seen.map((it) => JSON.stringify(it));
    if (updates) writeFileSync(file, `${found.join('\n')}\n`);
    expect(found.map((it) => JSON.parse(it))).toEqual(
      updates ? found.map((it) => JSON.parse(it)) : lines,
    );
    expect(notes, 'the last line must be of notes').toEqual([]);
  });
});

function happen(conversation: Conversation, line: Line): readonly Note[] {
  const { t = 0 } = line;
  if (line.editor !== undefined)
    return conversation.read(lineOf('editor', JSON.stringify(line.editor), t));
  if (line.agent !== undefined)
    return conversation.read(lineOf('agent', JSON.stringify(line.agent), t));
  if (line.editorText !== undefined) return conversation.read(lineOf('editor', line.editorText, t));
  if (line.agentText !== undefined) return conversation.read(lineOf('agent', line.agentText, t));
  if (line.flush !== undefined) return conversation.flush(line.flush);
  if (line.close !== undefined) return conversation.close(line.close);
  return [];
}

function pendingOf(conversation: Conversation): unknown {
  return { editor: conversation.pending('editor'), agent: conversation.pending('agent') };
}
