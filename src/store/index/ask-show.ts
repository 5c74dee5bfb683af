/** Asks the index for one session, turn or step in full. */
import type { LogShow, PlanEntry, StepCard, TurnCard } from '../../contract/types.gen.ts';
import { showStep } from '../../trace/cards.ts';
import type { Database } from './driver.ts';
import type { Named } from './find-id.ts';
import { type IsRunning, type NumberedTurn, openSights } from './sights.ts';
import { decodeRow, listed, textsPerTurn } from './tables.ts';

export type Shown = Omit<LogShow['result'], 'behind' | 'tasks'>;

export function askShow(database: Database, named: Named, isRunning: IsRunning): Shown {
  const sights = openSights(database, isRunning);
  const turns = findTurns(database, named).map((no) => sights.turn(no));
  const whole = turns.filter((it) => it !== undefined);
  const cards = whole.map((it) => sights.turnCard(it));
  const first = whole[0];
  const session = sights.sessionCard(named.session, cards);
  const stepsOf = openSteps(database, partsShown[named.kind], (it) => sights.isGone(it));
  const steps = whole.flatMap(stepsOf);
  const about = { kind: named.kind, session };
  if (named.kind === 'session' || first === undefined)
    return { ...about, steps, ...planOf(database, named), problems: findProblems(database, named) };
  return {
    ...about,
    turn: cards[0] as TurnCard,
    ...promptOf(database, first),
    steps: named.kind === 'turn' ? steps : steps.filter((it) => it.id === named.id),
    ...planOf(database, named),
    problems: findProblems(database, named, first),
  };
}

/** Their numbers, oldest first. */
function findTurns(database: Database, { session, turnNo }: Named): number[] {
  if (turnNo !== undefined) return [turnNo];
  const sql = `SELECT no FROM turns WHERE session = ? AND ${listed} ORDER BY stamp, writer, seq`;
  return database.prepare(sql).pluck().all(session) as number[];
}

function promptOf(database: Database, { no }: NumberedTurn): { prompt?: string } {
  const found = database
    .prepare('SELECT text FROM texts WHERE no >= ? AND no < ? AND step IS NULL')
    .pluck()
    .get(no * textsPerTurn, (no + 1) * textsPerTurn) as string | undefined;
  return found === undefined ? {} : { prompt: found };
}

/**
 * How many parts of each text are shown, which have some 16 KB: a session may hold a day's talk, and
 * who wants all of one message asks for that step.
 */
const partsShown = { session: 1, turn: 8, step: 512 } as const;

function openSteps(
  database: Database,
  parts: number,
  isGone: (writer: string) => boolean,
): (turn: NumberedTurn) => StepCard[] {
  const findSteps = database.prepare(
    'SELECT * FROM steps WHERE "turnNo" = ? AND kind IS NOT NULL ORDER BY seq',
  );
  const findTexts = database
    .prepare(
      'SELECT step, text FROM texts WHERE no >= ? AND no < ? AND part < ? ORDER BY part, seq',
    )
    .raw();
  const findCut = database
    .prepare('SELECT step FROM texts WHERE no >= ? AND no < ? AND part = ?')
    .pluck();
  const findClaims = database.prepare('SELECT * FROM claims WHERE "turnNo" = ? ORDER BY seq, n');
  return (turn) => {
    const first = turn.no * textsPerTurn;
    const texts = new Map<string | null, string>();
    const range = [first, first + textsPerTurn, parts] as const;
    for (const [step, text] of findTexts.all(...range) as [string, string][])
      texts.set(step, (texts.get(step) ?? '') + text);
    const cut = new Set(findCut.all(...range));
    // The place that a moved file left is the same claim once more.
    const claims = findClaims.all(turn.no).map((it) => decodeRow('claims', it));
    const own = claims.filter((it) => it.n % 2 === 0);
    return findSteps.all(turn.no).map((it) => {
      const row = decodeRow('steps', it);
      return showStep(
        { ...row, turn: turn.id },
        {
          session: turn.session ?? '',
          gone: isGone(row.writer),
          text: texts.get(row.id),
          isCut: cut.has(row.id),
          claims: own.filter((claim) => claim.step === row.id).map((claim) => claim.claim),
        },
      );
    });
  };
}

/** The last word about each of the agent's plans, in what was asked for. */
function planOf(database: Database, { kind, session, id }: Named): { plan?: PlanEntry[] } {
  if (kind === 'step') return {};
  const rows = database
    .prepare('SELECT * FROM plans WHERE session = ? ORDER BY stamp, writer, seq')
    .all(session)
    .map((it) => decodeRow('plans', it))
    .filter((it) => kind === 'session' || it.turn === id);
  const latest = new Map(rows.map((it) => [it.plan, it.entries]));
  const entries = [...latest.values()].flat();
  return entries.length === 0 ? {} : { plan: entries };
}

/** Also what its writers say of no session in particular, while they were at this one. */
const problemsOfSession = `SELECT text FROM problems
  WHERE session = @session OR (session IS NULL AND EXISTS (
    SELECT 1 FROM openings WHERE openings.session = @session AND openings.writer = problems.writer
      AND problems.seq BETWEEN openings.seq AND openings."lastSeq"))
  ORDER BY stamp, writer, seq`;

const problemsOfTurn = `SELECT text FROM problems
  WHERE writer = @writer AND (turn = @id OR (turn IS NULL AND seq BETWEEN @seq AND @endSeq
    AND (session IS NULL OR session = @session)))
  ORDER BY seq`;

function findProblems(database: Database, { kind, session }: Named, turn?: NumberedTurn): string[] {
  if (kind === 'step') return [];
  const found =
    turn === undefined
      ? database.prepare(problemsOfSession).pluck().all({ session })
      : database
          .prepare(problemsOfTurn)
          .pluck()
          .all({ endSeq: Number.MAX_SAFE_INTEGER, ...turn, session });
  return found as string[];
}
