/** Rows of a feed that began before it looked: it knows of them only that they changed, and asks the index for the whole. */
import type { TraceRow } from '../contract/types.gen.ts';
import { askTraceRows } from '../store/index/ask-trace.ts';
import type { TraceIndex } from '../store/index/trace-index.ts';

export type MissingRows = {
  want(session: string, ids: readonly string[]): void;
  /** Those of a session that nobody has ended: a writer of theirs is gone. */
  wantOpen(session: string): void;
  /** Asks for what is wanted by now, unless that goes on already. */
  flush(): void;
  isAsking(): boolean;
};

export type MissingPorts = {
  readonly index: TraceIndex;
  isRunning(writer: string): boolean;
  /** Whether anybody still listens to this session. */
  isWanted(session: string): boolean;
  tell(row: TraceRow): void;
  /** Something is wanted, or what was wanted was told. */
  asked(): void;
  complain(error: unknown): void;
};

export function openMissingRows(ports: MissingPorts): MissingRows {
  const { index, isRunning } = ports;
  const wanted = new Map<string, Set<string>>();
  const bereft = new Set<string>();
  let isAsking = false;

  async function ask(): Promise<void> {
    const wishes = [
      ...[...wanted].map(([session, ids]) => ({ session, ids: [...ids] })),
      ...[...bereft].map((session) => ({ session, isOpen: true })),
    ];
    wanted.clear();
    bereft.clear();
    await index.catchUp();
    for (const wish of wishes) {
      if (!ports.isWanted(wish.session)) continue;
      const found = await index.ask((database) =>
        askTraceRows(database, { ...wish, limit: Number.MAX_SAFE_INTEGER }, isRunning),
      );
      for (const row of found.rows) if ('ids' in wish || row.status !== 'running') ports.tell(row);
    }
  }

  return {
    isAsking: () => isAsking,
    want(session, ids) {
      const known = wanted.get(session) ?? new Set();
      wanted.set(session, known);
      for (const id of ids) known.add(id);
      ports.asked();
    },
    wantOpen(session) {
      bereft.add(session);
      ports.asked();
    },
    flush() {
      if (isAsking || wanted.size + bereft.size === 0) return;
      isAsking = true;
      ask()
        .catch(ports.complain)
        .finally(() => {
          isAsking = false;
          ports.asked();
        });
    },
  };
}
