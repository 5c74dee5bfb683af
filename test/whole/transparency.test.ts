/** Every recorded conversation passes the sidecar as if it were not there, and leaves a sound journal behind. */
import { describe, expect, test } from 'vitest';
import { readEvents, readJournals } from './journals.ts';
import type { Script } from './peers/play.mjs';
import { checkTransparent } from './play-script.ts';
import { readRecording, recordings } from './recordings.ts';
import { clew, type Stage } from './stage.ts';

describe.concurrent('recorded conversations, with and without the sidecar', () => {
  test('there are all 32', () => {
    expect(recordings).toHaveLength(32);
  });
  test.each(recordings)('%s', async (name) => {
    const script = readRecording(name);
    const look = (stage: Stage) => checkJournal(stage, script);
    expect(await checkTransparent(script, clew, look)).toEqual([]);
  });
});

/** What is wrong with what was recorded, seen from far: understanding it is proven elsewhere. */
function checkJournal(stage: Stage, script: Script): string[] {
  const events = readEvents(stage.home);
  const count = (type: string) => events.filter((event) => event.type === type).length;
  const asked = script.steps.filter(
    ({ from, bytes }) => from === 'editor' && bytes.includes('"method":"session/prompt"'),
  );
  const turns = events.filter(
    (event) => event.type === 'turn-started' && event.origin === 'prompt',
  );
  return [
    ...readJournals(stage.home).flatMap((file) => file.problems),
    ...(count('recording-started') === 1 && count('recording-ended') === 1
      ? []
      : ['no begin or end']),
    ...(count('notes-dropped') + count('line-kept-opaque') === 0
      ? []
      : ['something was not understood']),
    ...(turns.length === asked.length ? [] : [`${turns.length} turns for ${asked.length} prompts`]),
  ];
}
