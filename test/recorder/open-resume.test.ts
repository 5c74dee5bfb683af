/** What a new session is told with its first prompt: as a resource where its agent takes such, and never twice. */
import { expect, test } from 'vitest';
import type { Words } from '../../src/acp/prompt-place.ts';
import type { LayerOrigin } from '../../src/contract/types.gen.ts';
import type { Note } from '../../src/journal/entry.ts';
import { openResume } from '../../src/recorder/open-resume.ts';

const after: LayerOrigin = { session: '01EARLIER', how: 'same-commit' };
const turn = { type: 'turn-started', turn: 'T', origin: 'prompt' } as const;

function openWorld(textOf?: (root: string, after: LayerOrigin) => Promise<string | undefined>) {
  const written: Note[] = [];
  const complaints: unknown[] = [];
  const resume = openResume({
    ...(textOf && { textOf }),
    write: (note) => written.push(note),
    complain: (root, error) => complaints.push([root, String(error)]),
  });
  const begin = (embeds: boolean, found: LayerOrigin | undefined = after) =>
    resume.notePrompt(turn, {
      ...{ session: 'S', root: '/w', embeds },
      after: () => found,
      settled: () => undefined,
    });
  const ask = () => resume.beforePrompt((words: Words) => words);
  return { resume, begin, ask, written, complaints };
}

const told = { type: 'context-added', turn: 'T', resumes: '01EARLIER', text: 'words' };

test('as text, as a resource, and exactly that is written down', async () => {
  const { begin, ask, written } = openWorld(async () => 'words');
  begin(false);
  expect(await ask()).toEqual({ text: 'words' });
  expect(await ask()).toBe(undefined);
  begin(true);
  const uri = 'clew://session/01EARLIER';
  expect(await ask()).toEqual({ text: 'words', uri });
  expect(written).toEqual([
    { session: 'S', event: told },
    { session: 'S', event: { ...told, uri } },
  ]);
});

test('nothing where there is nothing to tell, nobody wants it, or no place is found', async () => {
  const { resume, begin, ask, written } = openWorld(async () => 'words');
  resume.notePrompt(turn, undefined);
  expect(await ask()).toBe(undefined);
  begin(true);
  expect(await resume.beforePrompt(() => undefined)).toBe(undefined);
  for (const world of [openWorld(), openWorld(async () => undefined)]) {
    world.begin(true);
    expect([await world.ask(), world.written]).toEqual([undefined, []]);
  }
  expect(written).toEqual([]);
});

test('a failure holds nobody up, and is said', async () => {
  const { begin, ask, complaints } = openWorld(() => Promise.reject(new Error('no disk')));
  begin(true);
  expect(await ask()).toBe(undefined);
  expect(complaints).toEqual([['/w', 'Error: no disk']]);
});
