/** Reading journals back, whole and damaged. */
import { chmodSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sealLine } from '../../src/store/journal-line.ts';
import { journalName, listJournals } from '../../src/store/journal-names.ts';
import type { JournalCursor } from '../../src/store/journal-place.ts';
import { readJournalFile } from '../../src/store/journal-reader.ts';
import { verifyJournals } from '../../src/store/verify-journals.ts';
import { longestMs, seed, sizeOf, tellFigures } from '../soak.ts';
import {
  makeFolder,
  makeNote,
  openDice,
  openWriter,
  readBack,
  writeJournal,
} from './make-journal.ts';

const writer = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

function onlyFile(folder: string): string {
  return listJournals(folder)[0]?.path ?? '';
}

function changeLines(path: string, change: (lines: string[]) => void): void {
  const lines = readFileSync(path, 'utf8').split('\n');
  change(lines);
  writeFileSync(path, lines.join('\n'));
}

async function kindsIn(folder: string): Promise<string[]> {
  const { problems, sound } = await verifyJournals(folder);
  expect(sound).toBe(problems.length === 0);
  return problems.map((it) => it.kind);
}

test('fault 5: every bit flip is found, and costs the record it hits and no other', {
  timeout: longestMs,
}, async () => {
  const dice = openDice(seed);
  const folder = makeFolder();
  const entries = await writeJournal(folder, 40, { limits: { rotateBytes: 3000 } });
  const files = listJournals(folder);
  expect(files.length).toBeGreaterThan(2);
  const rounds = sizeOf(1000, 20_000);
  for (let round = 0; round < rounds; round += 1) {
    const { path, name } = files[Math.floor(dice() * files.length)] ?? { path: '', name: '' };
    const good = readFileSync(path);
    const at = Math.floor(dice() * good.length);
    const bad = Buffer.from(good);
    bad.writeUInt8(good.readUInt8(at) ^ (1 << Math.floor(dice() * 8)), at);
    writeFileSync(path, bad);
    const where = `seed ${seed}, round ${round}: byte ${at} of ${name}`;
    const hit = seqAt(good, at);
    const read = readBack(folder);
    const verdict = await verifyJournals(folder);
    expect(verdict.sound, where).toBe(false);
    expect(
      verdict.problems.map((it) => it.file),
      where,
    ).toContain(name);
    const others = (it: { seq: number }) => it.seq !== hit;
    expect(read.entries.filter(others), where).toEqual(entries.filter(others));
    // What was hit is there as it was written, or not at all.
    for (const entry of read.entries) expect(entry, where).toEqual(entries[entry.seq - 1]);
    writeFileSync(path, good);
  }
  expect((await verifyJournals(folder)).sound).toBe(true);
  tellFigures('bits of a journal flipped', { flips: rounds, found: rounds, lost: 0 });
});

/** Undefined for a file's first line. */
function seqAt(bytes: Buffer, at: number): number | undefined {
  const start = at === 0 ? 0 : bytes.lastIndexOf(10, at - 1) + 1;
  const line = JSON.parse(bytes.toString('utf8', start, bytes.indexOf(10, at))) as object;
  return 'event' in line && 'seq' in line ? (line.seq as number) : undefined;
}

test('a line taken out, put twice, moved or exchanged breaks the chain', async () => {
  const changes: ((lines: string[]) => void)[] = [
    (lines) => lines.splice(3, 1),
    (lines) => lines.splice(3, 0, lines[3] ?? ''),
    (lines) => lines.splice(3, 2, lines[4] ?? '', lines[3] ?? ''),
    (lines) =>
      lines.splice(
        3,
        1,
        sealLine(
          '{"seq":3,"at":1,"mono":1,"event":{"type":"x"},"prev":"0000000000000000"',
        ).text.trim(),
      ),
  ];
  for (const change of changes) {
    const folder = makeFolder();
    await writeJournal(folder, 8);
    changeLines(onlyFile(folder), change);
    expect(await kindsIn(folder)).toContain('bad-chain');
  }
});

test('a missing number breaks the chain unless it is accounted for', async () => {
  const { text: header, sum } = sealLine(
    `{"clew":"journal","v":1,"writer":"${writer}","file":1,"seq":0,"at":1,"workspace":"w","prev":"${'0'.repeat(16)}"`,
  );
  const kindsAfter = async (lost: number) => {
    const folder = makeFolder();
    const event = JSON.stringify({ type: 'recording-resumed', why: 'x', lost, afterMs: 1 });
    const line = sealLine(`{"seq":4,"at":1,"mono":0,"event":${event},"prev":"${sum}"`);
    writeFileSync(`${folder}/${journalName(writer, 1)}`, header + line.text);
    expect(readBack(folder).entries.length).toBe(1);
    return kindsIn(folder);
  };
  expect(await kindsAfter(3)).toEqual([]);
  for (const lost of [0, 2, 4]) expect(await kindsAfter(lost)).toEqual(['bad-chain']);
});

test('a bad line in the middle is told with file, line and byte, and stays where it is', async () => {
  const folder = makeFolder();
  const entries = await writeJournal(folder, 5, { writer });
  const path = onlyFile(folder);
  changeLines(path, (lines) => lines.splice(2, 1, (lines[2] ?? '').replace('note 2', 'note 7')));
  const bytes = readFileSync(path);
  const read = readBack(folder);
  const file = journalName(writer, 1);
  const offset = bytes.indexOf('{"seq":2');
  expect(read.problems).toMatchObject([{ file, kind: 'bad-line', line: 3, offset }]);
  expect(read.entries).toEqual(entries.filter((it) => it.seq !== 2));
  expect(readFileSync(path)).toEqual(bytes);
});

