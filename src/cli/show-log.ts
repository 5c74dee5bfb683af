/** Lays out sessions and their turns for people. */
import type { LogQuery, SessionCard, TurnCard } from '../contract/types.gen.ts';
import { showCost, showCount } from './amounts.ts';
import { type Cell, layOut } from './grid.ts';
import type { Io } from './io.ts';
import { showAge, showDuration } from './moments.ts';
import { nameOutcome } from './name-outcome.ts';
import { openPaint, type Paint, paintOutcome } from './paint.ts';
import { showLine } from './printable.ts';
import { cutToWidth } from './width.ts';

type Screen = Pick<Io, 'columns' | 'usesColor' | 'now'>;

/** The columns of a turn: id, age, duration, tools, files, outcome, prompt. */
const yields = [
  [6, 16],
  [4, 8],
  [3, 7],
  [4, 0],
  [3, 0],
  [2, 0],
  [6, 8],
  [5, 6],
  [6, 0],
  [1, 6],
  [5, 0],
  [1, 0],
] as const;

export function showLog({ sessions, more, behind }: LogQuery['result'], screen: Screen): string {
  const paint = openPaint(screen);
  if (sessions.length === 0 && behind !== true) return 'nothing found\n';
  const lines: string[] = [];
  // All turns are laid out together, so that columns stand under each other from session to session.
  const rows = sessions.flatMap((it) =>
    it.turns.map((turn) => showTurn(turn, screen.now(), paint)),
  );
  const laid = layOut(rows, { indent: '  ', columns: screen.columns, yields });
  for (const session of sessions) {
    if (lines.length > 0) lines.push('');
    lines.push(...showSession(session, screen, paint));
    lines.push(...laid.splice(0, session.turns.length));
  }
  if (more) lines.push('', paint('There are older turns: narrow it, or raise --limit.', 'faint'));
  if (behind === true)
    lines.push('', paint('The index is being built; this may not be all. Ask again soon.', 'odd'));
  return `${lines.join('\n')}\n`;
}

/** The end of an id, as people type it. */
export function shortId(id: string): string {
  return showLine(id.slice(-6).toLowerCase());
}

function showSession(session: SessionCard, screen: Screen, paint: Paint): string[] {
  const { id, title, state } = session;
  const about = [...describeSession(session), showAge(session.lastAt, screen.now())].join(' · ');
  const width = (screen.columns ?? Number.POSITIVE_INFINITY) - shortId(id).length - 2;
  const mark = state === 'ended' ? '' : ` · ${state}`;
  const cut = cutToWidth(about, width - mark.length);
  const head = `${paint(shortId(id), 'strong')}  ${cut}${paintOutcome(paint, state, mark)}`;
  if (title === undefined) return [head];
  const shown = cutToWidth(showLine(title), (screen.columns ?? Number.POSITIVE_INFINITY) - 2);
  return [head, `  ${paint(shown, 'strong')}`];
}

/** Who it was with, where, and what it came to. */
export function describeSession(session: SessionCard): string[] {
  const { agent, agentVersion, label, branch, model, cost, turnCount, holes } = session;
  // A host that records its own steps has a label and no agent.
  const named = agent ?? label ?? 'unknown agent';
  return [
    [named, agentVersion].filter((it) => it !== undefined).join(' '),
    agent === undefined ? undefined : label,
    branch === undefined ? undefined : `on ${branch}`,
    model,
    showCount(turnCount, 'turn'),
    cost === undefined ? undefined : showCost(cost),
    holes === undefined ? undefined : showCount(holes, 'hole'),
  ]
    .filter((it) => it !== undefined)
    .map(showLine);
}

function showTurn(turn: TurnCard, now: number, paint: Paint): Cell[] {
  const outcome = nameOutcome(turn.state === 'ended' ? (turn.outcome ?? turn.state) : turn.state);
  return [
    { text: shortId(turn.id), paint: (it) => paint(it, 'name') },
    { text: showAge(turn.startedAt, now) },
    { text: turn.durationMs === undefined ? '' : showDuration(turn.durationMs) },
    { text: describeTools(turn) },
    { text: describeFiles(turn) },
    {
      text: [showLine(outcome), ...describeTroubles(turn)].join(', '),
      paint: (it) => paintOutcome(paint, turn.overwritten === undefined ? outcome : 'failed', it),
    },
    showPrompt(turn, paint),
  ];
}

function showPrompt({ prompt, origin }: TurnCard, paint: Paint): Cell {
  if (prompt !== undefined) return { text: showLine(prompt) };
  const text = origin === 'agent' ? '(begun by the agent)' : '';
  return { text, paint: (it) => paint(it, 'faint') };
}

export function describeTools({ tools, failed }: TurnCard): string {
  if (tools === 0) return '';
  const all = showCount(tools, 'tool');
  return failed === 0 ? all : `${all}, ${failed} failed`;
}

/** Lines of others that were overwritten, and edits that were found stale. */
export function describeTroubles({ overwritten, stale }: TurnCard): string[] {
  return [
    overwritten === undefined ? undefined : `${overwritten} overwritten`,
    stale === undefined ? undefined : `${stale} stale`,
  ].filter((it) => it !== undefined);
}

const fileWidth = 24;

/** One by its name, which its end tells best; of more their number. */
function describeFiles({ files }: TurnCard): string {
  const [first, second] = files;
  if (first === undefined) return '';
  if (second !== undefined) return showCount(files.length, 'file');
  const name = showLine(first);
  return name.length <= fileWidth ? name : `…${name.slice(-fileWidth)}`;
}
