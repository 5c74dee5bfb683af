/** Asks an index many things, and asks the plain rows the same, in the plainest way there is. */
import type { LogShow, SessionCard, TurnCard } from '../../../src/contract/types.gen.ts';
import type { Entry } from '../../../src/journal/entry.ts';
import { askCounts } from '../../../src/store/index/ask-counts.ts';
import { askLog, type LogFound, type LogWish } from '../../../src/store/index/ask-log.ts';
import { askShow } from '../../../src/store/index/ask-show.ts';
import { findId } from '../../../src/store/index/find-id.ts';
import type { TraceIndex } from '../../../src/store/index/trace-index.ts';
import { isGone, showSession, showTurn, stateOfTurn } from '../../../src/trace/cards.ts';
import type { ClaimRow, TurnRow } from '../../../src/trace/rows.ts';
import { openShelf } from '../../../src/trace/shelf.ts';

export const isRunning = (): boolean => true;

export const wishes: readonly LogWish[] = [
  { limit: 1000 },
  { limit: 3 },
  { limit: 1000, grep: 'rename' },
  { limit: 1000, grep: 'Parser NAIVE' },
  { limit: 1000, grep: '試' },
  { limit: 1000, grep: 'foo_bar undef' },
  { limit: 1000, path: 'src' },
  { limit: 1000, path: 'docs/ü.md' },
  { limit: 1000, path: '.' },
  { limit: 1000, path: '/elsewhere/x' },
  { limit: 1000, agent: 'Codex' },
  { limit: 1000, agent: 'zed', grep: 'tests' },
  { limit: 1000, since: 1_790_000_020_000 },
  { limit: 1000, until: 1_790_000_020_000 },
];

export type Answers = {
  readonly log: readonly LogFound[];
  readonly show: readonly Omit<LogShow['result'], 'behind'>[];
  readonly counts: unknown;
};

/** Everything that can be asked of it. */
export async function askAll(index: TraceIndex): Promise<Answers> {
  return index.ask((database) => {
    const log = wishes.map((it) => askLog(database, it, isRunning));
    const ids = (log[0]?.sessions ?? []).flatMap((it) => [it.id, ...it.turns.map((t) => t.id)]);
    const show = ids.map((id) => askShow(database, findId(database, id), isRunning));
    return { log, show, counts: askCounts(database) };
  });
}

