/** What an event tells about its turn. */
import type { PlanChanged, PlanEntry, TurnStarted } from '../contract/types.gen.ts';
import type { Here } from './fold.ts';
import { defined } from './fold-writer.ts';
import type { Change, TurnRow } from './rows.ts';

const promptLimit = 200;

export function foldTurn({ entry, event, stamp, holed }: Here): Change[] {
  const { writer, session, seq, at } = entry;
  const begun = { writer, ...defined({ session }), stamp, seq, lastSeq: seq, startedAt: at };
  switch (event.type) {
    case 'turn-started':
      return startTurn({ ...begun, id: event.turn, origin: event.origin }, event);
    case 'turn-ended': {
      const { turn: id, outcome, afterMs: durationMs, usage } = event;
      const row = {
        id,
        writer,
        outcome,
        durationMs,
        endSeq: seq,
        lastSeq: seq,
        ...defined({ usage }),
      };
      return [...assumeBeginning(), { how: 'put', table: 'turns', row }];
    }
    case 'plan-changed': {
      const { turn = '', plan = '' } = event;
      const row = { writer, session: session ?? '', turn, plan, stamp, seq };
      return [{ how: 'put', table: 'plans', row: { ...row, entries: entriesOf(event) } }];
    }
    default:
      return assumeBeginning();
  }

  /** Where a writer's entries are missing, a turn's beginning may be among them. */
  function assumeBeginning(): Change[] {
    const id = 'turn' in event ? event.turn : undefined;
    if (!holed || id === undefined) return [];
    return [{ how: 'fill', table: 'turns', row: { ...begun, id, origin: 'agent' } }];
  }
}

/** A plan that is a text or a file is one entry, of which nobody says how far it is. */
function entriesOf({ entries, removed, text, uri }: PlanChanged): PlanEntry[] {
  if (removed === true) return [];
  if (0 < entries.length) return entries;
  const content = text ?? uri;
  return content === undefined ? [] : [{ content, status: '' }];
}

function startTurn(row: TurnRow & { seq: number }, { prompt }: TurnStarted): Change[] {
  if (prompt === undefined) return [{ how: 'put', table: 'turns', row }];
  const { writer, seq, id: turn } = row;
  return [
    { how: 'put', table: 'turns', row: { ...row, prompt: firstLine(prompt) } },
    { how: 'put', table: 'texts', row: { writer, seq, turn, part: 0, text: prompt } },
  ];
}

function firstLine(text: string): string {
  const trimmed = text.slice(0, 20 * promptLimit).trimStart();
  const line = trimmed.split(/[\r\n]/, 1)[0] ?? '';
  const whole = [...line.slice(0, 2 * promptLimit + 2)];
  if (whole.length <= promptLimit) return line.trimEnd();
  return `${whole.slice(0, promptLimit - 1).join('')}…`;
}
