/** The index waits for the recording, and has everything in the end. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openIndexKeeper } from '../../src/recorder/index-keeper.ts';
import { openIndex } from '../../src/store/index/trace-index.ts';
import { makeFolder, waitUntil, writeJournal } from '../store/make-journal.ts';

const biteEntries = 200;

async function makePlace() {
  const folder = makeFolder();
  await writeJournal(folder, 5 * biteEntries);
  return { journal: folder, index: join(folder, 'index.db') };
}

test('while more is to be recorded than is, nothing is made of it; afterwards all is', async () => {
  const place = await makePlace();
  let asked = 0;
  let isBusy = true;
  const keeper = openIndexKeeper(
    {
      isBusy() {
        asked += 1;
        return isBusy;
      },
      unavailable: (error) => expect.fail(String(error)),
    },
    1,
  );
  keeper.add(place);
  keeper.idle();
  await waitUntil(() => asked > 3, 'it has asked again and again');
  expect(existsSync(place.index)).toBe(false);
  isBusy = false;
  const index = await openIndex({ path: place.index, journal: place.journal });
  await waitUntil(() => index.backlogBytes() === 0, 'it has caught up');
  keeper.close();
  index.close();
});

test('what it has begun it leaves after a bite when there is something better to do', async () => {
  const place = await makePlace();
  const index = await openIndex({
    path: place.index,
    journal: place.journal,
    entriesPerBatch: biteEntries,
    isEnough: () => true,
  });
  expect(await index.catchUp()).toMatchObject({ entries: biteEntries, behind: true });
  expect(index.backlogBytes()).toBeGreaterThan(0);
  for (let more = 0; more < 4; more += 1) await index.catchUp();
  expect(await index.catchUp()).toMatchObject({ entries: 0, behind: false });
  index.close();
});
