/** What an agent's own log says that a tool call wrote, and how such a log is taken apart. */
import { readShape, type Shape } from '../journal/json.ts';

export type LoggedEdit = {
  readonly session: string;
  readonly turn: string;
  readonly step: string;
  /** As the log has it: absolute. */
  readonly path: string;
  readonly before?: string;
  readonly after: string;
  /** The texts are a part of the file, with the lines around it. */
  readonly isPart?: true;
};

/** Undefined of what is no such log. */
export type LogReader = (entries: readonly Shape[]) => LoggedEdit[] | undefined;

/** Lines that cannot be read, such as a torn last one, are passed over. */
export function readLogEntries(text: string): Shape[] {
  return text.split('\n').flatMap((line) => {
    const entry = line.startsWith('{') ? readShape(line) : undefined;
    return entry === undefined ? [] : [entry];
  });
}
