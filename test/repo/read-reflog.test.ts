/** A log is read to its end once, however it grows, and whatever is taken out of it meanwhile. */
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LogCursor, readReflog } from '../../src/repo/read-reflog.ts';
import { makeFolder } from '../scratch.ts';

const id = (n: number) => n.toString(16).padStart(40, '0');
const lineOf = (n: number) =>
  `${id(n)} ${id(n + 1)} ä <ä@example.org> 17950000${n} +0000\tcommit: ü ${n}\n`;

const deed = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('append' as const), count: fc.nat(4) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('half' as const), count: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const), count: fc.nat(3) }) },
);

test('every line is told once, in order', () => {
  const path = join(makeFolder(), 'HEAD');
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 20 }), (deeds) => {
      rmSync(path, { force: true });
      let lines: string[] = [];
      let written = 0;
      let cursor: LogCursor | undefined;
      const told: string[] = [];
      for (const it of deeds) {
        if (it.do === 'append')
          for (let n = 0; n < it.count; n += 1) {
            written += 1;
            lines.push(lineOf(written));
          }
        // What is expired was told: at least one line of those stays.
        if (it.do === 'expire')
          lines = lines.slice(Math.min(it.count, Math.max(0, lines.length - 1)));
        writeFileSync(path, lines.join(''));
        // git writes a line at once, but nobody promises that.
        if (it.do === 'half') appendFileSync(path, lineOf(99).slice(0, it.count));
        const reading = readReflog(path, cursor);
        cursor = JSON.parse(JSON.stringify(reading.cursor)) as LogCursor;
        told.push(...reading.lines.map((line) => line.message));
      }
      expect(told).toEqual(Array.from({ length: written }, (_, n) => `commit: ü ${n + 1}`));
    }),
  );
});

test('a log that was begun anew tells nothing that may be old', () => {
  const path = join(makeFolder(), 'HEAD');
  writeFileSync(path, lineOf(1) + lineOf(2));
  const { cursor } = readReflog(path);
  writeFileSync(path, lineOf(7) + lineOf(8) + lineOf(9));
  expect(readReflog(path, cursor).lines).toEqual([]);
});

test('lines that are none are passed over', () => {
  const path = join(makeFolder(), 'HEAD');
  writeFileSync(path, `noise\n${lineOf(1)}\0\0\n${id(0)} ${id(5)} a <a> 1 +0000\n`);
  expect(readReflog(path).lines).toEqual([
    { from: id(1), to: id(2), message: 'commit: ü 1' },
    { from: undefined, to: id(5), message: '' },
  ]);
});
