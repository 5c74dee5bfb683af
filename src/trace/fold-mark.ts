/** What an event tells that is no step and takes no time, but stands between the steps: plans, checkpoints. */
import type { Here } from './fold.ts';
import { defined } from './fold-writer.ts';
import type { Change, MarkRow } from './rows.ts';

const titleLimit = 200;

export function foldMark({ entry, event, stamp }: Here): Change[] {
  const { writer, seq, session, at: startedAt } = entry;
  const mark = (row: Omit<MarkRow, 'writer' | 'seq' | 'stamp' | 'startedAt'>): Change[] => [
    {
      how: 'put',
      table: 'marks',
      row: { writer, seq, stamp, startedAt, ...row, ...defined({ session }) },
    },
  ];
  switch (event.type) {
    case 'plan-changed': {
      const { turn, entries, plan, text, uri, removed } = event;
      const title = removed === true ? 'plan dropped' : tellPlan(entries, text ?? uri);
      const told = defined({ turn, title, plan, text: text ?? uri });
      return mark({ kind: 'plan', outcome: 'completed', entries, ...told });
    }
    case 'checkpoint-taken': {
      const { checkpoint, reason, label, turn } = event;
      const title = label ?? reason;
      return mark({
        kind: 'checkpoint',
        outcome: 'completed',
        checkpoint,
        title,
        ...defined({ turn }),
      });
    }
    case 'checkpoint-failed': {
      const { reason: title, why: problem, turn } = event;
      return mark({ kind: 'checkpoint', outcome: 'failed', title, problem, ...defined({ turn }) });
    }
    default:
      return [];
  }
}

type Entries = Extract<Here['event'], { type: 'plan-changed' }>['entries'];

function tellPlan(entries: Entries, other: string | undefined): string | undefined {
  if (entries.length === 0) return other?.slice(0, titleLimit);
  const done = entries.filter((it) => it.status === 'completed').length;
  const next = entries.find((it) => it.status === 'in_progress') ?? entries[done];
  const about = next === undefined ? '' : `: ${next.content}`;
  return `${done} of ${entries.length} done${about}`.slice(0, titleLimit);
}
