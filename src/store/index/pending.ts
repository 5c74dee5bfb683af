/** Gathers what entries change until it is written, so that a row that changes often is written once. */
import type { Entry } from '../../journal/entry.ts';
import { foldEntry } from '../../trace/fold.ts';
import type { Change, ClaimRow, TextRow } from '../../trace/rows.ts';
import type { Database } from './driver.ts';
import { openGathering, prepareInsert, type Row } from './gathering.ts';
import { openRowCache } from './row-cache.ts';
import { encodeRow, textsPerTurn } from './tables.ts';
import { openTurnNumbers } from './turn-numbers.ts';
import { openWordList } from './word-list.ts';

export type Pending = {
  take(entry: Entry): void;
  /** Writes down what was gathered. All of it belongs into one transaction. */
  write(): void;
};

export function openPending(database: Database): Pending {
  const writers = openRowCache(database, 'writers', ['writer']);
  const openings = openRowCache(database, 'openings', ['writer', 'session']);
  const gathered = {
    losses: openGathering(database, 'losses'),
    plans: openGathering(database, 'plans'),
    marks: openGathering(database, 'marks'),
    problems: openGathering(database, 'problems'),
    turns: openGathering(database, 'turns'),
    steps: openGathering(database, 'steps'),
  };
  const numbers = openTurnNumbers(database);
  const wordList = openWordList(database);
  const addText = prepareInsert(database, 'texts');
  const addClaim = prepareInsert(database, 'claims');

  function applyText(row: TextRow): void {
    const turnNo = numbers.of(row.writer, row.turn);
    const no = turnNo * textsPerTurn + numbers.nextText(turnNo);
    addText.run(encodeRow('texts', { ...row, no, turnNo }));
    wordList.add(no, row);
  }

  function applyClaim(row: ClaimRow): void {
    const turnNo = numbers.of(row.writer, row.turn);
    addClaim.run(encodeRow('claims', { ...row, turnNo }));
  }

  function apply(change: Change): void {
    const { how, table, row } = change;
    if (table === 'texts') applyText(row);
    else if (table === 'claims') applyClaim(row);
    else gathered[table].add(how, { ...row, ...numberOf(change) });
  }

  function numberOf({ table, row }: Change): Row {
    if (table === 'turns') return { no: numbers.of(row.writer, row.id) };
    if (table !== 'steps' || row.turn === undefined) return {};
    return { turnNo: numbers.of(row.writer, row.turn) };
  }

  return {
    take(entry) {
      const { writer, session } = entry;
      const opening = session === undefined ? undefined : openings.get(writer, session);
      const folded = foldEntry({ writer: writers.get(writer), opening }, entry);
      writers.set(folded.writer, writer);
      if (folded.opening !== undefined)
        openings.set(folded.opening, writer, folded.opening.session);
      for (const change of folded.changes) apply(change);
    },
    write() {
      writers.write();
      openings.write();
      for (const each of Object.values(gathered)) each.write();
      wordList.write();
    },
  };
}
