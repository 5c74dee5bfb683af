/** Follows a workspace's journals and tells its listeners rows, cards and progress as they come. */
import type { Event, TraceRow, TraceSeq } from '../contract/types.gen.ts';
import type { Entry } from '../journal/entry.ts';
import { followJournals } from '../store/follow.ts';
import { askGround, type Ground } from '../store/index/ask-ground.ts';
import type { TraceIndex } from '../store/index/trace-index.ts';
import type { LeaseTimes } from '../store/lease.ts';
import type { Progress } from '../store/serve-progress.ts';
import { foldEntry } from '../trace/fold.ts';
import { openLiveRows } from '../trace/live-rows.ts';
import type { OpeningRow, WriterRow } from '../trace/rows.ts';
import { type FeedListener, type ListenerPorts, openListener } from './feed-listener.ts';
import { openMissingRows } from './open-missing-rows.ts';
import { openSessionCards } from './session-cards.ts';
import { watchWriters } from './watch-writers.ts';

export type Feed = {
  /** From now on everything new is told. */
  listen(ports: ListenerPorts): FeedListener;
  /** Everything up to here is in the index; what came later was or is told. */
  reached(): TraceSeq;
  readonly listeners: ReadonlySet<FeedListener>;
  drop(listener: FeedListener): void;
  close(): void;
};

export type FeedOptions = {
  readonly journal: string;
  readonly index: TraceIndex;
  readonly times?: Partial<LeaseTimes>;
  /** What went wrong where nobody waits for an answer. */
  complain(error: unknown): void;
};

const progressName = 'agent_session:step:progress';
const flushMs = 20;
/** Progress of steps whose beginning is on its way through the journal. */
const heldProgress = 500;

