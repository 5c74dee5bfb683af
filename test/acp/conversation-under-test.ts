/** Opens a conversation with real hashes and counted ids, and checks every note against its event's schema. */
import { createHash } from 'node:crypto';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import { readSchemas } from '../../schemas/read-schemas.ts';
import { type Conversation, openConversation } from '../../src/acp/conversation.ts';
import { findReads } from '../../src/agents/shell/find-reads.ts';
import type { Note } from '../../src/journal/entry.ts';

export function openTestConversation(known: Record<string, string> = {}): Conversation {
  let minted = 0;
  return openConversation({
    mint: () => {
      minted += 1;
      return `#${minted}`;
    },
    knownSession: (agentSession) => new Map(Object.entries(known)).get(agentSession),
    blobOf: (text) =>
      createHash('sha1')
        .update(`blob ${Buffer.byteLength(text)}\0`)
        .update(text)
        .digest('hex'),
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    sizeOf: (text) => Buffer.byteLength(text),
    readsOf: findReads,
  });
}

export function lineOf(from: 'editor' | 'agent', text: string, mono: number) {
  return { from, text, bytes: Buffer.byteLength(text) + 1, mono };
}

const ajv = new Ajv2020({ allErrors: false, strict: false });
// `part/x` is meant from the root, not from beside the schema that says it.
for (const schema of readSchemas()) ajv.addSchema(fromRoot(schema));

function fromRoot(schema: object): object {
  return JSON.parse(JSON.stringify(schema), (key, value) => {
    const isName = key === '$id' || (key === '$ref' && !value.startsWith('#'));
    return isName ? `/${value}` : value;
  });
}

/** Fails with the first note that is not what its schema says; a journal with such a line would be damaged. */
export function checkNotes(notes: readonly Note[]): void {
  for (const note of notes) {
    const validate = ajv.getSchema(`/event/${note.event.type}`);
    if (validate === undefined) throw new Error(`no schema for ${note.event.type}`);
    if (!validate(note.event)) {
      expect.fail(`${JSON.stringify(note)}: ${ajv.errorsText(validate.errors)}`);
    }
  }
}
