/** What an event tells about the run that wrote it. */
import type { Event } from '../contract/types.gen.ts';
import type { WriterRow } from './rows.ts';

export function foldWriter(row: WriterRow, event: Event): WriterRow {
  switch (event.type) {
    case 'recording-started': {
      const { workspace, label, branch, head } = event;
      return { ...row, workspace, ...defined({ label, branch, head }) };
    }
    case 'agent-connected': {
      const { agent, client } = event;
      const named = { agent: agent?.name, agentVersion: agent?.version, client: client?.name };
      return { ...row, ...defined(named) };
    }
    case 'recording-ended':
      return { ...row, ended: event.reason };
    default:
      return row;
  }
}

/** Without what is undefined, so that it cannot cover what was known. */
export function defined<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}
