/** Fault 4, and what else a writer that died leaves behind. */
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { journalName, listJournals } from '../../src/store/journal-names.ts';
import { readLeases, takeLease } from '../../src/store/lease.ts';
import { settleJournals } from '../../src/store/settle-journals.ts';
import { verifyJournals } from '../../src/store/verify-journals.ts';
import { seed, sizeOf, tellFigures } from '../soak.ts';
import { makeFolder, makeNote, openWriter, readBack, writeJournal } from './make-journal.ts';

const writer = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const file = journalName(writer, 1);

const first = Array.from({ length: sizeOf(1, 20) }, (_, at) => 1 + ((seed + 9 * at) % 50));

test.each(first)(
  'fault 4: torn at every byte of the last three records (from note %i), the rest is kept and the tail moved aside',
  async (from) => {
    const source = makeFolder();
    const writing = openWriter(source, { writer });
    const entries = Array.from({ length: 6 }, (_, at) => writing.append(makeNote(from + at)));
    await writing.close();
    const whole = readFileSync(join(source, file));
    const starts = [0, ...[...whole.keys()].filter((at) => whole[at] === 10).map((at) => at + 1)];
    const begin = starts.at(-4) ?? 0;
    expect(begin).toBeGreaterThan(200);
    for (let size = begin; size <= whole.length; size += 1) {
      const folder = makeFolder();
      const path = join(folder, file);
      writeFileSync(path, whole.subarray(0, size));
      const end = starts.filter((it) => it <= size).at(-1) ?? 0;
      const isTorn = end < size;
      const kept = entries.slice(0, starts.filter((it) => it <= size).length - 2);

      const torn = readBack(folder);
      expect(torn.entries).toEqual(kept);
      expect(torn.problems.map((it) => it.kind)).toEqual(isTorn ? ['torn-tail'] : []);
      expect((await verifyJournals(folder)).sound).toBe(!isTorn);

      const { lost, problems } = settleJournals(folder);
      expect(problems.length).toBe(isTorn ? 1 : 0);
      expect(lost).toMatchObject(isTorn ? [{ writer, lastSeq: kept.length }] : []);
      expect(readFileSync(path)).toEqual(whole.subarray(0, end));
      expect(existsSync(`${path}.bad`)).toBe(isTorn);
      if (isTorn) expect(readFileSync(`${path}.bad`)).toEqual(whole.subarray(end, size));
      expect(readBack(folder)).toEqual({ entries: kept, problems: [] });
      expect(await verifyJournals(folder)).toMatchObject({ sound: true });
      expect(settleJournals(folder)).toEqual({ lost: [], problems: [] });
    }
    tellFigures('a torn tail', { cuts: whole.length - begin + 1, lost: 0 });
  },
);

test('a first line that is torn, or a file without any, goes aside as a whole', async () => {
  const folder = makeFolder();
  await writeJournal(folder, 40, { writer, limits: { rotateBytes: 2000 } });
  const last = listJournals(folder).at(-1)?.path ?? '';
  const before = readBack(folder).entries.length;
  for (const size of [20, 0]) {
    const next = join(folder, journalName(writer, listJournals(folder).length + 1));
    copyFileSync(last, next);
    truncateSync(next, size);
    const { lost, problems } = settleJournals(folder);
    expect(lost).toMatchObject([{ writer, lastSeq: before }]);
    expect(problems.length).toBe(size === 0 ? 0 : 1);
    expect(existsSync(next)).toBe(false);
    expect(await verifyJournals(folder)).toMatchObject({ sound: true });
  }
});

test('who died between the copy and the cut is followed by one who does both again', async () => {
  const folder = makeFolder();
  await writeJournal(folder, 3, { writer });
  const path = join(folder, file);
  truncateSync(path, readFileSync(path).length - 5);
  const tail = readFileSync(path).subarray(readFileSync(path).lastIndexOf(10) + 1);
  writeFileSync(`${path}.bad`, tail);
  settleJournals(folder);
  expect(readFileSync(`${path}.bad`)).toEqual(tail);
  expect(await verifyJournals(folder)).toMatchObject({ sound: true });
});

