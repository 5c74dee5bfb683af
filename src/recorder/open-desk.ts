/** Opens the journal of one workspace for this run: says who records, and what earlier runs left open. */
import type { Event, RecordingStarted } from '../contract/types.gen.ts';
import type { Entry, Note } from '../journal/entry.ts';
import { readHead } from '../repo/head.ts';
import type { Clock } from '../store/clock.ts';
import { type JournalWriter, openJournalWriter } from '../store/journal-writer.ts';
import { type LostWriter, settleJournals } from '../store/settle-journals.ts';
import { openWorkspaceFolder } from '../store/state-folder.ts';
import { mintUlid } from '../store/ulid.ts';
import type { Farewell } from '../wire/notes.ts';
import { locateWorkspace } from '../workspace/locate.ts';
import type { Desk } from './desks.ts';

export type DeskOptions = {
  /** The state home. */
  readonly home: string;
  readonly clock: Clock;
  /** What this run says of itself, but for what belongs to the workspace. */
  readonly run: Omit<RecordingStarted, 'type' | 'workspace' | 'branch' | 'head'>;
  /** The writer's name; it is minted where it is left out. */
  readonly writer?: string | undefined;
  /** Set when an earlier recorder of this run died. */
  readonly restart: { readonly why: string; readonly writers: readonly string[] } | undefined;
  redact(event: Event): Event;
  /** For the person, on stderr. */
  say(text: string): void;
  /** Nothing can be written any more, and when it can be again; said as all else is, unless told. */
  trouble?(text: string): void;
  relief?(text: string): void;
  /** Told of every entry, after it was appended. */
  wrote(entry: Entry): void;
  /** A journal was opened: what this run should be told of should this thread die. */
  opened(writer: string, journalFolder: string, indexPath: string): void;
  /** Left out where nothing is told of progress. */
  readonly progress?: {
    /** Where this writer will tell of its progress. */
    serve(writer: string): string | undefined;
    /** An earlier writer ended without a word, and will tell of nothing any more. */
    clear(writer: string): void;
  };
  farewell(): Farewell | undefined;
};

export function openDesk(root: string, options: DeskOptions): Desk {
  const { clock, restart, say, trouble = say, relief = say } = options;
  const place = locateWorkspace(root);
  const { gitDir, gitCommonDir } = place;
  const state = openWorkspaceFolder({ home: options.home, workspace: root, gitCommonDir });
  const settled = settleJournals(state.journal, restart?.writers);
  for (const problem of settled.problems) say(problem.message);
  for (const it of settled.lost) options.progress?.clear(it.writer);

  const writer = options.writer ?? mintUlid(clock.now());
  const journal = openJournalWriter({
    folder: state.journal,
    writer,
    workspace: state.id,
    clock,
    socket: options.progress?.serve(writer),
    onStop: ({ path, why, hint }) =>
      trouble(`recording stopped: cannot write ${path}: ${why}; ${hint}; forwarding goes on`),
    onResume: ({ lost }) => relief(`recording goes on; ${lost} events were lost meanwhile`),
  });
  options.opened(writer, state.journal, state.index);

  const head = gitDir === undefined ? {} : readHead(gitDir, gitCommonDir);
  const started: Event = { type: 'recording-started', workspace: root, ...options.run, ...head };
  append({ event: options.redact(started) });
  if (restart !== undefined) append({ event: { type: 'recorder-restarted', why: restart.why } });
  tellLost(journal, settled.lost);

  function append(note: Note): void {
    options.wrote(journal.append(note));
  }

  return {
    root,
    append,
    acknowledge: () => journal.acknowledge(),
    async close() {
      const left = options.farewell();
      if (left !== undefined) append({ event: { type: 'recording-ended', ...left } });
      await journal.close();
    },
  };
}

/** A lost writer is forgotten only when its loss is safely written down. */
function tellLost(journal: JournalWriter, lost: readonly LostWriter[]): void {
  if (lost.length === 0) return;
  for (const { writer, lastSeq } of lost)
    journal.append({ event: { type: 'writer-lost', writer, lastSeq } });
  journal.acknowledge().then(
    () => {
      for (const it of lost) it.forget();
    },
    // The disk refused, which onStop has said; the next run tells of them again.
    () => undefined,
  );
}
