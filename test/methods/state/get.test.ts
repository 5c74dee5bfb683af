/** state/get: which session's layer it answers, and what it refuses. */
import { expect, test } from 'vitest';
import { beginShort } from '../../../src/layers/begin-short.ts';
import { openShelf } from '../../../src/methods/open-shelf.ts';
import { ask, openAt, recordWorkspace } from '../recorded.ts';
import { beganAt, sessions, smallStory } from '../small-story.ts';

const [first, second] = sessions;

async function openKept() {
  const context = openAt(recordWorkspace(smallStory));
  const shelf = openShelf(context);
  await shelf.write({ ...beginShort(first, beganAt), branch: 'main', title: 'one' });
  await shelf.write({ ...beginShort(second, beganAt + 1000), branch: 'fix/日本 it' });
  return context;
}

test('the last session, one by the end of its id, or none yet', async () => {
  const context = await openKept();
  expect((await ask(context, 'state/get', {})).session).toMatchObject({ session: second });
  const named = await ask(context, 'state/get', { session: first.slice(-6).toLowerCase() });
  expect(named.session).toMatchObject({ session: first, title: 'one' });
  expect(named.file).toMatch(/layers\/sessions\/20260921T141320Z_main\.json$/);
  const nothing = openAt(recordWorkspace(smallStory));
  const none = await ask(nothing, 'state/get', {});
  expect([none.session, none.versions, none.project.decisions]).toEqual([undefined, {}, []]);
});

test('one whose run is over is not said to be open', async () => {
  const context = await openKept();
  expect((await ask(context, 'state/get', { session: first })).session?.state).toBe('ended');
});

test('a list, newest first, with what lists show', async () => {
  const context = await openKept();
  const { sessions: cards, session } = await ask(context, 'state/get', { sessions: true });
  expect(session).toBeUndefined();
  expect(cards?.map((it) => [it.session, it.branch, it.file])).toEqual([
    [second, 'fix/日本 it', '20260921T141321Z_fix-日本-it.json'],
    [first, 'main', '20260921T141320Z_main.json'],
  ]);
  const one = await ask(context, 'state/get', { sessions: true, limit: 1 });
  expect(one.sessions).toHaveLength(1);
});

test('what is not there, and what is more than one', async () => {
  const context = await openKept();
  await expect(ask(context, 'state/get', { session: 'nobody' })).rejects.toMatchObject({
    code: 'unknown-id',
  });
  await openShelf(context).write(beginShort('01K5A0000000000X00SESSON1', beganAt));
  await expect(ask(context, 'state/get', { session: 'sesson1' })).rejects.toMatchObject({
    code: 'ambiguous-id',
  });
});
