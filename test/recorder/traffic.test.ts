/** Lines out of chunks, and what cannot be read as a line. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Event } from '../../src/contract/types.gen.ts';
import { openTraffic } from '../../src/recorder/traffic.ts';

function openRig(limitBytes = 1_000) {
  const lines: string[] = [];
  const events: Event[] = [];
  const traffic = openTraffic(limitBytes, {
    line: ({ from, text, mono }) => lines.push(`${from} ${mono} ${text}`),
    lines: (from, text, mono) => {
      const isRun = text.startsWith('run');
      if (isRun) lines.push(`${from} ${mono} ${JSON.stringify(text)}`);
      return isRun;
    },
    event: (event) => events.push(event),
  });
  return { traffic, lines, events };
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

test('the two sides are cut apart, and a line has the time of its end', () => {
  const { traffic, lines } = openRig();
  traffic.bytes('editor', Buffer.from('{"a"'), 1);
  traffic.bytes('agent', Buffer.from('{"b":1}\n{"c'), 2);
  traffic.bytes('editor', Buffer.from(':1}\n'), 3);
  traffic.end(4);
  expect(lines).toEqual(['agent 2 {"b":1}', 'editor 3 {"a":1}', 'agent 4 {"c']);
});

test('what is not UTF-8 is kept by size, hash and its beginning', () => {
  const { traffic, lines, events } = openRig();
  const bytes = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
  traffic.bytes('agent', Buffer.concat([bytes, Buffer.from('\n')]), 1);
  expect(lines).toEqual([]);
  expect(events).toEqual([
    {
      type: 'line-kept-opaque',
      from: 'agent',
      why: 'not-utf8',
      bytes: 4,
      sha256: sha256(bytes),
      base64: bytes.toString('base64'),
    },
  ]);
});

test('a replacement character that was really sent is text', () => {
  const { traffic, lines, events } = openRig();
  traffic.bytes('agent', Buffer.from('"\ufffd"\n'), 1);
  expect(lines).toEqual(['agent 1 "\ufffd"']);
  expect(events).toEqual([]);
});

test('a line over the limit is told, and its beginning is text even if cut inside a character', () => {
  const { traffic, events } = openRig(300);
  const bytes = Buffer.from(`x${'é'.repeat(400)}`);
  traffic.bytes('agent', Buffer.concat([bytes, Buffer.from('\n')]), 1);
  const text = `x${'é'.repeat(99)}`;
  expect(events).toEqual([
    {
      type: 'line-kept-opaque',
      from: 'agent',
      why: 'too-long',
      bytes: 801,
      sha256: sha256(bytes),
      text,
    },
  ]);
});

test.each([
  [true, ['agent 3 next']],
  [false, ['agent 2 lf', 'agent 3 next']],
])('after a loss that ends mid-line (%s) only whole lines are read', (isMidLine, expected) => {
  const { traffic, lines } = openRig();
  traffic.bytes('agent', Buffer.from('half'), 1);
  traffic.lost('agent', isMidLine);
  traffic.bytes('agent', Buffer.from('lf\n'), 2);
  traffic.bytes('agent', Buffer.from('next\n'), 3);
  expect(lines).toEqual(expected);
});

test('lines that come together are handed over together if they are wanted so', () => {
  const { traffic, lines } = openRig();
  traffic.bytes('agent', Buffer.from('first\nrun1\nrun2\nla'), 1);
  traffic.bytes('agent', Buffer.from('st\nother1\nother2\n'), 2);
  expect(lines).toEqual([
    'agent 1 first',
    'agent 1 "run1\\nrun2\\n"',
    'agent 2 last',
    'agent 2 other1',
    'agent 2 other2',
  ]);
});
