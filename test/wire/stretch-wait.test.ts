/** How long is waited is what CLEW_PATIENCE says, and what the code says where that is nonsense. */
import { afterEach, expect, test, vi } from 'vitest';

const url = new URL('../../dist/wire/stretch-wait.js', import.meta.url).href;

afterEach(() => {
  vi.unstubAllEnvs();
});

test.each([
  ['1', 100],
  ['2.5', 250],
  ['0', 100],
  ['-3', 100],
  ['1e9', 100],
  ['', 100],
  ['much', 100],
])('with %j', async (patience, waits) => {
  vi.stubEnv('CLEW_PATIENCE', patience);
  const { stretchWait } = await import(/* @vite-ignore */ `${url}?${encodeURIComponent(patience)}`);
  expect(stretchWait(100)).toBe(waits);
});
