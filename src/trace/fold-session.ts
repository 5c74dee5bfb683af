/** What an event tells about its session. */
import type { Event, Usage } from '../contract/types.gen.ts';
import { defined } from './fold-writer.ts';
import type { OpeningRow } from './rows.ts';

export function foldSession(row: OpeningRow, event: Event): OpeningRow {
  switch (event.type) {
    case 'session-opened': {
      const { how, agentSession, cwd, parent, model, mode, title } = event;
      const told = defined({ cwd, parent, model, mode, title });
      return { ...row, ...told, how: row.how ?? how, agentSession, closed: false };
    }
    case 'session-changed': {
      const { title, model, mode } = event;
      return { ...row, ...defined({ title, model, mode }) };
    }
    case 'session-closed':
      return { ...row, closed: true };
    case 'usage-reported':
      return event.cost === undefined ? row : { ...row, cost: event.cost };
    case 'turn-ended':
      return event.usage === undefined ? row : { ...row, usage: addUsage(row.usage, event.usage) };
    default:
      return row;
  }
}

const counts = ['total', 'input', 'output', 'cachedRead', 'cachedWrite', 'thought'] as const;

/** A count that neither side has stays unknown, rather than becoming a zero that nobody said. */
export function addUsage(one: Usage | undefined, other: Usage | undefined): Usage {
  const sum: Usage = {};
  for (const name of counts) {
    const values = [one?.[name], other?.[name]].filter((it) => it !== undefined);
    if (0 < values.length) sum[name] = values.reduce((total, it) => total + it, 0);
  }
  return sum;
}
