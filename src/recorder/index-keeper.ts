/** Keeps the indexes of the workspaces that are recorded here up to date, while nothing else is to do. */
import { openIndex, type TraceIndex } from '../store/index/trace-index.ts';

export type IndexKeeper = {
  /** A journal is written here from now on. */
  add(place: { journal: string; index: string }): void;
  /** Traffic has stopped for a moment: a good time. */
  idle(): void;
  close(): void;
};

/** Long enough that a pause between two messages is not taken for rest. */
const usualRestMs = 500;
/** Small bites: the same thread records, and judges at gates. */
const bites = { lockWaitMs: 0, entriesPerBatch: 200, cacheKib: 1 << 10 } as const;

export type IndexKeeperPorts = {
  /** More is to be recorded than just now: the journals come first, what is derived of them can wait. */
  isBusy(): boolean;
  /** Called once: the native module is missing, the state is a newer clew's … */
  unavailable(error: unknown): void;
};

export function openIndexKeeper(
  { isBusy, unavailable }: IndexKeeperPorts,
  restMs = usualRestMs,
): IndexKeeper {
  const journals = new Map<string, string>();
  const opened = new Map<string, TraceIndex>();
  let timer: NodeJS.Timeout | undefined;
  let isWorking = false;
  let isOff = false;

  async function work(): Promise<void> {
    if (isWorking || isOff) return;
    if (isBusy()) return idle();
    isWorking = true;
    try {
      for (const [path, journal] of journals) {
        const index = opened.get(path) ?? (await openIndex({ path, journal, ...bites, isEnough }));
        opened.set(path, index);
        await index.catchUp();
      }
    } catch (error) {
      isOff = true;
      unavailable(error);
    } finally {
      isWorking = false;
    }
    if (isBusy()) idle();
  }

  function idle(): void {
    clearTimeout(timer);
    if (!isOff) timer = setTimeout(() => void work(), restMs).unref();
  }

  function isEnough(): boolean {
    return isOff || isBusy();
  }

  return {
    add({ journal, index }) {
      journals.set(index, journal);
    },
    idle,
    close() {
      clearTimeout(timer);
      isOff = true;
      for (const index of opened.values()) index.close();
    },
  };
}
