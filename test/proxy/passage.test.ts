/** One direction of the traffic: bytes are kept, gates hold, our own lines land between lines. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Gate } from '../../src/proxy/gates.ts';
import { openPassage, type Passage } from '../../src/proxy/passage.ts';
import type { GateVerdict } from '../../src/wire/notes.ts';
import { sizeOf } from '../soak.ts';

const numRuns = sizeOf(100, 5_000);

const gate: Gate = {
  judge: 'write',
  name: 'stop/me',
  from: 'agent',
  deadlineMs: 1,
  overdue: 'pass',
  needle: 'me"',
};

type Rig = {
  passage: Passage;
  sent(): string;
  noted(): string;
  replied: string[];
  asked: { line: string; settle: (verdict: GateVerdict) => void }[];
  paused: boolean[];
};

function openRig(lineLimitBytes = 1e6, answers = false): Rig {
  const sent: Buffer[] = [];
  const noted: Buffer[] = [];
  const rig: Omit<Rig, 'passage'> = {
    sent: () => Buffer.concat(sent).toString('latin1'),
    noted: () => Buffer.concat(noted).toString('latin1'),
    replied: [],
    asked: [],
    paused: [],
  };
  const passage = openPassage(
    {
      send: (bytes) => 0 < sent.push(Buffer.from(bytes)),
      note: (bytes) => noted.push(Buffer.from(bytes)),
      ask: (_gate, line, settle) => rig.asked.push({ line: line.toString('latin1'), settle }),
      reply: (line) => rig.replied.push(line.toString('latin1')),
      pause: (paused) => rig.paused.push(paused),
    },
    lineLimitBytes,
  );
  const gateOf = (method: string | undefined) => (method === gate.name ? gate : undefined);
  passage.watches.add({ needle: gate.needle, answers, gateOf });
  return { ...rig, passage };
}

const gated = '{"id":7,"method":"stop/me","params":{}}\n';
const line = fc.oneof(
  fc.constant(gated),
  fc.constantFrom(
    '{"method":"x","text":"stop/me\\""}\n',
    '{"params":{"a":"me"},"method":"stop/me"}\n',
    '{"id":1,"result":"stop/me"}\n',
    'garbage me"\n',
    '\n',
    '\r\n',
    '{"method":"stop\\/me"}\n',
  ),
  fc.json().map((it) => `${it}\n`),
  fc.string({ unit: 'binary' }).map((it) => `${it}\n`),
);
const stream = fc.tuple(fc.array(line), fc.string({ maxLength: 10 })).map(([lines, rest]) => {
  return Buffer.from(lines.join('') + rest, 'utf8');
});

function* chunked(bytes: Buffer, cuts: readonly number[]): Generator<Buffer> {
  const ends = [...cuts.map((it) => it % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  let start = 0;
  for (const end of ends) {
    if (start < end) yield bytes.subarray(start, end);
    start = end;
  }
}

test('the bytes that come out are the bytes that went in, for any chunking and any delay of the gates', () => {
  let gates = 0;
  fc.assert(
    fc.property(stream, fc.array(fc.nat()), fc.array(fc.boolean()), (bytes, cuts, delays) => {
      const rig = openRig();
      let turn = 0;
      const settle = () => rig.asked.shift()?.settle({ kind: 'pass' });
      for (const chunk of chunked(bytes, cuts)) {
        rig.passage.feed(chunk);
        turn += 1;
        while (0 < rig.asked.length && delays[turn % (delays.length || 1)] === true) {
          gates += 1;
          settle();
        }
      }
      let isDone = false;
      rig.passage.end(() => {
        isDone = true;
      });
      while (0 < rig.asked.length) {
        gates += 1;
        settle();
      }
      expect(isDone).toBe(true);
      expect(rig.sent()).toBe(bytes.toString('latin1'));
      expect(rig.noted()).toBe(bytes.toString('latin1'));
    }),
    { numRuns: numRuns },
  );
  expect(gates).toBeGreaterThan(0);
});

test('exactly the lines whose method has a gate are asked about, wherever the chunks are cut', () => {
  fc.assert(
    fc.property(stream, fc.array(fc.nat()), (bytes, cuts) => {
      const rig = openRig();
      const asked: string[] = [];
      for (const chunk of chunked(bytes, cuts)) {
        rig.passage.feed(chunk);
        for (let it = rig.asked.shift(); it !== undefined; it = rig.asked.shift()) {
          asked.push(it.line);
          it.settle({ kind: 'pass' });
        }
      }
      const expected = bytes
        .toString('latin1')
        .split(/(?<=\n)/)
        .filter((it) => it.endsWith('\n') && methodOf(it) === 'stop/me');
      expect(asked).toEqual(expected);
    }),
    { numRuns: numRuns },
  );
});

function methodOf(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'latin1').toString('utf8'))?.method;
  } catch {
    // Not a message, so no gate waits for it.
    return undefined;
  }
}

test('what comes after a gated line waits, in order, until the verdict', () => {
  const rig = openRig();
  rig.passage.feed(Buffer.from(`a\n${gated}b\n`));
  rig.passage.feed(Buffer.from('c\n'));
  expect(rig.sent()).toBe('a\n');
  expect(rig.noted()).toBe(`a\n${gated}`);
  rig.asked[0]?.settle({ kind: 'pass' });
  expect(rig.sent()).toBe(`a\n${gated}b\nc\n`);
});

test.each([
  ['replace', { kind: 'replace', line: Buffer.from('R\n') }, 'a\nR\nb\n', []],
  ['answer', { kind: 'answer', line: Buffer.from('N\n') }, 'a\nb\n', ['N\n']],
  ['absorb', { kind: 'absorb' }, 'a\nb\n', []],
] as const)('the verdict %s', (_name, verdict, sent, replied) => {
  const rig = openRig();
  rig.passage.feed(Buffer.from(`a\n${gated}b\n`));
  rig.asked[0]?.settle(verdict);
  expect(rig.sent()).toBe(sent);
  expect(rig.replied).toEqual(replied);
});

test('a line of our own never lands inside another line', () => {
  const text = Buffer.from('{"method":"x"}\ngarbage\n{"id":1,"result":{}}\n');
  fc.assert(
    fc.property(fc.array(fc.nat()), fc.nat({ max: 9 }), (cuts, when) => {
      const rig = openRig();
      let turn = 0;
      for (const chunk of chunked(text, cuts)) {
        rig.passage.feed(chunk);
        if (turn === when) rig.passage.inject(Buffer.from('OURS\n'));
        turn += 1;
      }
      rig.passage.end(() => {});
      const lines = rig.sent().split('\n');
      expect(lines.filter((it) => it !== 'OURS').join('\n')).toBe(text.toString());
      expect(lines.filter((it) => it === 'OURS').length).toBe(when < turn ? 1 : 0);
    }),
    { numRuns: numRuns },
  );
});

test('an unfinished line goes on at once if no gate can wait for it', () => {
  const rig = openRig();
  rig.passage.feed(Buffer.from('Password: '));
  expect(rig.sent()).toBe('Password: ');
  rig.passage.feed(Buffer.from('\n{"method":"session/update","par'));
  expect(rig.sent()).toBe('Password: \n{"method":"session/update","par');
  rig.passage.feed(Buffer.from('ams":{}}\n{"params":{"long'));
  expect(rig.sent().endsWith('}}\n')).toBe(true);
});

test('a line past the limit is let go without a judgement', () => {
  const rig = openRig(64);
  rig.passage.feed(Buffer.from(`{"method":"stop/me","params":"${'x'.repeat(100)}`));
  rig.passage.feed(Buffer.from('more"}\nnext\n'));
  expect(rig.sent()).toContain('more"}\nnext\n');
  expect(rig.asked).toEqual([]);
});

test('the source is stopped while much is held, and only then', () => {
  const rig = openRig();
  rig.passage.feed(Buffer.from(gated));
  for (let i = 0; i < 20; i += 1) rig.passage.feed(Buffer.alloc(100_000, 'x'));
  expect(rig.paused).toEqual([true]);
  rig.asked[0]?.settle({ kind: 'pass' });
  expect(rig.paused).toEqual([true, false]);
  expect(rig.sent().length).toBe(gated.length + 2_000_000);
});
