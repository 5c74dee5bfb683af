/** Rewinding conversations of several makes: what goes, what is cleaned, and what is left alone. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageRewindManager } from '../../src/embed/message-rewind-manager.ts';
import { rewindMessages } from '../../src/undo/rewind-messages.ts';

const user = (content: unknown) => ({ role: 'user', content });
const summary = { role: 'system', content: '[Conversation Summary]\nearlier' };
/** As the only message, rewound to. */
const clean = (message: unknown) => rewindMessages([message], 0);

describe('what goes', () => {
  const all = ['a', 'b', 'c', 'd'].map(user);

  it('is everything behind the index', () => {
    const rewound = new MessageRewindManager().rewindToIndex(all, 1);
    expect(rewound).toEqual({
      messages: all.slice(0, 2),
      removedCount: 2,
      removedSummaries: 0,
      removedTruncationMarkers: 0,
    });
  });

  it('is the target too when it is included', () => {
    expect(rewindMessages(all, 1, { includeTarget: true })).toMatchObject({
      messages: all.slice(0, 1),
      removedCount: 3,
    });
    expect(rewindMessages(all, 0, { includeTarget: true })).toMatchObject({ messages: [] });
  });

  it('is nothing behind the last one', () => {
    expect(rewindMessages(all, 3)).toMatchObject({ messages: all, removedCount: 0 });
  });

  it('are summaries among what is left, counted apart from what was cut', () => {
    const parts = { role: 'system', content: [{ type: 'text', text: '[Conversation Summary] x' }] };
    const rewound = rewindMessages([user('a'), summary, parts, user('b'), summary, user('c')], 3);
    expect(rewound).toMatchObject({
      messages: [user('a'), user('b')],
      removedCount: 2,
      removedSummaries: 2,
    });
  });

  it('are no other messages that look alike', () => {
    const others = [
      user('[Conversation Summary] said a person'),
      { role: 'system', content: 'about [Conversation Summary]' },
      { role: 'system', content: '[conversation summary]' },
      { role: 'system' },
    ];
    expect(rewindMessages(others, 3)).toMatchObject({ messages: others, removedSummaries: 0 });
  });

  it('is only what follows when cleaning up is skipped', () => {
    const marked = user('x\n[truncated]');
    expect(rewindMessages([summary, marked, user('z')], 1, { skipCleanup: true })).toEqual({
      messages: [summary, marked],
      removedCount: 1,
      removedSummaries: 0,
      removedTruncationMarkers: 0,
    });
  });
});

