/** Several processes build, rebuild and ask one index at once, while its journals grow: nobody is told that it is busy. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { openIndex } from '../../../src/store/index/trace-index.ts';
import { buildChild } from '../../build-child.ts';
import { makeFolder } from '../../scratch.ts';
import { isSoak, longestMs, sizeOf } from '../../soak.ts';
import { tellStory } from '../../trace/story.ts';
import { askAll } from './asking.ts';
import { openScribe } from './journals.ts';

const child = buildChild('store/index/ask-child');
const size = { processes: isSoak ? 6 : 3, times: sizeOf(8, 60) };

test('nobody is told that the index is busy, and it is right in the end', {
  timeout: longestMs,
}, async () => {
  const folder = makeFolder();
  const told = tellStory({ seed: 11, writers: 4, turns: 20 }).flat();
  const scribe = openScribe(join(folder, 'journal'), 150);
  scribe.write(told.splice(0, 200));
  const args = [child.main, folder, String(size.times)];
  const run = promisify(execFile);
  const running = Promise.all(
    Array.from({ length: size.processes }, () => run(process.execPath, args)),
  );
  let isOver = false;
  const ended = running.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    scribe.write(told.splice(0, 1));
    await nextTurn();
  }
  for (const { stderr } of await ended) expect(stderr).toBe('');
  scribe.write(told);

  const index = await openIndex({
    path: join(folder, 'index.db'),
    journal: join(folder, 'journal'),
  });
  expect((await index.catchUp()).behind).toBe(false);
  const grown = await askAll(index);
  await index.rebuild();
  expect(await askAll(index)).toEqual(grown);
  index.close();
});
