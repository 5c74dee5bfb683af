/** isYoung: whether somebody could have written again and left the same times; then a stat vouches for nothing. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isYoung, readFileWhole } from '../../src/workspace/read-file.ts';
import { makeFolder } from '../scratch.ts';

const readMs = 1_800_000_000_123;
const at = (ms: number, nanos = 7) => BigInt(readMs + ms) * 1_000_000n + BigInt(nanos);
const whole = (seconds: number) => BigInt(Math.floor(readMs / 1000) + seconds) * 1_000_000_000n;

test.each<[string, { mtime: bigint; ctime: bigint }, boolean]>([
  ['written in the tick of the reading', { mtime: at(0), ctime: at(0) }, true],
  ['a few ticks before', { mtime: at(-40), ctime: at(-40) }, true],
  ['that rested', { mtime: at(-150), ctime: at(-150) }, false],
  ['whose time was set back after writing', { mtime: at(-90_000), ctime: at(-5) }, true],
  ['from the future of a clock that was set back', { mtime: at(3_600_000), ctime: at(-500) }, true],
  ['on a disk of whole seconds', { mtime: whole(-1), ctime: whole(-1) }, true],
  ['that rested on a disk of whole seconds', { mtime: whole(-4), ctime: whole(-4) }, false],
])('a file %s', (_, seen, young) => {
  expect(isYoung(seen, readMs)).toBe(young);
});

test('what was just written is not believed to rest', () => {
  const root = makeFolder();
  writeFileSync(join(root, 'f'), 'one');
  expect(readFileWhole(root, 'f', 10)).toMatchObject({ kind: 'read', steady: true, young: true });
});
