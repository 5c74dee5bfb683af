/** Reads from the index who saw a session, and what becomes of it on cards. */
import type { SessionCard, TurnCard } from '../../contract/types.gen.ts';
import { isGone, type Sight, showSession, showTurn, stateOfTurn } from '../../trace/cards.ts';
import type { LossRow, TurnRow, WriterRow } from '../../trace/rows.ts';
import type { Database } from './driver.ts';
import { decodeRow, listed, wasChanged } from './tables.ts';

/** Says which writers are still running, as far as this machine can know. */
export type IsRunning = (writer: string) => boolean;

/** A turn as the index keeps it, with its number. */
export type NumberedTurn = TurnRow & { readonly no: number };

export type Sights = {
  turn(no: number): NumberedTurn | undefined;
  turnCard(turn: NumberedTurn): TurnCard;
  /** With the turns that it is given. */
  sessionCard(session: string, turns: readonly TurnCard[]): SessionCard;
  sightsOf(session: string): readonly Sight[];
  isGone(writer: string): boolean;
};

const order = 'stamp, writer, seq';
const newestFirst = 'stamp DESC, writer DESC, seq DESC';

export function openSights(database: Database, isRunning: IsRunning): Sights {
  const losses = database.prepare('SELECT * FROM losses').all() as LossRow[];
  const writers = new Map<string, WriterRow>();
  const gone = new Map<string, boolean>();

  const findWriter = database.prepare('SELECT * FROM writers WHERE writer = ?');
  const findOpenings = database.prepare('SELECT * FROM openings WHERE session = ?');
  const findTurn = database.prepare('SELECT * FROM turns WHERE no = ?');
  const countTurns = database
    .prepare(`SELECT count(*) FROM turns WHERE session = ? AND ${listed}`)
    .pluck();
  const rank = database
    .prepare(
      `SELECT count(*) FROM turns WHERE session = ? AND (${order}) <= (?, ?, ?) AND ${listed}`,
    )
    .pluck();
  const newestTurn = database.prepare(
    `SELECT writer, outcome FROM turns WHERE session = ? AND ${listed} ORDER BY ${newestFirst} LIMIT 1`,
  );
  const countSteps = database
    .prepare(
      `SELECT count(*), coalesce(sum(kind = 'tool'), 0),
         coalesce(sum(kind = 'tool' AND outcome = 'failed'), 0)
       FROM steps WHERE turnNo = ? AND kind IS NOT NULL`,
    )
    .raw();
  const countTroubles = database
    .prepare(
      `SELECT coalesce(sum(kind = 'overwritten'), 0), coalesce(sum(kind = 'stale'), 0)
       FROM problems WHERE session = ? AND turn = ? AND kind IS NOT NULL`,
    )
    .raw();
  const findFiles = database
    .prepare(`SELECT DISTINCT path FROM claims WHERE "turnNo" = ? AND ${wasChanged} ORDER BY path`)
    .pluck();

  function writerOf(name: string): WriterRow {
    const known = writers.get(name) ?? decodeRow('writers', findWriter.get(name));
    writers.set(name, known);
    return known;
  }

  function isWriterGone(name: string): boolean {
    const known = gone.get(name) ?? isGone(writerOf(name), losses, isRunning);
    gone.set(name, known);
    return known;
  }

  function sightsOf(session: string): Sight[] {
    return findOpenings.all(session).map((it) => {
      const opening = decodeRow('openings', it);
      const { writer } = opening;
      return { opening, writer: writerOf(writer), gone: isWriterGone(writer) };
    });
  }

  return {
    sightsOf,
    isGone: isWriterGone,
    turn(no) {
      const found = findTurn.get(no);
      if (found === undefined) return undefined;
      return { ...decodeRow('turns', found), no };
    },
    turnCard(turn) {
      const [steps, tools, failed] = countSteps.get(turn.no) as [number, number, number];
      const troubles = countTroubles.get(turn.session, turn.id) as [number, number];
      const [overwritten, stale] = troubles;
      return showTurn(turn, {
        n: rank.get(turn.session, turn.stamp, turn.writer, turn.seq) as number,
        gone: isWriterGone(turn.writer),
        branch: writerOf(turn.writer).branch,
        ...{ steps, tools, failed },
        files: findFiles.all(turn.no) as string[],
        ...{ overwritten, stale },
      });
    },
    sessionCard(session, turns) {
      const found = newestTurn.get(session);
      const newest = found === undefined ? undefined : decodeRow('turns', found);
      return showSession(sightsOf(session), {
        turns,
        turnCount: countTurns.get(session) as number,
        newest: newest && stateOfTurn(newest, isWriterGone(newest.writer)),
      });
    },
  };
}
