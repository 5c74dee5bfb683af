/** Asks the index what an agent's plans have become: the tasks of one session. */
import { createHash } from 'node:crypto';
import {
  foldPlans,
  type PlanVersion,
  type SessionTask,
  type Span,
} from '../../tasks/fold-plans.ts';
import { readChecklist } from '../../tasks/read-checklist.ts';
import type { MarkRow } from '../../trace/rows.ts';
import type { Database } from './driver.ts';
import { decodeRow, wasChanged } from './tables.ts';

export type PlannedTask = SessionTask & {
  /** Files that were changed while it was active. */
  readonly files: readonly string[];
};

export function askPlans(database: Database, session: string): PlannedTask[] {
  const versions = database
    .prepare(`SELECT * FROM marks WHERE session = ? AND kind = 'plan' ORDER BY stamp, writer, seq`)
    .all(session)
    .map((it) => tellVersion(decodeRow('marks', it)));
  const filesOf = openFiles(database, session);
  return foldPlans(session, versions, sha256).map((it) => ({ ...it, files: filesOf(it.active) }));
}

function tellVersion(row: MarkRow): PlanVersion {
  const { writer, seq, startedAt: at, turn, plan = '', entries = [], text } = row;
  const all = entries.length === 0 && text !== undefined ? readChecklist(text) : entries;
  return { plan, entries: all, at, writer, seq, ...(turn === undefined ? {} : { turn }) };
}

function openFiles(database: Database, session: string): (spans: readonly Span[]) => string[] {
  const find = database
    .prepare(
      `SELECT DISTINCT path FROM claims WHERE writer = ? AND seq > ? AND seq < ? AND ${wasChanged}
         AND "turnNo" IN (SELECT no FROM turns WHERE session = ?)`,
    )
    .pluck();
  return (spans) => {
    const found = spans.flatMap(({ writer, from, to = Number.MAX_SAFE_INTEGER }) =>
      find.all(writer, from, to, session),
    ) as string[];
    return [...new Set(found)].sort();
  };
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
