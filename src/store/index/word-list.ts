/** Enters texts into the full-text table. */
import type { TextRow } from '../../trace/rows.ts';
import type { Database } from './driver.ts';
import { textsPerTurn } from './tables.ts';
import { endOfWord, spaceOut } from './words.ts';

export type WordList = {
  /** `no` is the text's own number. */
  add(no: number, text: TextRow): void;
  write(): void;
};

export function openWordList(database: Database): WordList {
  const insert = database.prepare('INSERT INTO words (rowid, text) VALUES (?, ?)');
  const find = database
    .prepare(
      'SELECT part, text FROM texts WHERE no >= ? AND no < ? AND step = ? AND part < ? ORDER BY part DESC',
    )
    .raw();
  const waiting: { no: number; words: string }[] = [];
  const latest = new Map<string, { part: number; end: string }>();

  /** What of a word is in the parts before. A part may be less than a word. */
  function endBefore(no: number, { step, part, writer }: TextRow): string {
    if (step === undefined || part === 0) return '';
    const known = latest.get(`${writer}\n${step}`);
    if (known?.part === part - 1) return known.end;
    const first = no - (no % textsPerTurn);
    let before = '';
    let next = part - 1;
    for (const [at, text] of find.iterate(first, no, step, part) as Iterable<[number, string]>) {
      if (at !== next) break;
      before = text + before;
      next -= 1;
      if (endOfWord(before).length < before.length) break;
    }
    return endOfWord(before);
  }

  return {
    add(no, row) {
      const before = endBefore(no, row);
      waiting.push({ no, words: spaceOut(before + row.text) });
      if (row.step === undefined) return;
      const end = endOfWord(before + row.text);
      latest.set(`${row.writer}\n${row.step}`, { part: row.part, end });
    },
    write() {
      // The full-text table writes its list of words each time a number goes back.
      waiting.sort((a, b) => a.no - b.no);
      for (const { no, words } of waiting) insert.run(no, words);
      waiting.length = 0;
      latest.clear();
    },
  };
}
