/** state/patch: what it changes, and what it refuses because somebody was there before. */
import { beforeEach, expect, test } from 'vitest';
import { beginShort } from '../../../src/layers/begin-short.ts';
import type { Context } from '../../../src/methods/context.ts';
import { openShelf } from '../../../src/methods/open-shelf.ts';
import { ask, openAt, recordWorkspace } from '../recorded.ts';
import { beganAt, sessions, smallStory } from '../small-story.ts';

const [first] = sessions;
let context: Context;
beforeEach(() => {
  context = openAt(recordWorkspace(smallStory));
});

const projectOf = async () => (await ask(context, 'state/get', {})).project;

test('adds, changes, removes, and what nobody named stays', async () => {
  const added = await ask(context, 'state/patch', {
    put: [
      { section: 'purpose', item: { text: 'A shop' } },
      { section: 'milestones', item: { id: 'm1', text: 'first', status: 'open', own: ['kept'] } },
    ],
  });
  expect(added.changed).toEqual(['purpose', 'm1']);
  await ask(context, 'state/patch', {
    put: [{ section: 'milestones', item: { id: 'm1', status: 'done' } }],
    remove: [{ id: 'purpose' }],
  });
  expect(await projectOf()).toMatchObject({
    purpose: [],
    milestones: [{ id: 'm1', text: 'first', status: 'done', own: ['kept'], by: 'person' }],
  });
});

test('the same words twice are two decisions', async () => {
  const put = [{ section: 'decisions' as const, item: { text: 'Again' } }];
  const one = await ask(context, 'state/patch', { put });
  const other = await ask(context, 'state/patch', { put });
  expect(one.changed).not.toEqual(other.changed);
  expect((await projectOf()).decisions).toHaveLength(2);
});

test('what was seen is no longer there: refused, and nothing is changed', async () => {
  const put = (text: string, was?: string[]) =>
    ask(context, 'state/patch', {
      put: [{ section: 'purpose', item: { text }, ...(was && { was }) }],
    });
  const { versions } = await put('one');
  await put('two', versions['purpose']);
  await expect(put('three', versions['purpose'])).rejects.toMatchObject({ code: 'conflict' });
  expect((await projectOf()).purpose).toMatchObject([{ text: 'two' }]);
  await expect(ask(context, 'state/patch', { remove: [{ id: 'nothing' }] })).rejects.toMatchObject({
    code: 'unknown-id',
  });
});

test('a decision in a session lies in its layer, also when nobody records it now', async () => {
  await openShelf(context).write(beginShort(first, beganAt));
  const put = [{ section: 'decisions' as const, item: { text: 'Use SQLite' } }];
  await ask(context, 'state/patch', { put, session: '@last', by: 'agent' });
  const { session, project } = await ask(context, 'state/get', { session: '@last' });
  expect(session?.decisions).toMatchObject([{ text: 'Use SQLite', by: 'agent' }]);
  expect(project.decisions).toEqual([]);
  await expect(
    ask(context, 'state/patch', { put: [{ section: 'purpose', item: {} }], session: '@last' }),
  ).rejects.toMatchObject({ code: 'invalid-params' });
});
