/** Laws of the room, whatever goes over the wire: nothing throws, what begins ends once, the same lines say the same. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Line, Side } from '../../src/acp/conversation.ts';
import type { Note } from '../../src/journal/entry.ts';
import { longestMs, sizeOf } from '../soak.ts';
import { checkNotes, lineOf, openTestConversation } from './conversation-under-test.ts';

const folder = new URL('cases/', import.meta.url);
const recordings = readdirSync(folder)
  .filter((it) => it.endsWith('.jsonl'))
  .map((name) => readRecording(readFileSync(new URL(name, folder), 'utf8')));

function readRecording(text: string): Line[] {
  return text.split('\n').flatMap((line) => {
    if (line === '') return [];
    const { dir, t, raw } = JSON.parse(line) as { dir: string; t: number; raw?: string };
    return raw === undefined ? [] : [lineOf(dir === 'c2a' ? 'editor' : 'agent', raw, t)];
  });
}

type Happening = Line | { readonly flush: number };

function hear(happenings: readonly Happening[]): Note[] {
  const conversation = openTestConversation();
  const notes: Note[] = [];
  let mono = 0;
  for (const it of happenings) {
    mono = 'flush' in it ? it.flush : it.mono;
    notes.push(...('flush' in it ? conversation.flush(mono) : conversation.read(it)));
  }
  for (const side of ['editor', 'agent'] as const) conversation.pending(side);
  notes.push(...conversation.close(mono + 1));
  return notes;
}

/** Steps and turns begin once and end once, and are not spoken of before; parts are counted without a gap. */
function checkLaws(notes: readonly Note[]): void {
  checkNotes(notes);
  const seen = { sessions: new Set<string>(), begun: new Set<string>(), open: new Set<string>() };
  const parts = new Map<string, number>();
  for (const { session, event } of notes) {
    if (event.type === 'session-opened') seen.sessions.add(session ?? '');
    let holds = (session === undefined || seen.sessions.has(session)) && isLawful(seen, event);
    if (event.type === 'message-said') {
      holds &&= event.part === (parts.get(event.step) ?? 0);
      parts.set(event.step, event.part + 1);
    }
    if (!holds) expect.fail(`against the law: ${JSON.stringify(event)}`);
  }
  expect([...seen.open]).toEqual([]);
}

type Seen = { readonly begun: Set<string>; readonly open: Set<string> };

function isLawful({ begun, open }: Seen, event: Note['event']): boolean {
  const id = idOf(event);
  if (event.type === 'turn-started' || event.type === 'step-started') {
    const isNew = !begun.has(id) && (event.type === 'turn-started' || begun.has(event.turn));
    begun.add(id);
    open.add(id);
    return isNew;
  }
  if (event.type === 'turn-ended' || event.type === 'step-ended') return open.delete(id);
  if (event.type === 'message-said') return open.has(id);
  return (event.type !== 'files-claimed' && event.type !== 'step-changed') || begun.has(id);
}

function idOf(event: Note['event']): string {
  if ('step' in event && event.step !== undefined) return event.step;
  return 'turn' in event && event.turn !== undefined ? event.turn : '';
}

const side = fc.constantFrom<Side>('editor', 'agent');
const session = fc.constantFrom('S', 'T', '__proto__');
const id = fc.oneof(fc.constantFrom<unknown>(0, 1, 2, 'a', null, 2 ** 53, 1.5), fc.json());
const call = fc.constantFrom('c1', 'c2', 'c3', 'constructor');
const text = fc.oneof(
  fc.constantFrom('go', 'a b\n', '-----BEGIN X KEY-----\n', 'x'.repeat(20_000)),
  fc.string(),
);
const status = fc.constantFrom<unknown>(
  'pending',
  'in_progress',
  'completed',
  'failed',
  'cancelled',
  null,
  3,
);
const content = fc.oneof(
  fc.record({ type: fc.constant('text'), text }),
  fc.record({
    type: fc.constantFrom('image', 'diff', 'terminal', 'content'),
    path: text,
    newText: text,
  }),
  fc.anything({ maxDepth: 2 }),
);
const patch = text.map((it) => `diff --git a/x b/y\n--- a/x\n+++ b/y\n@@ -1,9 +1,2 @@\n-${it}\n`);
const blocks = fc.oneof(
  fc.array(
    fc.oneof(
      content,
      content.map((it) => ({ type: 'content', content: it })),
      patch.map((it) => ({
        type: 'diff',
        changes: [{ operation: 'modify', path: '/w/y' }],
        patch: { format: 'git_patch', text: it },
      })),
    ),
    { maxLength: 3 },
  ),
  fc.anything({ maxDepth: 1 }),
);
const kinds =
  'user_message_chunk agent_message_chunk agent_thought_chunk tool_call tool_call_update tool_call_content_chunk plan plan_update plan_removed state_update terminal_update terminal_output_chunk usage_update session_info_update current_mode_update config_option_update available_commands_update notice agent_message user_message subagent_update compaction_update __proto__'.split(
    ' ',
  );
