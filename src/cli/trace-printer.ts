/** How `clew trace` prints: a tree that is drawn again and again, a line for each change, or JSON. */
import type { TraceCard, TraceRow } from '../contract/types.gen.ts';
import type { HeldRows } from '../trace/hold-rows.ts';
import type { Call } from './command.ts';
import { openLiveScreen } from './live-screen.ts';
import { showClock, showDuration } from './moments.ts';
import { openPaint, paintOutcome } from './paint.ts';
import { showJson, showLine } from './printable.ts';
import { describeRow, layOutHead, layOutTurn, type TreeScreen } from './trace-tree.ts';
import { cutToWidth } from './width.ts';

/** What a watcher is told; each of the two ways to print takes it up as it likes. */
export type TracePrinter = {
  /** What there was when it began. */
  begin(held: HeldRows, card: TraceCard | undefined): void;
  row(row: TraceRow): void;
  card(card: TraceCard): void;
  progress(step: string, content: string): void;
  stale(path: string): void;
  close(): void;
};

const everyMs = 100;
/** Below this a tree is no help. */
const fewestRows = 6;

export function openTracePrinter(call: Call): TracePrinter {
  const { io, options } = call;
  if (options['json'] === true) return openJsonPrinter(call);
  if (io.columns === undefined || options['once'] === true) return openLinePrinter(call);
  return openTreePrinter(call);
}

function openJsonPrinter({ io, options }: Call): TracePrinter {
  const write = (told: object) => io.write(`${showJson(told)}\n`);
  return {
    begin(held, card) {
      if (card !== undefined) write({ card });
      for (const row of held.rows()) write({ row });
    },
    row: (row) => write({ row }),
    card: (card) => write({ card }),
    progress(step, content) {
      if (options['progress'] === true) write({ progress: { step, content } });
    },
    stale: (path) => write({ stale: { path } }),
    close: () => undefined,
  };
}

/** Once as a tree, and then a line for whatever begins or ends. */
function openLinePrinter({ io, options }: Call): TracePrinter {
  const paint = openPaint(io);
  const told = new Map<string, TraceRow['status']>();
  const screen: TreeScreen = {
    columns: io.columns,
    paint,
    now: io.now(),
    frame: 0,
    saying: () => undefined,
  };

  function tell(row: TraceRow): void {
    const { id, status, endedAt, startedAt, durationMs } = row;
    if (told.get(id) === status) return;
    told.set(id, status);
    const time = showClock(status === 'running' ? startedAt : (endedAt ?? io.now()));
    const took =
      durationMs === undefined || durationMs === 0 ? '' : `  ${showDuration(durationMs)}`;
    const what = status === 'running' ? 'began' : status;
    const shown = paintOutcome(paint, status, what);
    const room = (io.columns ?? Number.POSITIVE_INFINITY) - time.length - what.length - took.length;
    io.write(
      `${paint(time, 'faint')}  ${shown}  ${cutToWidth(describeRow(row), room - 4)}${took}\n`,
    );
  }

  return {
    begin(held, card) {
      const rows = held.rows();
      for (const row of rows) told.set(row.id, row.status);
      const head = card === undefined ? [] : layOutHead(card, screen);
      const still = { ...screen, now: io.now() };
      const lines = [...head, ...layOutTurn(rows, still)];
      io.write(lines.map((it) => `${it}\n`).join(''));
      if (options['once'] === true) told.clear();
    },
    row: tell,
    card: () => undefined,
    progress: () => undefined,
    stale: (path) => io.write(`${showClock(io.now())}  stale  ${showLine(path)}\n`),
    close: () => undefined,
  };
}

function openTreePrinter({ io }: Call): TracePrinter {
  const paint = openPaint(io);
  const live = openLiveScreen((text) => io.write(text));
  const saying = new Map<string, string>();
  /** Turns that are printed for good. */
  const printed = new Set<string>();
  let held: HeldRows | undefined;
  let card: TraceCard | undefined;
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;
  let turn: NodeJS.Immediate | undefined;

  const screen = (): TreeScreen => ({
    columns: io.columns,
    paint,
    now: io.now(),
    frame,
    saying: (step) => saying.get(step),
  });

  /** What is over goes up for good, so that only what may change is drawn again. */
  function printOver(turns: ReadonlyMap<string, TraceRow[]>): void {
    const ids = [...turns.keys()];
    for (const [at, id] of ids.entries()) {
      const rows = turns.get(id) ?? [];
      const isLast = at === ids.length - 1;
      if (isLast || rows.some((it) => it.status === 'running')) return;
      live.print(layOutTurn(rows, screen()));
      printed.add(id);
    }
  }

  function draw(): void {
    turn = undefined;
    const turns = groupTurns(held?.rows() ?? [], printed);
    printOver(turns);
    const open = [...turns].filter(([id]) => !printed.has(id)).flatMap(([, it]) => it);
    const head = card === undefined ? [] : layOutHead(card, screen());
    const body = layOutTurn(open, screen());
    const room = Math.max(fewestRows, io.rows ?? 24) - head.length - 2;
    const hidden = Math.max(0, body.length - room);
    const above = hidden === 0 ? [] : [paint(`  … ${hidden} lines above`, 'faint')];
    live.draw([...above, ...body.slice(hidden), ...head]);
    const isMoving = open.some((it) => it.status === 'running') || card?.thinking !== undefined;
    if (isMoving && timer === undefined) timer = setInterval(tick, everyMs);
    if (!isMoving) stop();
  }

  function tick(): void {
    frame += 1;
    draw();
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
  }

  const drawSoon = () => {
    turn ??= setImmediate(draw);
  };

  return {
    begin(rows, first) {
      held = rows;
      card = first;
      draw();
    },
    row(row) {
      if (row.status !== 'running') saying.delete(row.id);
      drawSoon();
    },
    card(next) {
      if (next.id === card?.id && card.revision <= next.revision) card = next;
      drawSoon();
    },
    progress(step, content) {
      saying.set(step, content);
      drawSoon();
    },
    stale(path) {
      live.print([paint(`  ! ${showLine(path)} is no longer as the agent knows it`, 'odd')]);
      drawSoon();
    },
    close() {
      stop();
      clearImmediate(turn);
      if (held !== undefined) draw();
      stop();
      live.close();
    },
  };
}

/** In the order in which they began; what belongs to no turn goes with the one before it. */
function groupTurns(
  rows: readonly TraceRow[],
  printed: ReadonlySet<string>,
): Map<string, TraceRow[]> {
  const turns = new Map<string, TraceRow[]>();
  let last = '';
  for (const row of rows) {
    const id = row.turn ?? last;
    last = id;
    if (printed.has(id)) continue;
    turns.set(id, [...(turns.get(id) ?? []), row]);
  }
  return turns;
}
