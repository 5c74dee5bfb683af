/** The rows of a trace as one who follows it holds them: each once, the newest of it, in order. */
import type { TraceRow, TraceSeq } from '../contract/types.gen.ts';
import { joinSeqs } from './trace-seq.ts';

export type HeldRows = {
  /** A row that came by itself. False if what is held is newer. */
  hear(row: TraceRow): boolean;
  /** What a snapshot answered. */
  take(rows: readonly TraceRow[], seq: TraceSeq): void;
  /** Everything up to there was told. */
  reach(seq: TraceSeq): void;
  /** What is told from now on is newer than what was told before. */
  reconnect(): void;
  /** Where to take it up again; undefined before anything is held. */
  readonly seq: TraceSeq | undefined;
  /** By startedAt, writer and seq. */
  rows(): TraceRow[];
};

export function holdRows(): HeldRows {
  const held = new Map<string, TraceRow>();
  /** Heard since the last connection. */
  const heard = new Set<string>();
  let seq: TraceSeq | undefined;
  let early: TraceSeq = {};

  return {
    hear(row) {
      const before = held.get(row.id);
      if (before !== undefined && row.revision < before.revision) return false;
      held.set(row.id, row);
      heard.add(row.id);
      return true;
    },
    take(rows, reached) {
      for (const row of rows) {
        const before = held.get(row.id)?.revision ?? -1;
        const isNewer = heard.has(row.id) ? before < row.revision : before <= row.revision;
        if (isNewer) held.set(row.id, row);
      }
      seq = joinSeqs(joinSeqs(seq ?? {}, reached), early);
    },
    reach(reached) {
      // Before the first snapshot there may be older rows that nobody has told.
      if (seq === undefined) early = joinSeqs(early, reached);
      else seq = joinSeqs(seq, reached);
    },
    reconnect() {
      heard.clear();
      early = {};
    },
    get seq() {
      return seq;
    },
    rows: () =>
      [...held.values()].sort(
        (a, b) => a.startedAt - b.startedAt || compareWords(a.writer, b.writer) || a.seq - b.seq,
      ),
  };
}

function compareWords(a: string, b: string): number {
  return a < b ? -1 : Number(b < a);
}
