/** Every recorded conversation passes the sidecar as if it were not there, and leaves a sound journal behind. */
import { describe, expect, test } from 'vitest';
import { readEvents, readJournals } from './journals.ts';
import { type Script, wantedBy } from './peers/play.mjs';
import { checkTransparent, playScript } from './play-script.ts';
import { readRecording, recordings } from './recordings.ts';
import { clew, openStage, type Stage } from './stage.ts';

describe.concurrent('recorded conversations, with and without the sidecar', () => {
  test('there are all 34', () => {
    expect(recordings).toHaveLength(34);
  });
  test.each(recordings)('%s', async (name) => {
    const script = readRecording(name);
    const look = (stage: Stage) => checkJournal(stage, script);
    expect(await checkTransparent(script, clew, look)).toEqual([]);
  });
});

test('one sidecar in another is as transparent as one', async () => {
  await using stage = openStage();
  const script = readRecording('qwen-code-basic.jsonl');
  const twice = await playScript(stage, script, {
    main: clew,
    around: [process.execPath, clew, 'acp', '--'],
  });
  expect(twice.heard.editor.equals(wantedBy('editor', script))).toBe(true);
  expect(twice.heard.agent.equals(wantedBy('agent', script))).toBe(true);
  expect(twice.ending).toEqual({ code: 0, signal: null });
  expect(readJournals(stage.home)).toHaveLength(2);
  expect(readJournals(stage.home).flatMap((file) => file.problems)).toEqual([]);
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
