/** Opens the journal of one workspace for this run: says who records, and what earlier runs left open. */
import { readHead } from '../repo/head.ts';
import type { Clock } from '../store/clock.ts';
import { openJournalWriter } from '../store/journal-writer.ts';
import { settleJournals } from '../store/settle-journals.ts';
import { openWorkspaceFolder } from '../store/state-folder.ts';
import { mintUlid } from '../store/ulid.ts';
import type { Farewell } from '../wire/notes.ts';
import { locateWorkspace } from '../workspace/locate.ts';
import type { Desk } from './desks.ts';

export type DeskOptions = {
  readonly home: string;
  readonly clock: Clock;
  readonly version: string;
  readonly command: readonly string[];
  readonly label: string | undefined;
  /** Writers of this run whose thread died. */
  readonly lostWriters: readonly string[];
  redact<T>(value: T): T;
  /** For the person, on stderr. */
  say(text: string): void;
  /** Told to the next back thread should this one die. */
  writing(writer: string): void;
  farewell(): Farewell | undefined;
};
