/** What is shown of a step that is going on: its end, without what may yet turn out to be a secret. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openConversation } from '../../src/acp/conversation.ts';
import { safeLength } from '../../src/acp/cut-text.ts';
import { openRedactor } from '../../src/secrets/redactor.ts';

const redactor = openRedactor({ environment: {} });

function talk() {
  let count = 0;
  const conversation = openConversation({
    mint() {
      count += 1;
      return `id${count}`;
    },
    blobOf: () => '0'.repeat(40),
    sha256: () => '00',
    sizeOf: (text) => text.length,
  });
  let mono = 0;
  const say = (from: 'editor' | 'agent', message: object) => {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    mono += 1;
    return conversation.read({ from, text, bytes: text.length, mono });
  };
  const update = (it: object) =>
    say('agent', { method: 'session/update', params: { sessionId: 's', update: it } });
  const chunk = (text: string, sessionUpdate = 'agent_message_chunk') =>
    update({ sessionUpdate, content: { type: 'text', text } });
  const moved = () => conversation.progress('moved').map(({ text, from }) => ({ text, from }));
  const flush = () => {
    mono += 6000;
    conversation.flush(mono);
  };
  return { conversation, update, chunk, moved, flush };
}

test('a message is told as it grows, up to its last whole word, once for each time it grew', () => {
  const { chunk, moved } = talk();
  chunk('Hello ');
  chunk('there, wor');
  expect(moved()).toEqual([{ text: 'Hello there, ', from: 0 }]);
  expect(moved()).toEqual([]);
  chunk('ld ');
  expect(moved()).toEqual([{ text: 'Hello there, world ', from: 0 }]);
});

test('what was given out stays in sight, and of a long one the end', () => {
  const { chunk, moved, flush } = talk();
  chunk('One line.\n');
  flush();
  chunk('Another ');
  expect(moved()).toEqual([{ text: 'One line.\nAnother ', from: 0 }]);
  const line = `${'word '.repeat(100)}\n`;
  for (let n = 0; n < 60; n += 1) {
    chunk(line);
    flush();
  }
  const [told] = moved();
  expect(told?.text.endsWith(line)).toBe(true);
  expect(told?.text.length).toBeLessThan(9_000);
  expect((told?.from ?? 0) + (told?.text.length ?? 0)).toBe(18 + 60 * line.length);
});

test('a step that has ended is told no more', () => {
  const { conversation, chunk, update, moved } = talk();
  chunk('thinking it ', 'agent_thought_chunk');
  update({ sessionUpdate: 'tool_call', toolCallId: 'c', title: 'x', status: 'in_progress' });
  expect(moved()).toEqual([]);
  expect(conversation.progress('all')).toEqual([]);
});

const printed = (text: string) => ({ type: 'content', content: { type: 'text', text } });

test('what a command prints is told, and what is in files is not', () => {
  const { update, moved } = talk();
  const call = { sessionUpdate: 'tool_call', title: 'x', status: 'in_progress' };
  update({ ...call, toolCallId: 'c1', kind: 'execute', content: [printed('line 1\nline 2\n')] });
  expect(moved()).toEqual([{ text: 'line 1\nline 2\n', from: 0 }]);
  update({ ...call, toolCallId: 'c2', kind: 'read', content: [printed('what a file says ')] });
  expect(moved()).toEqual([]);
  const many = 'a line of output\n'.repeat(2_000);
  update({
    ...call,
    sessionUpdate: 'tool_call_update',
    toolCallId: 'c1',
    content: [printed(many)],
  });
  const [told] = moved();
  expect(told?.text.startsWith('a line of output\n')).toBe(true);
  expect((told?.from ?? 0) + (told?.text.length ?? 0)).toBe(many.length);
  const key = `${'QUJD'.repeat(16)}\n`.repeat(200);
  const cut = `${key}-----END PRIVATE KEY-----\nafter it `;
  update({ ...call, sessionUpdate: 'tool_call_update', toolCallId: 'c1', content: [printed(cut)] });
  expect(moved().map((it) => it.text)).toEqual(['after it ']);
});

const secrets = [
  'sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOP',
  'ghp_abcdefghijklmnopqrstuvwxyz0123456789',
  'AKIAIOSFODNN7EXAMPLE',
  'DB_PASSWORD=Zk3vT9pQ2xL8wRt5',
];

test('however a secret comes in pieces, nothing that is told has a beginning of it', () => {
  fc.assert(
    fc.property(fc.constantFrom(...secrets), fc.array(fc.nat(12)), (secret, sizes) => {
      const { chunk, moved } = talk();
      const whole = `Use this: ${secret} and go on. `;
      const bare = secret.replace('DB_PASSWORD=', '');
      let rest = whole;
      for (const size of [...sizes.map((it) => it + 1), whole.length]) {
        if (rest === '') break;
        chunk(rest.slice(0, size));
        rest = rest.slice(size);
        for (const { text } of moved()) expect(redactor.text(text)).not.toContain(bare.slice(0, 6));
      }
    }),
    { numRuns: 300 },
  );
});

test('scripts that have no spaces are told sign by sign', () => {
  expect(safeLength('これを直')).toBe(4);
  expect(safeLength('これを直 abc')).toBe(5);
  expect(safeLength('token: abc')).toBe(0);
});
