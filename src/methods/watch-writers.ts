/** Which writers of a workspace are there, noticed as they come and go, and what they tell of their progress. */
import { type Hearing, hearProgress } from '../store/hear-progress.ts';
import { type LeaseTimes, readLeases } from '../store/lease.ts';
import type { Progress } from '../store/serve-progress.ts';

export type Writers = {
  /** Whether nobody by that name is there any more, as far as this machine can know. */
  isGone(writer: string): boolean;
  close(): void;
};

export type WritersOptions = {
  readonly journal: string;
  readonly times?: Partial<LeaseTimes>;
  /** While nothing is going on, nobody needs to look whether it still is. */
  isBusy(): boolean;
  gone(writer: string): void;
  hear(writer: string, progress: Progress): void;
};

/** As often as a living writer touches its lease. */
const lookMs = 15_000;
/** After which a socket that was closed or not open yet is tried again. */
const retriesMs = [50, 200, 1000, 5000];

export function watchWriters(options: WritersOptions): Writers {
  const { journal, times } = options;
  const living = new Set<string>();
  const judged = new Set<string>();
  const hearings = new Map<string, Hearing>();
  const tried = new Map<string, number>();
  const timers = new Set<NodeJS.Timeout>();
  let isClosed = false;

  const looking = setInterval(() => {
    if (options.isBusy()) look();
  }, times?.heartbeatMs ?? lookMs);
  looking.unref();

  function look(): void {
    const leases = readLeases(journal, times).filter(
      (it) => it.state === 'here' || it.state === 'elsewhere',
    );
    const found = new Map(leases.map((it) => [it.writer, it]));
    const lost = [...living].filter((it) => !found.has(it));
    for (const writer of lost) living.delete(writer);
    for (const { writer, socket, state } of found.values()) {
      living.add(writer);
      judged.add(writer);
      if (socket !== undefined && state === 'here') listen(writer, socket);
    }
    for (const writer of lost) options.gone(writer);
  }

  function listen(writer: string, socket: string): void {
    if (hearings.has(writer) || isClosed) return;
    const hearing = hearProgress(socket, {
      hear(progress) {
        tried.delete(writer);
        options.hear(writer, progress);
      },
      ended() {
        hearings.delete(writer);
        lookAgain(writer);
      },
    });
    hearings.set(writer, hearing);
  }

  /** A process that was killed may be seen for a moment yet. */
  function lookAgain(writer: string): void {
    if (isClosed) return;
    const tries = tried.get(writer) ?? 0;
    const afterMs = retriesMs[tries];
    tried.set(writer, tries + 1);
    // Who has a lease and no open socket tells nothing; the next look tries again.
    if (afterMs === undefined) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      look();
    }, afterMs);
    timers.add(timer.unref());
  }

  look();

  return {
    isGone(writer) {
      if (!judged.has(writer)) {
        look();
        judged.add(writer);
      }
      return !living.has(writer);
    },
    close() {
      isClosed = true;
      clearInterval(looking);
      for (const timer of timers) clearTimeout(timer);
      for (const hearing of hearings.values()) hearing.close();
    },
  };
}