export async function openFeed(options: FeedOptions): Promise<Feed> {
  const { journal, index, complain } = options;
  await index.catchUp();
  const ground = await index.ask(askGround);
  const { writers, openings, seq } = layGround(ground);
  const listeners = new Set<FeedListener>();
  const progress = new Map<string, Progress>();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const lives = watchWriters({
    journal,
    ...(options.times === undefined ? {} : { times: options.times }),
    isBusy: () => 0 < listeners.size && cards.hasRunning(),
    gone: lose,
    hear: hearProgress,
  });
  const rows = openLiveRows((writer) => lives.isGone(writer));
  const cards = openSessionCards({
    index,
    isGone: (writer) => lives.isGone(writer),
    writer: (name) => writers.get(name),
    tell: tellCard,
    loaded: flushSoon,
    complain,
  });
  const missing = openMissingRows({
    index,
    isRunning: (writer) => !lives.isGone(writer),
    isWanted: (session) => !insidersOf(session).next().done,
    tell: tellRow,
    asked: flushSoon,
    complain,
  });
  /** Writers whose going was told, or was known before. */
  const lost = new Set(ground.writers.map((it) => it.writer).filter((it) => lives.isGone(it)));
  /** Of these it is told when everything that they left open was. */
  const leaving = new Set<string>();
  const following = followJournals({ folder: journal, from: ground.cursors, onEntry: take });

  function take(entry: Entry): void {
    const { writer, session, event } = entry;
    const key = `${writer} ${session}`;
    const known = { writer: writers.get(writer), opening: openings.get(key) };
    const folded = foldEntry(known, entry);
    writers.set(writer, folded.writer);
    if (folded.opening !== undefined) openings.set(key, folded.opening);
    seq[writer] = Math.max(entry.seq, seq[writer] ?? 0);
    lost.delete(writer);
    if (event.type === 'writer-lost') lose(event.writer);
    if (session === undefined) return;
    const taken = rows.take(entry, folded.changes);
    for (const row of taken.rows) tellRow(row);
    if (0 < taken.unknown.length) missing.want(session, taken.unknown);
    tellStale(event, session);
    cards.take(entry);
    for (const it of hearersOf(session)) it.pass({ [writer]: entry.seq });
    flushSoon();
  }

  function* hearersOf(session: string): Generator<FeedListener> {
    for (const it of listeners) if (it.session === undefined || it.session === session) yield it;
  }

  function* insidersOf(session: string): Generator<FeedListener> {
    for (const it of listeners) if (it.session === session) yield it;
  }

  function tellRow(row: TraceRow): void {
    const isOver = row.status !== 'running';
    const name = isOver ? 'agent_session:step:completed' : 'agent_session:step:started';
    for (const it of insidersOf(row.session)) it.tell({ name, key: row.id, params: { row } });
    const held = progress.get(row.id);
    if (isOver) progress.delete(row.id);
    else if (held !== undefined) tellProgress(held);
  }

  function tellCard(name: string, card: { readonly id: string }): void {
    // A session's own room hears of its ends too.
    for (const it of hearersOf(card.id))
      it.tell({ name, key: `${name} ${card.id}`, params: { card } });
  }

  function tellStale(event: Event, session: string): void {
    const told = staleOf(event);
    if (told === undefined) return;
    for (const it of hearersOf(session))
      it.tell({
        name: 'context:file-stale',
        key: `stale ${told.path} ${session}`,
        params: { session, ...told },
      });
  }

  function tellProgress(said: Progress): void {
    for (const it of insidersOf(said.session))
      it.tell({ name: progressName, key: undefined, params: said });
  }

  /** The socket is quicker than the journal: a step may be going on that nobody has heard of yet. */
  function hearProgress(writer: string, said: Progress): void {
    progress.delete(said.step);
    progress.set(said.step, said);
    const [oldest] = progress.keys();
    if (heldProgress < progress.size && oldest !== undefined) progress.delete(oldest);
    if (rows.isOpen(writer, said.step) || cards.isOpen(said.session, said.step)) tellProgress(said);
  }

  /** Once for each time that it goes. */
  function lose(writer: string): void {
    if (lost.has(writer)) return;
    lost.add(writer);
    for (const row of rows.lose(writer)) tellRow(row);
    // What it had left open before anybody looked.
    for (const { session } of listeners) if (session !== undefined) missing.wantOpen(session);
    cards.lose(writer);
    leaving.add(writer);
    flushSoon();
  }

  function wantLiving({ session, writer }: OpeningRow): void {
    if (!lives.isGone(writer)) cards.want(session);
  }

  function flushSoon(): void {
    if (!isClosed) timer ??= setTimeout(flush, flushMs).unref();
  }

  function flush(): void {
    timer = undefined;
    cards.flush();
    missing.flush();
    if (missing.isAsking() || cards.isLoading()) return;
    for (const it of listeners) {
      it.settle();
      for (const writer of leaving)
        it.tell({ name: 'trace:writer-gone', key: `gone ${writer}`, params: { writer } });
    }
    leaving.clear();
  }

  return {
    listeners,
    reached: () => ({ ...seq }),
    listen(ports) {
      const listener = openListener(ports);
      listeners.add(listener);
      if (ports.session === undefined) for (const it of openings.values()) wantLiving(it);
      else cards.want(ports.session);
      for (const it of progress.values())
        if (it.session === ports.session && cards.isOpen(it.session, it.step))
          listener.tell({ name: progressName, key: undefined, params: it });
      return listener;
    },
    drop(listener) {
      listener.close();
      listeners.delete(listener);
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      following.close();
      lives.close();
      for (const it of listeners) it.close();
      listeners.clear();
    },
  };
}

type Known = {
  readonly writers: Map<string, WriterRow>;
  readonly openings: Map<string, OpeningRow>;
  readonly seq: Record<string, number>;
};

function layGround(ground: Ground): Known {
  return {
    writers: new Map(ground.writers.map((it) => [it.writer, it])),
    openings: new Map(ground.openings.map((it) => [`${it.writer} ${it.session}`, it])),
    seq: Object.fromEntries(ground.writers.map((it) => [it.writer, it.seq])),
  };
}

/** An agent was about to write over what it had not seen, or has. */
function staleOf(event: Event): { path: string; why: string; step?: string } | undefined {
  if (event.type !== 'lines-overwritten' && event.type !== 'stale-edit-found') return undefined;
  const { path, type: why, step } = event;
  return { path, why, ...(step === undefined ? {} : { step }) };
}
