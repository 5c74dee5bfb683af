/** Following journals live, through rotation, rename and truncation. */
import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { JournalProblem } from '../../src/contract/types.gen.ts';
import type { Entry } from '../../src/journal/entry.ts';
import { type Following, followJournals } from '../../src/store/follow.ts';
import { journalName, listJournals } from '../../src/store/journal-names.ts';
import type { JournalCursor } from '../../src/store/journal-place.ts';
import type { TailOptions } from '../../src/store/journal-tail.ts';
import { makeFolder, makeNote, openWriter, waitUntil, writeJournal } from './make-journal.ts';

const one = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const two = '01ARZ3NDEKTSV4RRFFQ69G5FAW';

const open: Following[] = [];
afterEach(() => {
  for (const it of open.splice(0)) it.close();
});

type Heard = {
  readonly entries: Entry[];
  readonly problems: JournalProblem[];
  readonly cursors: Map<string, JournalCursor>;
  readonly following: Following;
};

function follow(folder: string, from: TailOptions['from']): Heard {
  const entries: Entry[] = [];
  const problems: JournalProblem[] = [];
  const cursors = new Map<string, JournalCursor>();
  const following = followJournals({
    folder,
    from,
    onEntry(entry, { file, ...cursor }) {
      entries.push(entry);
      cursors.set(file, cursor);
    },
    onProblem: (it) => problems.push(it),
  });
  open.push(following);
  return { entries, problems, cursors, following };
}

const seqs = ({ entries }: Heard, writer: string) =>
  entries.filter((it) => it.writer === writer).map((it) => it.seq);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test('from now on, several writers, new files: each entry once and in order', async () => {
  const folder = makeFolder();
  await writeJournal(folder, 10, { writer: one, limits: { rotateBytes: 800 } });
  const heard = follow(folder, 'now');
  const writers = [two, '01ARZ3NDEKTSV4RRFFQ69G5FAX'].map((writer) =>
    openWriter(folder, { writer, limits: { rotateBytes: 5000, batchBytes: 500 } }),
  );
  for (let number = 1; number <= 300; number += 1) {
    for (const writer of writers) writer.append(makeNote(number));
    if (number % 50 === 0) await Promise.all(writers.map((it) => it.acknowledge()));
  }
  await Promise.all(writers.map((it) => it.close()));
  await waitUntil(() => heard.entries.length >= 600, 'all are heard');
  for (const { writer } of writers) expect(seqs(heard, writer)).toEqual(upTo(300));
  expect(heard.problems).toEqual([]);
  expect(heard.entries.length).toBe(600);
});

test('from the beginning, more than fits into one turn, and on from where it was left', async () => {
  const folder = makeFolder();
  const limits = { rotateBytes: 100_000 };
  await writeJournal(folder, 3500, { writer: one, limits });
  const first = follow(folder, new Map());
  await waitUntil(() => first.entries.length > 500, 'some are heard');
  first.following.close();
  const heardFirst = first.entries.length;
  expect(heardFirst).toBeLessThan(3500);
  const rest = follow(folder, first.cursors);
  await waitUntil(() => heardFirst + rest.entries.length >= 3500, 'the rest is heard');
  expect([...seqs(first, one), ...seqs(rest, one)]).toEqual(upTo(3500));
});

test('a line that is half there is heard when it is whole', async () => {
  const folder = makeFolder();
  await writeJournal(folder, 5, { writer: one });
  const path = join(folder, journalName(one, 1));
  const bytes = readFileSync(path);
  truncateSync(path, bytes.length - 30);
  const heard = follow(folder, new Map());
  await waitUntil(() => heard.entries.length === 4, 'four are heard');
  writeFileSync(path, bytes);
  await waitUntil(() => heard.entries.length === 5, 'the fifth is heard');
  expect(seqs(heard, one)).toEqual(upTo(5));
  expect(heard.problems).toEqual([]);
});