test('a living writer is left alone, also while half a line of it is there', async () => {
  const folder = makeFolder();
  const journal = openWriter(folder, { writer });
  journal.append(makeNote(1));
  journal.flush();
  const path = join(folder, file);
  writeFileSync(path, '{"seq":2,"half', { flag: 'a' });
  expect(settleJournals(folder)).toEqual({ lost: [], problems: [] });
  expect(readFileSync(path, 'utf8')).toMatch(/half$/);
  expect(await verifyJournals(folder)).toMatchObject({
    sound: true,
    files: [{ open: true, entries: 1, writer }],
  });
  journal.append(makeNote(2));
  await journal.close();
  // It wrote over what was not its own.
  expect(readBack(folder)).toMatchObject({ entries: [{ seq: 1 }, { seq: 2 }], problems: [] });
  expect(await verifyJournals(folder)).toMatchObject({ files: [{ open: false }] });
});

test('a writer that left a lease and no last word is told as lost until it is forgotten', async () => {
  const folder = makeFolder();
  await writeJournal(folder, 3, { writer });
  leaveStaleLease(folder, writer);
  for (const _ of [1, 2])
    expect(settleJournals(folder).lost).toMatchObject([{ writer, lastSeq: 3 }]);
  for (const it of settleJournals(folder).lost) it.forget();
  expect(settleJournals(folder).lost).toEqual([]);
  expect(readLeases(folder)).toEqual([]);
});

test('a writer that said its last word, or never said one, is not lost', async () => {
  const folder = makeFolder();
  const journal = openWriter(folder, { writer });
  journal.append({ event: { type: 'recording-ended', reason: 'editor-left' } });
  await journal.close();
  const silent = '01ARZ3NDEKTSV4RRFFQ69G5FAW';
  await writeJournal(folder, 0, { writer: silent });
  for (const it of [writer, silent, '01ARZ3NDEKTSV4RRFFQ69G5FAX']) leaveStaleLease(folder, it);
  expect(settleJournals(folder)).toEqual({ lost: [], problems: [] });
  expect(readdirSync(folder).filter((it) => it.endsWith('.live'))).toEqual([]);
});

test('a writer whose thread died in this process is lost when the process says so', async () => {
  const folder = makeFolder();
  const journal = openWriter(folder, { writer });
  journal.append(makeNote(1));
  await journal.acknowledge();
  expect(settleJournals(folder).lost).toEqual([]);
  const { lost } = settleJournals(folder, [writer]);
  expect(lost).toMatchObject([{ writer, lastSeq: 1 }]);
  lost[0]?.forget();
  expect(readLeases(folder)).toEqual([]);
  await journal.close();
});

test('a damaged last line does not hide how far the writer came', async () => {
  const folder = makeFolder();
  await writeJournal(folder, 5, { writer });
  const path = join(folder, file);
  writeFileSync(path, readFileSync(path, 'utf8').replace('note 5', 'note 6'));
  leaveStaleLease(folder, writer);
  const bytes = readFileSync(path);
  expect(settleJournals(folder)).toMatchObject({ lost: [{ lastSeq: 4 }], problems: [] });
  // It is whole, so it is no torn tail: verify goes on telling of it.
  expect(readFileSync(path)).toEqual(bytes);
  expect(await verifyJournals(folder)).toMatchObject({ problems: [{ kind: 'bad-line' }] });
});

/** As a process leaves it that is gone. */
function leaveStaleLease(folder: string, of: string): void {
  const lease = takeLease(folder, of);
  const path = join(folder, `${of}.live`);
  const text = readFileSync(path, 'utf8');
  lease.release();
  writeFileSync(path, text.replace(/"started":"\d+"/, '"started":"1"'));
}
