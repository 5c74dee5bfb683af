/** That bodies come out as they went in, however the stream is cut, and that no header makes it keep what it need not. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Frame, type FrameLimits, openFrameCutter } from '../../src/wire/frame-cutter.ts';
import { sizeOf } from '../soak.ts';

const numRuns = sizeOf(100, 10_000);

const limits: FrameLimits = { headerBytes: 200, bodyBytes: 1_000, skipBytes: 10_000 };

function cut(chunks: readonly Uint8Array[]): Frame[] {
  const cutter = openFrameCutter(limits);
  const frames: Frame[] = [];
  const take = (frame: Frame) =>
    void frames.push(frame.kind === 'body' ? { ...frame, bytes: Buffer.from(frame.bytes) } : frame);
  for (const chunk of chunks) {
    // The memory of a chunk is used again by whoever gave it.
    const lent = Buffer.from(chunk);
    cutter.feed(lent, take);
    lent.fill(0);
  }
  cutter.end(take);
  return frames;
}

const frame = (body: Buffer, more = '') =>
  Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n${more}\r\n`), body]);

function split(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((it) => it % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, n) => bytes.subarray(from, places[n] ?? bytes.length));
}

/** Of several things that are wrong with a header, who is told first depends on the cut. */
const plainly = (it: Frame) => (it.kind === 'broken' ? it.kind : it);

const body = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc.constantFrom(
    ...['', '\r\n\r\n', 'Content-Length: 9\r\n\r\n', '{}'].map((it) => Buffer.from(it)),
  ),
);
const extra = fc.constantFrom('', 'X-A: b\r\n', 'content-type: application/json\r\n');

test('bodies are the same for any cut of the stream', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(body, extra), { maxLength: 8 }),
      fc.array(fc.nat(2_000), { maxLength: 30 }),
      (messages, cuts) => {
        const whole = Buffer.concat(messages.map(([it, more]) => frame(Buffer.from(it), more)));
        expect(cut(split(whole, cuts))).toEqual(
          messages.map(([it]) => ({ kind: 'body', bytes: Buffer.from(it) })),
        );
      },
    ),
    { numRuns: numRuns },
  );
});

test('any bytes at all give the same frames for any cut, and nothing is thrown', () => {
  const piece = fc.oneof(
    fc
      .constantFrom(
        ...[
          'Content-Length: 3\r\n\r\nabc',
          'Content-Length: 2000\r\n\r\n',
          'Content-Length: -1\r\n\r\n',
        ],
        ...['\r\n', '\n', '\r', '\r\n\r\n', ': ', 'Content-Length: ', '7', 'x'.repeat(150)],
      )
      .map((it) => Buffer.from(it)),
    fc.uint8Array({ maxLength: 10 }).map((it) => Buffer.from(it)),
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 12 }),
      fc.array(fc.nat(4_000), { maxLength: 30 }),
      (pieces, cuts) => {
        const whole = Buffer.concat(pieces);
        expect(cut(split(whole, cuts)).map(plainly)).toEqual(cut([whole]).map(plainly));
      },
    ),
    { numRuns: 5 * numRuns },
  );
});

test('what is too long is passed over, and what follows is there', () => {
  const long = frame(Buffer.alloc(5_000, 'x'));
  const frames = cut([Buffer.concat([long, frame(Buffer.from('{}'))])]);
  expect(frames.map((it) => it.kind)).toEqual(['refused', 'body']);
  const longer = frame(Buffer.alloc(10_001, 'x'));
  expect(cut([longer]).map((it) => it.kind)).toEqual(['broken']);
});

test('the end in the middle of a message is told, and nothing else after a broken header', () => {
  expect(cut([Buffer.from('Content-Length: 10\r\n\r\nabc')])).toEqual([
    { kind: 'broken', why: 'the stream ended in the middle of a message' },
  ]);
  const broken = cut([Buffer.from('Content-Length: x\r\n\r\n'), frame(Buffer.from('{}'))]);
  expect(broken).toHaveLength(1);
});
