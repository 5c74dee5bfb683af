/** How fast entries are written down and read back. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Note } from '../../src/journal/entry.ts';
import { openClock } from '../../src/store/clock.ts';
import { listJournals } from '../../src/store/journal-names.ts';
import { readJournalFile } from '../../src/store/journal-reader.ts';
import { openJournalWriter } from '../../src/store/journal-writer.ts';
import { mintUlid } from '../../src/store/ulid.ts';
import { verifyJournals } from '../../src/store/verify-journals.ts';
import type { Bench } from './figure.ts';
import { openPlace } from './link.ts';

const rounds = 5;
const entries = 100_000;

function noteOf(index: number): Note {
  const id = String(index).padStart(26, '0');
  const text = `#${index} water under the bridge and over the stones, and more of it than that`;
  return {
    session: '01JD0000000000000000000000',
    event: { type: 'message-said', turn: id, step: id, role: 'agent', part: 0, text },
  };
}

type Run = { append: number; acknowledged: number; read: number; verified: number };

async function measure(): Promise<Run> {
  const place = openPlace();
  const folder = join(place.home, 'journal');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const options = { folder, writer: mintUlid(Date.now()), workspace: 'bench', clock: openClock() };
  const writer = openJournalWriter(options);
  const append = await rateOf(entries, async () => {
    for (let i = 0; i < entries; i += 1) writer.append(noteOf(i));
    await writer.acknowledge();
  });
  const acknowledged = await rateOf(200, async () => {
    for (let i = 0; i < 200; i += 1) {
      writer.append(noteOf(i));
      await writer.acknowledge();
    }
  });
  await writer.close();
  const read = await rateOf(entries, async () => {
    let count = 0;
    for (const { path } of listJournals(folder))
      for (const item of readJournalFile(path)) if ('entry' in item) count += 1;
    if (count !== entries + 200) throw new Error(`${count} entries were read back`);
  });
  const verified = await rateOf(entries, async () => {
    if (!(await verifyJournals(folder)).sound) throw new Error('the journal is not sound');
  });
  place.remove();
  return { append, acknowledged, read, verified };
}

async function rateOf(count: number, work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return count / ((performance.now() - begin) / 1_000);
}

export const journalAppend: Bench = {
  name: 'journal-append',
  about:
    'entries of 300 bytes: written and synced, written one by one with a sync each, read, verified',
  async run() {
    await measure();
    const runs: Run[] = [];
    for (let round = 0; round < rounds; round += 1) runs.push(await measure());
    return [
      { name: 'appended', unit: '1/s', rounds: runs.map((run) => run.append) },
      { name: 'acknowledged one by one', unit: '1/s', rounds: runs.map((run) => run.acknowledged) },
      { name: 'read', unit: '1/s', rounds: runs.map((run) => run.read) },
      { name: 'verified', unit: '1/s', rounds: runs.map((run) => run.verified) },
    ];
  },
};