const update = fc.record(
  {
    sessionUpdate: fc.constantFrom(...kinds),
    messageId: fc.constantFrom('m1', 'm2', ''),
    content: fc.oneof(content, blocks),
    toolCallId: call,
    terminalId: fc.constantFrom('t1', 't2'),
    status,
    state: fc.constantFrom('idle', 'running', 'odd'),
    stopReason: fc.constantFrom<unknown>('end_turn', null, 4),
    title: text,
    kind: fc.constantFrom<unknown>('edit', 'read', 'execute', 7),
    locations: fc.anything({ maxDepth: 2 }),
    rawInput: fc.anything({ maxDepth: 2 }),
    rawOutput: fc.oneof(text, fc.record({ output: text, exit_code: fc.integer() }), fc.anything()),
    data: fc.base64String(),
    exitStatus: fc.constantFrom<unknown>({ exitCode: 0 }, { signal: 'SIGTERM' }, {}, null),
    sessionId: session,
    plan: fc.anything({ maxDepth: 2 }),
    _meta: fc.oneof(
      fc.record({ terminal_output_delta: fc.record({ data: text }) }),
      fc.anything({ maxDepth: 3 }),
    ),
  },
  { requiredKeys: ['sessionUpdate'] },
);
const asks =
  'initialize session/new session/load session/resume session/fork session/close session/delete session/list session/set_mode session/set_config_option session/prompt session/request_permission fs/read_text_file fs/write_text_file terminal/create terminal/output terminal/release terminal/kill elicitation/create tool_call/cancel authenticate _other constructor'.split(
    ' ',
  );
const params = fc.record(
  {
    sessionId: session,
    prompt: fc.oneof(blocks, fc.array(content)),
    toolCall: fc.record({ toolCallId: call, status, kind: fc.constant('edit'), content: blocks }),
    options: fc.constant([
      { optionId: 'y', name: 'Y', kind: 'allow_once' },
      { optionId: 'n', name: 'N', kind: 'reject_once' },
    ]),
    path: text,
    content: text,
    terminalId: fc.constantFrom('t1', 't2'),
    toolCallId: call,
    requestId: id,
    message: text,
  },
  { requiredKeys: [] },
);
const result = fc.oneof(
  fc.record(
    {
      sessionId: session,
      stopReason: fc.constantFrom('end_turn', 'cancelled'),
      messageId: fc.constantFrom('m1', 'm2'),
      outcome: fc.constantFrom(
        { outcome: 'selected', optionId: 'y' },
        { outcome: 'selected', optionId: 'n' },
        { outcome: 'cancelled' },
      ),
      terminalId: fc.constantFrom('t1', 't2'),
      content: text,
      output: text,
      protocolVersion: fc.constantFrom(1, 2),
      action: fc.constantFrom('accept', 'decline'),
    },
    { requiredKeys: [] },
  ),
  fc.anything(),
);
const message = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(session, update)
      .map(
        ([sessionId, it]) =>
          [
            'agent' as Side,
            { method: 'session/update', params: { sessionId, update: it } },
          ] as const,
      ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(side, fc.record({ id, method: fc.constantFrom(...asks), params })),
  },
  { weight: 4, arbitrary: fc.tuple(side, fc.record({ id, result })) },
  { weight: 1, arbitrary: fc.tuple(side, fc.record({ id, error: fc.anything() })) },
  {
    weight: 1,
    arbitrary: fc.tuple(
      side,
      fc.record({ method: fc.constantFrom('session/cancel', '$/cancel_request', 'x'), params }),
    ),
  },
  { weight: 1, arbitrary: fc.tuple(side, fc.anything()) },
);
const textLine = fc.oneof(
  { weight: 9, arbitrary: message.map(([from, it]) => [from, JSON.stringify(it) ?? ''] as const) },
  { weight: 1, arbitrary: fc.tuple(side, fc.oneof(fc.string(), fc.json())) },
);
const conversation = fc
  .array(fc.tuple(textLine, fc.integer({ min: 0, max: 3000 }), fc.boolean()), { maxLength: 40 })
  .map((steps) => {
    let mono = 0;
    return steps.flatMap(([[from, it], pause, flushes]): Happening[] => {
      mono += pause;
      return flushes && pause > 2000
        ? [{ flush: mono }, lineOf(from, it, mono)]
        : [lineOf(from, it, mono)];
    });
  });

const runs = sizeOf(600, 20_000);

