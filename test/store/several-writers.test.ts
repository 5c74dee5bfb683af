/** Fault 12: several processes write into one folder at once, and another one listens. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import type { Entry } from '../../src/journal/entry.ts';
import { mergeJournals } from '../../src/journal/merge.ts';
import { followJournals } from '../../src/store/follow.ts';
import { readLeases } from '../../src/store/lease.ts';
import { settleJournals } from '../../src/store/settle-journals.ts';
import { verifyJournals } from '../../src/store/verify-journals.ts';
import { buildChild } from '../build-child.ts';
import { longestMs, sizeOf, tellFigures } from '../soak.ts';
import { makeFolder, readBack, waitUntil } from './make-journal.ts';

const child = buildChild('store/writing-child');

test('four writers at once: nothing is lost, mixed up or put in order before its time', {
  timeout: longestMs,
}, async () => {
  const folder = makeFolder();
  const count = sizeOf(2000, 200_000);
  const heard: Entry[] = [];
  const following = followJournals({ folder, from: 'now', onEntry: (it) => heard.push(it) });
  const children = [1, 2, 3, 4].map(() =>
    spawn(process.execPath, [child.main, folder, String(count)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  );
  // Somebody else starts, and somebody asks, again and again while they write.
  let checks = 0;
  const bystander = setInterval(() => {
    expect(settleJournals(folder)).toEqual({ lost: [], problems: [] });
    checks += 1;
  }, 20);
  const exits = await Promise.all(children.map((it) => once(it, 'exit')));
  clearInterval(bystander);
  expect(exits).toEqual([1, 2, 3, 4].map(() => [0, null]));
  expect(checks).toBeGreaterThan(0);
  await waitUntil(() => heard.length >= 4 * count, 'all is heard');
  following.close();

  const { entries, problems } = readBack(folder);
  expect(problems).toEqual([]);
  const writers = [...new Set(entries.map((it) => it.writer))];
  expect(writers.length).toBe(4);
  const expected = Array.from({ length: count }, (_, index) => index + 1);
  for (const writer of writers)
    for (const told of [entries, heard, mergeJournals([entries])])
      expect(told.filter((it) => it.writer === writer).map((it) => it.seq)).toEqual(expected);
  expect(heard.length).toBe(4 * count);
  expect((await verifyJournals(folder)).sound).toBe(true);
  expect(readLeases(folder)).toEqual([]);
  tellFigures('writers at once', { writers: writers.length, entries: entries.length, lost: 0 });
});