test('what is wrong with a first line is told, and the entries are read all the same', async () => {
  const folder = makeFolder();
  const entries = await writeJournal(folder, 3);
  const path = onlyFile(folder);
  const good = readFileSync(path, 'utf8');
  const headless = good.slice(good.indexOf('\n') + 1);
  const foreign = sealLine(
    `{"clew":"journal","v":1,"writer":"X","file":1,"seq":0,"at":1,"workspace":"w","prev":"${'0'.repeat(16)}"`,
  );
  for (const text of [headless, `rubbish\n${headless}`, foreign.text + headless]) {
    writeFileSync(path, text);
    const read = readBack(folder);
    expect(read.entries).toEqual(entries);
    expect(read.problems[0]?.kind).toBe('bad-header');
  }
});

test('a file of a newer version is not read on', async () => {
  const folder = makeFolder();
  const { text } = sealLine(
    `{"clew":"journal","v":2,"writer":"${writer}","file":1,"seq":0,"at":1,"workspace":"w","prev":"${'0'.repeat(16)}","new":1`,
  );
  writeFileSync(`${folder}/${journalName(writer, 1)}`, `${text}something else\n`);
  expect(readBack(folder)).toMatchObject({ entries: [], problems: [{ kind: 'newer-version' }] });
  expect(await kindsIn(folder)).toEqual(['newer-version']);
});

test('unknown keys and unknown events are no problem', async () => {
  const folder = makeFolder();
  const header = sealLine(
    `{"clew":"journal","v":1,"writer":"${writer}","file":1,"seq":0,"at":1,"workspace":"w","later":true,"prev":"${'0'.repeat(16)}"`,
  );
  const line = sealLine(
    `{"seq":1,"at":1,"mono":0,"colour":"red","event":{"type":"never-heard-of","x":[]},"prev":"${header.sum}"`,
  );
  writeFileSync(`${folder}/${journalName(writer, 1)}`, header.text + line.text);
  expect(readBack(folder)).toEqual({
    entries: [{ writer, seq: 1, at: 1, mono: 0, event: { type: 'never-heard-of', x: [] } }],
    problems: [],
  });
  expect(await kindsIn(folder)).toEqual([]);
});

test('a file that is missing, exchanged or cannot be read is told', async () => {
  const folder = makeFolder();
  await writeJournal(folder, 60, { writer, limits: { rotateBytes: 2000 } });
  const files = listJournals(folder);
  expect(files.length).toBeGreaterThan(3);
  const [first, second, third] = files.map((it) => it.path) as [string, string, string];
  const kept = readFileSync(second);
  rmSync(second);
  expect(await kindsIn(folder)).toEqual(['missing-file']);
  writeFileSync(second, readFileSync(third));
  expect(await kindsIn(folder)).toContain('bad-chain');
  writeFileSync(second, kept.subarray(0, kept.lastIndexOf(10, kept.length - 2) + 1));
  expect(await kindsIn(folder)).toEqual(['bad-chain']);
  writeFileSync(second, kept);
  expect(await kindsIn(folder)).toEqual([]);
  chmodSync(first, 0);
  if (process.getuid?.() !== 0) expect(await kindsIn(folder)).toEqual(['unreadable']);
  expect([...readJournalFile(folder)]).toMatchObject([{ problem: { kind: 'unreadable' } }]);
  expect([...readJournalFile(`${first}.no`)]).toMatchObject([
    { problem: { kind: 'missing-file' } },
  ]);
});

test('reading goes on from any cursor as if it had never stopped', async () => {
  const folder = makeFolder();
  const entries = await writeJournal(folder, 30);
  const path = onlyFile(folder);
  const cursors: JournalCursor[] = [];
  for (const item of readJournalFile(path))
    if ('entry' in item) cursors.push({ offset: item.offset, seq: item.entry.seq, sum: item.sum });
  for (const cursor of cursors) {
    const rest = [...readJournalFile(path, cursor)].map((it) => ('entry' in it ? it.entry : it));
    expect(rest).toEqual(entries.slice(cursor.seq));
  }
  const last = cursors.at(-1) as JournalCursor;
  const elsewhere = { ...(cursors[4] as JournalCursor), sum: '0'.repeat(16) };
  expect([...readJournalFile(path, elsewhere)][0]).toMatchObject({
    problem: { kind: 'bad-chain' },
  });
  truncateSync(path, 500);
  expect([...readJournalFile(path, last)]).toMatchObject([{ problem: { kind: 'bad-chain' } }]);
});

test('lines longer than any buffer are read', async () => {
  const folder = makeFolder();
  const journal = openWriter(folder);
  const sizes = [10, 1 << 20, (1 << 20) + 1, 5 << 20, 3, (1 << 20) - 190];
  const entries = sizes.map((size) =>
    journal.append({ event: { type: 'message-said', text: 'ü'.repeat(size / 2) } as never }),
  );
  entries.push(journal.append(makeNote(1)));
  await journal.close();
  expect(readBack(folder)).toEqual({ entries, problems: [] });
});
