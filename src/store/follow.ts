/** Tells every entry that any writer of a folder appends, as it comes; wakes only when the folder changes. */
import { type FSWatcher, watch } from 'node:fs';
import { listJournals, parseJournalName } from './journal-names.ts';
import { openTail, type TailOptions } from './journal-tail.ts';

export type Following = { close(): void };

/** So that a long way to catch up does not hold up whoever follows. */
const entriesPerTurn = 1000;
/** Where nothing can be watched: too many watches, some network shares. */
const lookEveryMs = 500;

export function followJournals(options: TailOptions): Following {
  const { folder } = options;
  const dirty = new Set<string>();
  let turn: NodeJS.Immediate | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  // Before anything is read, so that nothing is appended unseen in between.
  const watcher = openWatcher();
  const tail = openTail(options);

  function openWatcher(): FSWatcher | undefined {
    try {
      const opened = watch(folder, (_, name) => {
        const writer = name === null ? undefined : parseJournalName(name)?.writer;
        if (writer !== undefined) look([writer]);
        else if (name === null) lookAround();
      });
      return opened.on('error', lookAgainAndAgain);
    } catch (error) {
      if (!(error instanceof Error && 'syscall' in error)) throw error;
      lookAgainAndAgain();
      return undefined;
    }
  }

  function lookAgainAndAgain(): void {
    timer ??= setInterval(lookAround, lookEveryMs);
  }

  function lookAround(): void {
    look(listJournals(folder).map((it) => it.writer));
  }

  function look(writers: readonly string[]): void {
    for (const writer of writers) dirty.add(writer);
    if (dirty.size > 0 && !isClosed) turn ??= setImmediate(takeTurn);
  }

  /** In order and one after the other: the end of a file comes before the beginning of the next. */
  function takeTurn(): void {
    turn = undefined;
    const journals = listJournals(folder).filter((it) => dirty.has(it.writer));
    dirty.clear();
    let left = entriesPerTurn;
    for (const journal of journals) {
      if (isClosed) return;
      if (left > 0) left -= tail.readOn(journal, left);
      if (left <= 0) dirty.add(journal.writer);
    }
    look([]);
  }

  lookAround();

  return {
    close() {
      isClosed = true;
      clearImmediate(turn);
      clearInterval(timer);
      watcher?.close();
    },
  };
}