/** What the log has to answer, by looking at every row. */
export function answerPlainly(entries: readonly Entry[], wish: LogWish): LogFound {
  const shelf = openShelf();
  for (const it of entries) shelf.take(it);
  const { turns, steps, claims, texts, losses } = shelf.tables;
  const writerOf = (name: string) => {
    const row = shelf.writers.get(name);
    if (row === undefined) throw new Error(`no writer ${name}`);
    return row;
  };
  const goneOf = (name: string) => isGone(writerOf(name), [...losses.values()], isRunning);
  const whole = (it: TurnRow) =>
    it.origin !== undefined && it.session !== undefined && it.startedAt !== undefined;
  const all = [...turns.values()].filter(whole).sort(byOrder);
  const isOf = (turn: TurnRow) => (it: { turn?: string; writer: string }) =>
    it.turn === turn.id && it.writer === turn.writer;

  const told = [...steps.values()];
  const mayBeTrue = (claim: ClaimRow) => {
    const step = told.find((it) => it.id === claim.step && it.writer === claim.writer);
    if (!claim.changed || /^(failed|rejected)$/.test(step?.outcome ?? '')) return false;
    const asked = told.filter(
      (it) => it.kind === 'permission' && it.on === step?.id && it.turn === step?.turn,
    );
    const isRefused = asked.some(
      (it) => it.writer === step?.writer && /^(rejected|cancelled|failed)$/.test(it.outcome ?? ''),
    );
    return step === undefined || step.outcome === 'completed' || !isRefused;
  };

  const countProblems = (turn: TurnRow, kind: string) =>
    [...shelf.tables.problems.values()].filter(
      (it) => it.session === turn.session && it.turn === turn.id && it.kind === kind,
    ).length;
  const card = (turn: TurnRow): TurnCard => {
    const own = told.filter((it) => isOf(turn)(it) && it.kind !== undefined);
    const tools = own.filter((it) => it.kind === 'tool');
    const changed = [...claims.values()].filter((it) => isOf(turn)(it) && mayBeTrue(it));
    return showTurn(turn, {
      n: all.filter((it) => it.session === turn.session).indexOf(turn) + 1,
      gone: goneOf(turn.writer),
      branch: writerOf(turn.writer).branch,
      steps: own.length,
      tools: tools.length,
      failed: tools.filter((it) => it.outcome === 'failed').length,
      overwritten: countProblems(turn, 'overwritten'),
      stale: countProblems(turn, 'stale'),
      files: [...new Set(changed.map((it) => it.path))].sort(),
    });
  };
  const sessionCard = (session: string, cards: TurnCard[]): SessionCard => {
    const own = all.filter((it) => it.session === session);
    const last = own.at(-1);
    const sights = [...shelf.openings.values()]
      .filter((it) => it.session === session)
      .map((opening) => ({
        opening,
        writer: writerOf(opening.writer),
        gone: goneOf(opening.writer),
      }));
    return showSession(sights, {
      turns: cards,
      turnCount: own.length,
      newest: last && stateOfTurn(last, goneOf(last.writer)),
    });
  };
  const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const textOf = (turn: TurnRow) => {
    const own = [...texts.values()].filter(isOf(turn));
    const said = new Map<string | undefined, string>();
    for (const it of own) said.set(it.step, (said.get(it.step) ?? '') + it.text);
    return plain([...said.values()].join('\n'));
  };
  const hasWord = (text: string, word: string) =>
    /^\p{Lo}+$/u.test(word)
      ? text.includes(word)
      : new RegExp(`(?<![\\p{L}\\p{N}])${word}`, 'u').test(text);
  const hasPath = (turn: TurnRow, path: string) =>
    [...claims.values()].some(
      (it) =>
        isOf(turn)(it) &&
        mayBeTrue(it) &&
        (path === '.'
          ? !it.path.startsWith('/')
          : it.path === path || it.path.startsWith(`${path}/`)),
    );
  type Place = { startedAt?: number; writer: string };
  const fits = ({ startedAt = 0, writer }: Place) => {
    const { agent = '', label = '' } = writerOf(writer);
    const named =
      wish.agent === undefined || plain(`${agent}\n${label}`).includes(plain(wish.agent));
    return named && (wish.since ?? 0) <= startedAt && startedAt <= (wish.until ?? Infinity);
  };
  const wanted = all.filter(
    (it) =>
      fits(it) &&
      (wish.grep === undefined ||
        wish.grep.split(' ').every((word) => hasWord(textOf(it), plain(word)))) &&
      (wish.path === undefined || hasPath(it, wish.path)),
  );
  const turnless = [...shelf.openings.values()]
    .filter((it) => wish.grep === undefined && wish.path === undefined && fits(it))
    .filter((it) => !all.some((turn) => turn.session === it.session))
    .sort(byOrder)
    .reverse()
    .filter((it, at, those) => those.findIndex((other) => other.session === it.session) === at);
  const items = [...wanted, ...turnless].sort(byOrder).reverse();
  const sessions = new Map<string, TurnCard[]>();
  for (const it of items.slice(0, wish.limit)) {
    const session = it.session ?? '';
    const cards = sessions.get(session) ?? [];
    sessions.set(session, 'id' in it ? [...cards, card(it)] : cards);
  }
  return {
    sessions: [...sessions].map(([session, cards]) => sessionCard(session, cards)),
    more: wish.limit < items.length,
  };
}

function byOrder(a: Placed, b: Placed): number {
  return (
    (a.stamp ?? 0) - (b.stamp ?? 0) || compare(a.writer, b.writer) || (a.seq ?? 0) - (b.seq ?? 0)
  );
}

type Placed = { stamp?: number; writer: string; seq?: number };

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(b < a);
}
