/** Lines out of any chunking, long ones by size and hash. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Cut, eachLine, openLineCutter } from '../../src/wire/line-cutter.ts';
import { sizeOf } from '../soak.ts';

const numRuns = sizeOf(100, 20_000);

const chunks = fc.array(
  fc
    .uint8Array({ maxLength: 40 })
    .map((it) => Buffer.from(it.map((byte) => (byte < 60 ? 10 : byte)))),
);

function cutAll(parts: readonly Buffer[], limitBytes: number): Cut[] {
  const cuts: Cut[] = [];
  const take = (cut: Cut) => {
    if (cut.kind === 'long') cuts.push(cut);
    else if (cut.kind === 'line') cuts.push({ kind: 'line', bytes: Buffer.from(cut.bytes) });
    else for (const it of eachLine(cut.bytes)) cuts.push({ kind: 'line', bytes: Buffer.from(it) });
  };
  const cutter = openLineCutter(limitBytes);
  for (const part of parts) cutter.feed(part, take);
  cutter.end(take);
  return cuts;
}

test('however the bytes are chunked, the lines are the lines of the whole', () => {
  fc.assert(
    fc.property(chunks, (parts) => {
      const whole = Buffer.concat(parts).toString('latin1').split('\n');
      if (whole.at(-1) === '') whole.pop();
      const cuts = cutAll(parts, 1e9);
      expect(cuts.map((it) => (it.kind === 'line' ? it.bytes.toString('latin1') : it))).toEqual(
        whole,
      );
    }),
    { numRuns: numRuns },
  );
});

test('a line over the limit is told by size, hash and beginning, and the next one is whole', () => {
  fc.assert(
    fc.property(chunks, fc.integer({ min: 1, max: 30 }), (parts, limitBytes) => {
      const whole = Buffer.concat(parts).toString('latin1').split('\n');
      if (whole.at(-1) === '') whole.pop();
      const expected = whole.map((it) => {
        const bytes = Buffer.from(it, 'latin1');
        if (bytes.length <= limitBytes) return { kind: 'line', bytes };
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        return { kind: 'long', bytes: bytes.length, sha256 };
      });
      const cuts = cutAll(parts, limitBytes);
      expect(cuts.length).toBe(expected.length);
      for (const [i, cut] of cuts.entries()) expect(cut).toMatchObject(expected[i] as object);
    }),
    { numRuns: numRuns },
  );
});

test('after a loss the rest of the torn line is left out', () => {
  const cutter = openLineCutter(100);
  const seen: string[] = [];
  const take = (cut: Cut) => seen.push(...cut.bytes.toString().trimEnd().split('\n'));
  cutter.feed(Buffer.from('one\ntw'), take);
  cutter.skip();
  cutter.feed(Buffer.from('x\nthree\n'), take);
  expect(seen).toEqual(['one', 'three']);
});
