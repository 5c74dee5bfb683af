/** Answers that are held for a judgement, and what becomes of lines that wait for a person. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Gate } from '../../src/proxy/gates.ts';
import { openQuestions } from '../../src/proxy/open-questions.ts';
import { openPassage, type Watch } from '../../src/proxy/passage.ts';
import type { GateVerdict } from '../../src/wire/notes.ts';
import { sizeOf } from '../soak.ts';

function openRig(judge: (gate: Gate, line: string) => GateVerdict = () => ({ kind: 'absorb' })) {
  const toAgent: string[] = [];
  const injected: string[] = [];
  const asked: string[] = [];
  const passage = openPassage(
    {
      send: (bytes) => toAgent.push(bytes.toString()) > 0,
      note: () => undefined,
      ask(gate, line, settle) {
        asked.push(`${gate.judge} ${line.toString().trimEnd()}`);
        settle(judge(gate, line.toString()));
      },
      reply: () => undefined,
      pause: () => undefined,
    },
    1 << 20,
  );
  const questions = openQuestions({
    watches: passage.watches as Set<Watch>,
    inject: (to, line) => void injected.push(`${to} ${line.toString().trimEnd()}`),
  });
  const hear = (text: string) => passage.feed(Buffer.from(text));
  return { questions, passage, hear, toAgent, injected, asked };
}

const ask: GateVerdict = { kind: 'ask', id: 'clew:1', line: Buffer.from('the question\n') };
const line = (text: string) => Buffer.from(`${text}\n`);

it('a question goes to the editor, and its answer to nobody else', () => {
  const { questions, hear, toAgent, injected, asked } = openRig();
  questions.follow(ask, 'agent', line('the write'));
  expect(injected).toEqual(['editor the question']);
  const other = '{"jsonrpc":"2.0","id":1,"result":{"id":"clew:1"}}\n';
  hear(other);
  hear('{"jsonrpc":"2.0","id":"clew:1",');
  hear('"result":{}}\n');
  expect(toAgent.join('')).toBe(other);
  expect(asked).toEqual(['question {"jsonrpc":"2.0","id":"clew:1","result":{}}']);
});

it.each([
  '{"result":{"id":7},"id":"clew:1","jsonrpc":"2.0"}',
  '{ "jsonrpc" : "2.0" , "id" : "clew:1" , "result" : null }',
  '{"id":"clew\\u003a1","jsonrpc":"2.0","result":1}',
])('however it is written: %s', (answer) => {
  const { questions, hear, toAgent } = openRig();
  questions.follow(ask, 'agent', line('the write'));
  hear(`${answer}\n`);
  expect(toAgent).toEqual([]);
});

it('an answer that is waited for is judged once, and the next of that id is not', () => {
  const { questions, hear, toAgent, asked } = openRig(() => ({
    kind: 'replace',
    line: line('no'),
  }));
  questions.follow({ kind: 'pass', awaits: '0' }, 'agent', line('may I?'));
  hear('{"jsonrpc":"2.0","id":0,"result":"yes"}\n{"jsonrpc":"2.0","id":0,"result":"again"}\n');
  expect(asked).toHaveLength(1);
  expect(toAgent).toEqual(['no\n', '{"jsonrpc":"2.0","id":0,"result":"again"}\n']);
});

it('what waits goes on where it was going when nobody is left to settle it, and only then', () => {
  const { questions, injected } = openRig();
  questions.follow(ask, 'agent', line('the write'));
  questions.follow({ ...ask, id: 'clew:2' }, 'editor', line('the yes'));
  questions.follow({ ...ask, id: 'clew:3' }, 'agent', line('settled'));
  questions.settle('clew:3');
  questions.letGo();
  expect(injected.slice(3)).toEqual(['editor the write', 'agent the yes']);
});

it('of all ids in both directions only the answer to ours stays here (fault 23)', () => {
  const id = fc.oneof(
    fc.constantFrom('clew:1', 'clew:', 'clew:11', 'CLEW:1', 'clew:1 ', 1, 0, -1, 1.5, null),
    fc.string(),
    fc.integer(),
  );
  const part = fc.oneof(fc.constant({}), fc.record({ id }), fc.constant('"id":"clew:1"'));
  const other = fc.record({ id, method: fc.constant('_x/ask'), params: part });
  const answer = fc.record({ id: id.filter((it) => it !== 'clew:1'), result: part });
  const pieces = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });
  const message = fc.oneof(other, answer);
  fc.assert(
    fc.property(fc.array(message), fc.nat(), pieces, (messages, at, sizes) => {
      const { questions, hear, toAgent, asked } = openRig();
      questions.follow(ask, 'agent', line('the write'));
      const ours = JSON.stringify({ jsonrpc: '2.0', id: 'clew:1', result: {} });
      const lines = messages.map((it) => JSON.stringify({ jsonrpc: '2.0', ...it }));
      const place = at % (lines.length + 1);
      let text = [...lines.slice(0, place), ours, ...lines.slice(place), ''].join('\n');
      for (let turn = 0; text !== ''; turn += 1) {
        const size = sizes[turn % sizes.length] ?? 1;
        hear(text.slice(0, size));
        text = text.slice(size);
      }
      expect(toAgent.join('')).toBe(lines.map((it) => `${it}\n`).join(''));
      expect(asked).toEqual([`question ${ours}`]);
    }),
    { numRuns: sizeOf(100, 20_000) },
  );
});

it('while nothing is asked, answers go by unread', () => {
  const { hear, asked, toAgent, passage } = openRig();
  hear('{"jsonrpc":"2.0","id":"clew:1","result":{}}\n');
  expect([asked.length, toAgent.length, passage.watches.size]).toEqual([0, 1, 0]);
});
