/** Every recorded conversation passes the sidecar as if it were not there. */
import { describe, expect, test } from 'vitest';
import { checkTransparent } from './play-script.ts';
import { readRecording, recordings } from './recordings.ts';
import { clew } from './stage.ts';

describe.concurrent('recorded conversations, with and without the sidecar', () => {
  test('there are all 32', () => {
    expect(recordings).toHaveLength(32);
  });
  test.each(recordings)('%s', async (name) => {
    expect(await checkTransparent(readRecording(name), clew)).toEqual([]);
  });
});
