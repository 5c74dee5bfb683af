/** However the bytes are cut on their way in, they come out the same. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { longestMs, seed, sizeOf } from '../soak.ts';
import { opening, say, sayUpdate, scriptOf, vectors } from './hostile-frames.ts';
import type { Script, Side, Step } from './peers/play.mjs';
import { checkThrough } from './play-script.ts';
import { readRecording, recordings } from './recordings.ts';
import { clew } from './stage.ts';

const numRuns = sizeOf(12, 300);

function cutAll(script: Script, cutsOf: (bytes: Buffer) => number[]): Script {
  return { ...script, steps: script.steps.map((step) => ({ ...step, cuts: cutsOf(step.bytes) })) };
}

/** All that a side says in one piece, without waiting for the other. */
function merge(script: Script): Script {
  const all = (side: Side): Step => ({
    from: side,
    bytes: Buffer.concat(
      script.steps.filter((step) => step.from === side).map((step) => step.bytes),
    ),
  });
  return { steps: [all('editor'), all('agent')] };
}

/** A cut inside every character of more than one byte, and after every backslash. */
function cutInside(bytes: Buffer): number[] {
  const cuts: number[] = [];
  let last = 0;
  for (let i = 1; i < bytes.length && cuts.length < 2_000; i += 1) {
    const isInside = ((bytes[i] ?? 0) & 0xc0) === 0x80 || bytes[i - 1] === 0x5c;
    if (!isInside) continue;
    cuts.push(i - last);
    last = i;
  }
  return cuts;
}

describe.concurrent('fixed cuts', () => {
  const short = readRecording('gemini-cli-shell-edit.jsonl');
  const many = { steps: recordings.slice(0, 8).flatMap((name) => [...readRecording(name).steps]) };

  test('one byte at a time', async () => {
    const ones = cutAll(short, (bytes) => Array.from(bytes, () => 1));
    expect(await checkThrough(ones, clew)).toEqual([]);
  });
  test('inside characters and escapes', async () => {
    const text = 'é ü 漢字 😀 \\ " \n \u2028 \u0000 '.repeat(60);
    const steps = [sayUpdate(text), say('editor', { method: '_x/note', params: { text } })];
    const hostile = scriptOf(vectors.filter((vector) => vector.fault === 19));
    expect(await checkThrough(cutAll({ steps }, cutInside), clew)).toEqual([]);
    expect(await checkThrough(cutAll(hostile, cutInside), clew)).toEqual([]);
  });
  test('before, at and after every newline', async () => {
    const lines = merge(readRecording('opencode-perm-reject.jsonl'));
    const around = (bytes: Buffer) => {
      const cuts: number[] = [];
      let last = 0;
      for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) {
        cuts.push(at - last, 1);
        last = at + 1;
      }
      return cuts;
    };
    expect(await checkThrough(cutAll(lines, around), clew)).toEqual([]);
  });
  test.each(['\n', ''])('last words that wait at a gate, ending in %j', async (end) => {
    const prompt = say('editor', { id: 9, method: 'session/prompt', params: { sessionId: 's' } });
    const params = { sessionId: 's', path: '/nowhere/a.txt', content: 'a' };
    const write = say('agent', { id: 9, method: 'fs/write_text_file', params });
    const last = ({ bytes }: Step) => Buffer.concat([bytes.subarray(0, -1), Buffer.from(end)]);
    const tails = { editor: last(prompt), agent: last(write) };
    expect(await checkThrough({ steps: [...opening], tails }, clew)).toEqual([]);
    const behind = Buffer.concat([last(write), Buffer.from('\n'), sayUpdate('behind it').bytes]);
    const many = {
      editor: Buffer.concat([prompt.bytes, prompt.bytes, last(prompt)]),
      agent: behind,
    };
    expect(await checkThrough({ steps: [...opening], tails: many }, clew)).toEqual([]);
  });
  test('everything at once, without waiting for the other side', async () => {
    expect(await checkThrough(merge(many), clew)).toEqual([]);
  });
});

const lines = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }).map((text) => sayUpdate(text).bytes),
  fc
    .constantFrom(...recordings)
    .chain((name) => fc.constantFrom(...readRecording(name).steps))
    .map((step) => step.bytes),
  fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.concat([bytes, Buffer.from('\n')])),
  fc.json({ maxDepth: 4 }).map((text) => Buffer.from(`${text}\r\n`)),
  fc
    .tuple(
      fc.constantFrom('session/prompt', 'fs/write_text_file', 'session/request_permission'),
      fc.integer(),
      fc.string({ unit: 'grapheme', maxLength: 40 }),
    )
    .map(([method, id, text]) => {
      const params = {
        sessionId: 's',
        path: `/nowhere/${text}`,
        content: text,
        prompt: [{ type: 'text', text }],
      };
      return say('editor', { params, id, method }).bytes;
    }),
);
const cuts = fc.array(
  fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 70_000 })),
  { maxLength: 40 },
);
const side = fc.constantFrom<Side>('editor', 'agent');
const steps = fc.array(fc.record({ from: side, bytes: lines, cuts }), {
  minLength: 1,
  maxLength: 60,
});
const tail = fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes));

test(`any lines in any pieces (seed ${seed}, ${numRuns} runs)`, {
  timeout: longestMs,
}, async () => {
  const scripts = fc.record({ steps, tails: fc.record({ editor: tail, agent: tail }) });
  await fc.assert(
    fc.asyncProperty(scripts, async (script) => {
      expect(await checkThrough(script, clew)).toEqual([]);
    }),
    { numRuns },
  );
});
