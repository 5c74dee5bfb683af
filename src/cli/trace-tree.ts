/** Lays out a session as a tree of turns and steps: what is going on with a sign that turns, and how long it takes. */
import type { TraceCard, TraceRow } from '../contract/types.gen.ts';
import { showCount } from './amounts.ts';
import { showDuration } from './moments.ts';
import { nameReason } from './name-reason.ts';
import { type Paint, paintOutcome } from './paint.ts';
import { showLine } from './printable.ts';
import { shortId } from './show-log.ts';
import { cutToWidth, measureWidth } from './width.ts';

export type TreeScreen = {
  /** Undefined where nothing has to be cut. */
  readonly columns: number | undefined;
  readonly paint: Paint;
  readonly now: number;
  /** Counts up; another sign for each. */
  readonly frame: number;
  /** The end of what a step that is going on has said so far. */
  saying(step: string): string | undefined;
};

const turning = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'];
const signs = { running: '•', completed: '✓', failed: '✗', interrupted: '■' } as const;
const narrowest = 20;

export function layOutHead(card: TraceCard, screen: TreeScreen): string[] {
  const { status, title, prompt, counts, agent } = card;
  const about = [
    agent,
    title ?? prompt,
    showCount(counts.turns, 'turn'),
    showCount(counts.tools, 'tool'),
    counts.failed === 0 ? undefined : `${counts.failed} failed`,
  ];
  const said = about.filter((it) => it !== undefined).map(showLine);
  const head = `session ${shortId(card.id)}`;
  const room = (screen.columns ?? Number.POSITIVE_INFINITY) - head.length - status.length - 4;
  const shown = cutToWidth(said.join(' · '), Math.max(0, room));
  const { paint } = screen;
  const parts = [paint(head, 'strong'), paintOutcome(paint, status, status), shown];
  return [
    cutToWidth(head, screen.columns ?? head.length) === head
      ? parts.filter((it) => it !== '').join('  ')
      : cutToWidth(head, screen.columns ?? 0),
    ...(card.thinking ?? []).map(({ name, since }) =>
      layOutLine(
        {
          indent: '  ',
          sign: signOf('running', screen),
          text: `${showLine(name)} is thinking …`,
          time: showDuration(Math.max(0, screen.now - since)),
          status: 'running',
        },
        screen,
      ),
    ),
  ];
}

/** A turn with its steps, and steps that are part of others below those. */
export function layOutTurn(rows: readonly TraceRow[], screen: TreeScreen): string[] {
  const ids = new Set(rows.map((it) => it.id));
  const below = new Map<string, TraceRow[]>();
  for (const row of rows) {
    const above = aboveOf(row, ids);
    below.set(above, [...(below.get(above) ?? []), row]);
  }
  const lines: string[] = [];
  const add = (row: TraceRow, depth: number): void => {
    lines.push(...layOutRow(row, depth, screen));
    for (const it of below.get(row.id) ?? []) add(it, depth + 1);
  };
  for (const row of below.get('') ?? []) add(row, 0);
  return lines;
}

function aboveOf(row: TraceRow, ids: ReadonlySet<string>): string {
  if (row.kind === 'turn') return '';
  const above = row.parent ?? row.on;
  if (above !== undefined && above !== row.id && ids.has(above)) return above;
  return row.turn !== undefined && ids.has(row.turn) ? row.turn : '';
}

function layOutRow(row: TraceRow, depth: number, screen: TreeScreen): string[] {
  const indent = '  '.repeat(depth);
  const durationMs =
    row.durationMs ??
    (row.status === 'running' ? Math.max(0, screen.now - row.startedAt) : undefined);
  const isMoment = row.kind === 'plan' || row.kind === 'checkpoint';
  const line = layOutLine(
    {
      indent,
      sign: signOf(row.status, screen),
      text: describeRow(row),
      time: isMoment || durationMs === undefined ? '' : showDuration(durationMs),
      status: row.status,
    },
    screen,
  );
  const saying = row.status === 'running' ? screen.saying(row.id) : undefined;
  if (saying === undefined || saying.trim() === '') return [line];
  const room = (screen.columns ?? Number.POSITIVE_INFINITY) - indent.length - 4;
  const shown = cutStart(showLine(lastLine(saying)), room);
  return [line, `${indent}    ${screen.paint(shown, 'faint')}`];
}

type Line = {
  readonly indent: string;
  readonly sign: string;
  readonly text: string;
  readonly time: string;
  readonly status: TraceRow['status'];
};

/** On a narrow terminal the time goes first. */
function layOutLine({ indent, sign, text, time, status }: Line, screen: TreeScreen): string {
  const { paint, columns = Number.POSITIVE_INFINITY } = screen;
  const before = indent.length + 2;
  const leastText = Math.min(narrowest, measureWidth(text));
  const shownTime = columns < before + leastText + time.length + 2 ? '' : time;
  const room = columns - before - (shownTime === '' ? 0 : shownTime.length + 2);
  const said = cutToWidth(text, Math.max(1, room));
  const end = shownTime === '' ? '' : `  ${paint(shownTime, 'faint')}`;
  return `${indent}${paintOutcome(paint, status, sign)} ${said}${end}`;
}

function signOf(status: TraceRow['status'], { frame }: TreeScreen): string {
  return status === 'running' ? (turning[frame % turning.length] ?? '•') : signs[status];
}

/** What it is, and what about it, on one line. */
export function describeRow(row: TraceRow): string {
  const { kind, title, toolKind, toolName, role, content, outcome, problem } = row;
  const isTalk = kind === 'message' || kind === 'thought';
  const what = kind === 'tool' ? (toolKind ?? kind) : isTalk ? (role ?? kind) : kind;
  const named = kind === 'checkpoint' && title !== undefined ? nameReason(title) : title;
  const about = isTalk ? firstLine(content) : (named ?? toolName);
  const end = outcome === undefined || ordinary.has(outcome) ? undefined : outcome;
  return [what, [about, end, problem].filter((it) => it !== undefined && it !== '').join(' · ')]
    .filter((it) => it !== '')
    .map(showLine)
    .join('  ');
}

/** Their sign says it. */
const ordinary = new Set(['completed', 'failed', 'interrupted', 'end_turn', 'quiet', 'idle']);

function firstLine(text: string | undefined): string | undefined {
  return text?.trimStart().split(/[\r\n]/, 1)[0];
}

function lastLine(text: string): string {
  return (
    text
      .trimEnd()
      .split(/[\r\n]/)
      .at(-1) ?? ''
  );
}

/** The end of it is what is new. */
function cutStart(text: string, width: number): string {
  if (measureWidth(text) <= width) return text;
  const signs = [...text];
  let kept = '';
  while (signs.length > 0 && measureWidth(kept) < width - 1) kept = (signs.pop() ?? '') + kept;
  return measureWidth(kept) < width ? `…${kept}` : `…${[...kept].slice(2).join('')}`;
}
