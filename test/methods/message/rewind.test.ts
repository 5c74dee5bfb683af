/** message/rewind: the same as in the library, held against its schema. */
import { expect, test } from 'vitest';
import { answer } from '../../../src/methods/table.ts';
import { ask, openAt, recordWorkspace } from '../recorded.ts';

const messages = [
  { role: 'system', content: '[Conversation Summary] of what is gone' },
  { role: 'user', content: 'read it' },
  { role: 'tool', tool_call_id: 't', content: 'one\n[truncated]' },
  { role: 'assistant', content: 'done' },
];

test('message/rewind answers with what is left', async () => {
  const context = openAt(recordWorkspace([]));
  expect(await ask(context, 'message/rewind', { messages, index: 2 })).toEqual({
    messages: [messages[1], { role: 'tool', tool_call_id: 't', content: 'one' }],
    removedCount: 1,
    removedSummaries: 1,
    removedTruncationMarkers: 1,
  });
  const options = { includeTarget: true, skipCleanup: true };
  expect(await ask(context, 'message/rewind', { messages, index: 2, ...options })).toEqual({
    messages: messages.slice(0, 2),
    removedCount: 2,
    removedSummaries: 0,
    removedTruncationMarkers: 0,
  });
});

test.each([
  [{ messages, index: 4 }, 'there is no message 4 (0 to 3)'],
  [{ messages, index: -1 }, 'index must be >= 0'],
  [{ messages: 'all', index: 0 }, 'messages must be array'],
  [{ index: 0 }, 'messages is missing'],
  [{ messages, index: 0, target: true }, 'there is no parameter target'],
])('message/rewind refuses %j', async (params, message) => {
  const context = openAt(recordWorkspace([]));
  await expect(answer(context, 'message/rewind', params)).rejects.toMatchObject({
    code: 'invalid-params',
    message,
  });
});