describe('lines with truncation markers go', () => {
  const lines = 'one\n  [Content truncated: 12 lines]\ntwo … [truncated]\nthree';
  const left = 'one\nthree';
  const cases: Record<string, (text: string) => unknown> = {
    'in a text': (text) => user(text),
    'in parts': (text) => user([{ type: 'text', text }, text]),
    'in a tool result among parts': (text) =>
      user([{ type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text }] }]),
    'in a tool result that is a text': (text) =>
      user([{ type: 'tool_result', tool_use_id: 't', content: text }]),
    'in the message of a tool': (text) => ({ role: 'tool', tool_call_id: 't', content: text }),
    'deep in what a tool put out': (text) => ({
      role: 'tool',
      content: [
        { type: 'tool-result', toolCallId: 't', output: { type: 'json', value: { text } } },
      ],
    }),
    'in results beside the content': (text) => ({
      role: 'assistant',
      content: 'ran it',
      toolResults: [{ callId: 't', result: { stdout: text, files: [text] } }],
    }),
    'in an invocation with its result': (text) => ({
      role: 'assistant',
      parts: [{ type: 'tool-invocation', toolInvocation: { args: {}, result: text } }],
    }),
    'in an output item': (text) => ({ type: 'function_call_output', call_id: 't', output: text }),
  };
  it.each(Object.entries(cases))('%s', (_, make) => {
    const given = make(lines);
    const before = structuredClone(given);
    const rewound = clean(given);
    expect(rewound.messages).toEqual([make(left)]);
    const places = JSON.stringify(given).split('[Content truncated').length - 1;
    expect(rewound.removedTruncationMarkers).toBe(2 * places);
    expect(given).toEqual(before);
  });

  it('keeps the line ends of the others, and the message that has no line left', () => {
    expect(clean(user('a\r\n[truncated]\r\nb\r\n')).messages).toEqual([user('a\r\nb\r\n')]);
    expect(clean({ role: 'tool', tool_call_id: 't', content: '[truncated]' }).messages).toEqual([
      { role: 'tool', tool_call_id: 't', content: '' },
    ]);
  });

  it('but never in what a tool was called with, nor in thoughts that are signed', () => {
    const content = [
      { type: 'tool_use', id: 't', name: 'write', input: { content: 'a\n[truncated]' } },
      { type: 'thinking', thinking: 'a\n[truncated]', signature: 's' },
    ];
    const tool_calls = [{ type: 'function', function: { arguments: '"[truncated]"' } }];
    const message = { role: 'assistant', content, tool_calls };
    const rewound = clean(message);
    expect(rewound.messages[0]).toBe(message);
    expect(rewound.removedTruncationMarkers).toBe(0);
  });

  it('and what is no plain data is passed on as it is', () => {
    const at = new Date(0);
    const bytes = new Uint8Array([1]);
    const message = { role: 'tool', content: [{ output: { at, bytes, text: '[truncated]' } }] };
    expect(clean(message).messages).toEqual([
      { role: 'tool', content: [{ output: { at, bytes, text: '' } }] },
    ]);
  });
});

const text = fc.oneof(
  fc.string(),
  fc
    .array(fc.constantFrom('[truncated]', 'a', '[Content truncated, 3', '[Conversation Summary]'))
    .map((lines) => lines.join('\n')),
);
const message = fc.record({
  role: fc.constantFrom('user', 'assistant', 'system', 'tool'),
  content: fc.oneof(text, fc.array(fc.record({ type: fc.constant('text'), text }))),
});

it('rewinding again to the end changes nothing more, nothing is lost uncounted, nothing is changed in place', () => {
  const property = fc.property(
    fc.array(message, { minLength: 1, maxLength: 8 }),
    fc.nat(),
    fc.boolean(),
    (messages, seed, includeTarget) => {
      const before = structuredClone(messages);
      const index = seed % messages.length;
      const once = rewindMessages(messages, index, { includeTarget });
      expect(messages).toEqual(before);
      expect(once.messages.length + once.removedCount + once.removedSummaries).toBe(
        messages.length,
      );
      expect(JSON.stringify(once.messages)).not.toMatch(/\[truncated\]|\[Content truncated/);
      if (once.messages.length === 0) return;
      const twice = rewindMessages(once.messages, once.messages.length - 1);
      expect(twice.removedCount + twice.removedSummaries + twice.removedTruncationMarkers).toBe(0);
      expect(twice.messages).toEqual(once.messages);
    },
  );
  fc.assert(property);
});

describe('what cannot be meant is refused', () => {
  it.each([-1, 2, 0.5, Number.NaN, '0' as unknown as number])('index %s', (index) => {
    expect(() => rewindMessages([user('a'), user('b')], index)).toThrow(
      expect.objectContaining({ code: 'invalid-params', data: expect.objectContaining({ index }) }),
    );
  });
  it('any index into an empty list', () => {
    expect(() => rewindMessages([], 0)).toThrow('there is no message 0 (there are none)');
  });
  it.each([undefined, null, {}, 'a'])('no list: %s', (list) => {
    expect(() => rewindMessages(list as unknown as unknown[], 0)).toThrow(
      expect.objectContaining({ code: 'invalid-params', message: 'messages is no list' }),
    );
  });
});
