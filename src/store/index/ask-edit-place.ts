/** Asks the index where a tool call, or a turn, was recorded. */
import type { Database } from './driver.ts';

export type EditPlace = {
  readonly turn: string;
  /** When it began. */
  readonly messageAt: number | null;
  readonly writer: string;
  readonly seq: number | null;
};

export function askEditPlace(database: Database, id: string): EditPlace | undefined {
  const ofStep = database.prepare(`SELECT turns.id AS turn, turns."startedAt" AS "messageAt",
      steps.writer AS writer, steps.seq AS seq
    FROM steps JOIN turns ON turns.no = steps."turnNo" WHERE steps.id = ? LIMIT 1`);
  const ofTurn = database.prepare(`SELECT id AS turn, "startedAt" AS "messageAt", writer, seq
    FROM turns WHERE id = ? LIMIT 1`);
  return (ofStep.get(id) ?? ofTurn.get(id)) as EditPlace | undefined;
}
