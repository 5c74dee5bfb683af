/** These tests can fail: each fault of a broken sidecar is noticed, and a bare pipe has none. */
import { describe, expect, test } from 'vitest';
import { scriptOf, vectors } from './hostile-frames.ts';
import type { Script } from './peers/play.mjs';
import { checkThrough } from './play-script.ts';
import { standIns } from './stage.ts';

const hostile = scriptOf(vectors);
const script: Script = {
  ...hostile,
  steps: hostile.steps.map((step) =>
    step.bytes.length < 1_000 ? { ...step, cuts: [step.bytes.length >> 1] } : step,
  ),
};
const broken = `${standIns}/broken.mjs`;

const faults = [
  'prints-again',
  'decodes-chunks',
  'loses-blank-lines',
  'mends-crlf',
  'loses-last-partial',
  'adds-newline-at-end',
  'loses-garbage',
  'doubles-a-line',
  'flips-one-bit',
  'dies-of-garbage',
];

describe.concurrent('a stand-in', () => {
  test('without a fault passes', async () => {
    expect(await checkThrough(script, broken, { env: { STAND_IN_FAULT: 'none' } })).toEqual([]);
    expect(await checkThrough(script, `${standIns}/pipe.mjs`)).toEqual([]);
  });
  test.each(faults)('that %s is noticed', async (fault) => {
    const env = { STAND_IN_FAULT: fault };
    expect(await checkThrough(script, broken, { env, limitMs: 3_000 })).not.toEqual([]);
  });
});