test('truncated, moved away and back, written anew or copied over: nothing twice, nothing lost', async () => {
  const folder = makeFolder();
  const source = makeFolder();
  await writeJournal(source, 60, { writer: one });
  const name = journalName(one, 1);
  const whole = readFileSync(join(source, name));
  const cutAfter = (line: number) => {
    let at = 0;
    for (let number = 0; number < line; number += 1) at = whole.indexOf(10, at) + 1;
    return whole.subarray(0, at);
  };
  const path = join(folder, name);
  const heard = follow(folder, new Map());
  const expectNext = async (count: number) => {
    await waitUntil(() => heard.entries.length >= count, `${count} are heard`);
    expect(seqs(heard, one)).toEqual(upTo(count));
  };

  writeFileSync(path, cutAfter(11));
  await expectNext(10);
  // Shorter, and longer again than ever.
  writeFileSync(path, cutAfter(6));
  writeFileSync(path, cutAfter(21));
  await expectNext(20);
  renameSync(path, join(folder, 'away'));
  renameSync(join(folder, 'away'), path);
  writeFileSync(path, whole.subarray(cutAfter(21).length, cutAfter(31).length), { flag: 'a' });
  await expectNext(30);
  // Another file under the name, perhaps with the inode of the one before.
  unlinkSync(path);
  writeFileSync(path, cutAfter(41));
  await expectNext(40);
  const next = join(folder, 'next');
  writeFileSync(next, cutAfter(51));
  renameSync(next, path);
  await expectNext(50);
  copyFileSync(join(source, name), path);
  await expectNext(60);
  expect(listJournals(folder).length).toBe(1);
});

test('another journal in its place is read from its beginning, as far as it is new', async () => {
  const [folder, source] = [makeFolder(), makeFolder()];
  await writeJournal(folder, 10, { writer: one });
  const clock = { now: () => 7, mono: () => 123_456_789.123 };
  await writeJournal(source, 40, { writer: one, clock });
  const heard = follow(folder, new Map());
  await waitUntil(() => heard.entries.length === 10, 'ten are heard');
  const name = journalName(one, 1);
  copyFileSync(join(source, name), join(folder, name));
  await waitUntil(() => heard.entries.length === 40, 'all are heard');
  expect(seqs(heard, one)).toEqual(upTo(40));
  expect(heard.problems).toEqual([]);
});

test('damage is told once, and what follows it is heard', async () => {
  const folder = makeFolder();
  await writeJournal(folder, 6, { writer: one });
  const path = join(folder, journalName(one, 1));
  const lines = readFileSync(path, 'utf8').split('\n');
  const damaged = lines.map((it) => it.replace('note 3', 'note 8'));
  writeFileSync(path, `${damaged.slice(0, 4).join('\n')}\n`);
  const heard = follow(folder, new Map());
  await waitUntil(() => heard.problems.length === 1, 'the damage is heard');
  for (const line of damaged.slice(4, 7)) {
    writeFileSync(path, `${line}\n`, { flag: 'a' });
    await waitUntil(() => heard.entries.at(-1)?.seq === JSON.parse(line).seq, 'it is heard');
  }
  expect(seqs(heard, one)).toEqual([1, 2, 4, 5, 6]);
  expect(heard.problems).toMatchObject([{ kind: 'bad-line' }]);
});

test('after close nothing is heard', async () => {
  const folder = makeFolder();
  const heard = follow(folder, 'now');
  const other = follow(folder, 'now');
  heard.following.close();
  await writeJournal(folder, 3, { writer: one });
  await waitUntil(() => other.entries.length === 3, 'the other hears');
  expect(heard.entries).toEqual([]);
});

test('a folder that is not there yet is followed as soon as it is', async () => {
  const folder = join(makeFolder(), 'later');
  const heard = follow(folder, 'now');
  mkdirSync(folder);
  await writeJournal(folder, 3, { writer: one });
  await waitUntil(() => heard.entries.length === 3, 'all are heard');
});