describe('laws', { timeout: longestMs }, () => {
  test('arbitrary conversations', () => {
    fc.assert(
      fc.property(conversation, (it) => checkLaws(hear(it))),
      { numRuns: runs },
    );
  });

  test('recordings, with lines left out, doubled, moved, cut and altered', () => {
    const alteration = fc.record({
      what: fc.constantFrom('drop', 'double', 'swap', 'cut', 'splice', 'turn'),
      at: fc.nat(),
      to: fc.nat(),
      by: fc.string({ maxLength: 5 }),
    });
    const altered = fc
      .tuple(fc.constantFrom(...recordings), fc.array(alteration, { minLength: 1, maxLength: 6 }))
      .map(([lines, alterations]) => alterations.reduce(alter, lines));
    fc.assert(
      fc.property(altered, (it) => checkLaws(hear(it))),
      { numRuns: runs / 4 },
    );
  });

  test('the same lines say the same', () => {
    fc.assert(
      fc.property(conversation, (it) => {
        expect(JSON.stringify(hear(it))).toBe(JSON.stringify(hear(it)));
      }),
      { numRuns: runs / 4 },
    );
  });

  test('the parts of a message joined are the message, and no line of a key is in another part', () => {
    const key = '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nAQABAo\n-----END RSA PRIVATE KEY-----\n';
    const piece = fc.oneof(
      fc.constant(key),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 400 }),
      fc.constantFrom('\n', ' ', 'word '),
    );
    const cuts = fc.array(fc.nat(), { maxLength: 30 });
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 200 }), cuts, (pieces, at) => {
        const whole = pieces.join('').repeat(3);
        const parts = partsOf(whole, at);
        expect(parts.join('')).toBe(whole);
        for (const part of parts)
          expect(part.split('BEGIN RSA').length).toBe(part.split('END RSA').length);
      }),
      { numRuns: 200 },
    );
  });

  test('neither depth nor number is a danger', () => {
    for (const depth of [10_000, 200_000]) {
      const deep = `{"method":"x","params":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}`;
      const [note, ...others] = hear([lineOf('agent', deep, 0)]);
      expect(others).toEqual([]);
      expect(note?.event).toMatchObject({
        type: 'line-kept-opaque',
        why: 'too-deep',
        bytes: deep.length + 1,
      });
    }
    const many = `{"method":"x","params":{"a":[0${',0'.repeat(500_000)}]}}`;
    expect(hear([lineOf('agent', many, 0)])[0]?.event).toMatchObject({ why: 'too-many' });
    const text = `{"method":"x","params":{"a":"${',0'.repeat(500_000)}"}}`;
    expect(hear([lineOf('agent', text, 0)])[0]?.event.type).toBe('message-kept');
    const atLimit = `{"method":"x","params":{"a":${'['.repeat(254)}${']'.repeat(254)}}}`;
    expect(hear([lineOf('agent', atLimit, 0)])[0]?.event.type).toBe('message-kept');
    const bracketsInText = JSON.stringify({ method: 'x', params: { a: '[{'.repeat(5000) } });
    expect(hear([lineOf('agent', bracketsInText, 0)])[0]?.event.type).toBe('message-kept');
  });

  test('what is never ended does not pile up', () => {
    const lines: Happening[] = [];
    for (let n = 0; n < 6000; n += 1) {
      const tool = {
        sessionUpdate: 'tool_call',
        toolCallId: `c${n}`,
        status: 'in_progress',
        title: 't',
      };
      lines.push(
        lineOf(
          'agent',
          JSON.stringify({ method: 'session/update', params: { sessionId: 'S', update: tool } }),
          n,
        ),
      );
      lines.push(
        lineOf(
          'editor',
          JSON.stringify({ id: n, method: 'session/prompt', params: { sessionId: `S${n}` } }),
          n,
        ),
      );
    }
    checkLaws(hear(lines));
  });
});

function alter(
  lines: readonly Line[],
  { what, at, to, by }: { what: string; at: number; to: number; by: string },
): Line[] {
  const altered = [...lines];
  const index = at % Math.max(1, lines.length);
  const line = altered[index];
  if (line === undefined) return altered;
  const cut = to % (line.text.length + 1);
  if (what === 'drop') altered.splice(index, 1);
  if (what === 'double') altered.splice(index, 0, line);
  if (what === 'swap') altered.splice(to % lines.length, 0, ...altered.splice(index, 1));
  if (what === 'cut') altered[index] = { ...line, text: line.text.slice(0, cut) };
  if (what === 'splice')
    altered[index] = {
      ...line,
      text: line.text.slice(0, cut) + by + line.text.slice(cut + by.length),
    };
  if (what === 'turn')
    altered[index] = { ...line, from: line.from === 'agent' ? 'editor' : 'agent' };
  return altered;
}

/** Says a text in chunks that are cut at the given places, with a flush after each. */
function partsOf(whole: string, cuts: readonly number[]): string[] {
  const places = [...new Set([0, ...cuts.map((it) => it % (whole.length + 1)), whole.length])].sort(
    (a, b) => a - b,
  );
  const happenings = places.slice(1).flatMap((end, at): Happening[] => {
    const chunk = {
      sessionUpdate: 'agent_message_chunk',
      messageId: 'm',
      content: { type: 'text', text: whole.slice(places[at], end) },
    };
    const message = { method: 'session/update', params: { sessionId: 'S', update: chunk } };
    return [lineOf('agent', JSON.stringify(message), at * 1000), { flush: at * 1000 + 500 }];
  });
  return hear(happenings).flatMap(({ event }) =>
    event.type === 'message-said' ? [event.text] : [],
  );
}
