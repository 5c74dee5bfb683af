/** Gives each turn its number in the index, and each text of a turn its number in the turn. */
import type { Database } from './driver.ts';
import { textsPerTurn } from './tables.ts';

export type TurnNumbers = {
  /** A turn that nobody has spoken of yet gets a row. */
  of(writer: string, turn: string): number;
  nextText(turnNo: number): number;
};

const turnLimit = 50_000;

export function openTurnNumbers(database: Database): TurnNumbers {
  const find = database.prepare('SELECT no FROM turns WHERE id = ? AND writer = ?').pluck();
  const last = database.prepare('SELECT max(no) FROM turns').pluck();
  const add = database.prepare('INSERT INTO turns (no, id, writer) VALUES (?, ?, ?)');
  const lastText = database.prepare('SELECT max(no) FROM texts WHERE no >= ? AND no < ?').pluck();
  const numbers = new Map<string, number>();
  const texts = new Map<number, number>();
  let next = ((last.get() as number | null) ?? 0) + 1;

  function look(writer: string, turn: string): number {
    const known = find.get(turn, writer) as number | undefined;
    if (known !== undefined) return known;
    add.run(next, turn, writer);
    texts.set(next, 0);
    next += 1;
    return next - 1;
  }

  function countTexts(turnNo: number): number {
    const first = turnNo * textsPerTurn;
    const found = lastText.get(first, first + textsPerTurn) as number | null;
    return found === null ? 0 : found - first + 1;
  }

  return {
    of(writer, turn) {
      const name = `${writer}\n${turn}`;
      const no = numbers.get(name) ?? look(writer, turn);
      if (turnLimit < numbers.size) numbers.clear();
      numbers.set(name, no);
      return no;
    },
    nextText(turnNo) {
      const no = texts.get(turnNo) ?? countTexts(turnNo);
      if (textsPerTurn <= no) throw new Error(`turn ${turnNo} has too many texts`);
      if (turnLimit < texts.size) texts.clear();
      texts.set(turnNo, no + 1);
      return no;
    },
  };
}
