/** Enters texts into the full-text table. */
import type { TextRow } from '../../trace/rows.ts';
import type { Database } from './driver.ts';
import { textsPerTurn } from './tables.ts';
import { searchable } from './words.ts';

export type WordList = {
  /** `no` is the text's own number. */
  add(no: number, text: TextRow): void;
  write(): void;
};

export function openWordList(database: Database): WordList {
  const insert = database.prepare('INSERT INTO words (rowid, text) VALUES (?, ?)');
  const find = database
    .prepare(
      'SELECT text FROM texts WHERE no >= ? AND no < ? AND step = ? AND part = ? ORDER BY no DESC',
    )
    .pluck();
  const waiting: { no: number; words: string }[] = [];
  const latest = new Map<string, { part: number; text: string }>();

  function textBefore(no: number, { step, part, writer }: TextRow): string {
    if (step === undefined || part === 0) return '';
    const known = latest.get(`${writer}\n${step}`);
    if (known?.part === part - 1) return known.text;
    const first = no - (no % textsPerTurn);
    return (find.get(first, no, step, part - 1) as string | undefined) ?? '';
  }

  return {
    add(no, row) {
      waiting.push({ no, words: searchable(row.text, textBefore(no, row)) });
      if (row.step !== undefined) latest.set(`${row.writer}\n${row.step}`, row);
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
