/** What a slow listener is told in the end: the last of everything, in an order that may be cut anywhere. */
import { expect, test, vi } from 'vitest';
import { openListener } from '../../src/methods/feed-listener.ts';

function openSlow() {
  const sent: string[] = [];
  let isSlow = true;
  const listener = openListener({
    session: 's',
    keepsUp: () => !isSlow,
    send: (name, params) => void sent.push(`${name} ${JSON.stringify(params)}`),
  });
  const row = (key: string, n: number) => listener.tell({ name: 'row', key, params: { n } });
  const drain = async (count: number) => {
    isSlow = false;
    await vi.waitFor(() => expect(sent.length).toBe(count), 60_000);
  };
  return { listener, row, sent, drain };
}

test('a newer row takes the place of an older one, behind what came in between', async () => {
  const { listener, row, sent, drain } = openSlow();
  row('a', 1);
  listener.pass({ w: 1 });
  listener.settle();
  row('b', 2);
  row('a', 3);
  listener.pass({ w: 3, v: 1 });
  listener.settle();
  await drain(3);
  // Had it ended after the first, nothing would say that a is told.
  expect(sent).toEqual(['row {"n":2}', 'row {"n":3}', 'trace:reached {"seq":{"w":3,"v":1}}']);
});

test('what is gone in a moment is left out, and who keeps up is told at once', async () => {
  const { listener, row, sent, drain } = openSlow();
  listener.tell({ name: 'progress', key: undefined, params: {} });
  row('a', 1);
  await drain(1);
  expect(sent).toEqual(['row {"n":1}']);
  listener.tell({ name: 'progress', key: undefined, params: {} });
  expect(sent.at(-1)).toBe('progress {}');
});

test('nothing is told once it is closed', async () => {
  const { listener, row, sent } = openSlow();
  row('a', 1);
  listener.close();
  listener.settle();
  expect(sent).toEqual([]);
});
