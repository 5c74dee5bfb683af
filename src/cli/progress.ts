/** Tells on a terminal that something takes a while: nothing within the first second, then a line that moves. */
import type { Io } from './io.ts';
import { showDuration } from './moments.ts';

export type Progress = {
  /** How far it is; shown at once. */
  tell(what: string): void;
  clear(): void;
};

const patienceMs = 1000;
const everyMs = 250;
const signs = ['|', '/', '-', '\\'];

export function openProgress(
  io: Pick<Io, 'showsProgress' | 'warn' | 'now'>,
  doing?: string,
): Progress {
  if (!io.showsProgress) return { tell: () => undefined, clear: () => undefined };
  const since = io.now();
  let shown = 0;
  let what = doing;
  // It must not keep the process alive, should nobody clear it.
  const timer = setInterval(turn, everyMs);
  timer.unref();

  function turn(): void {
    const ms = io.now() - since;
    if (what === undefined || ms < patienceMs) return;
    show(`${signs[shown % signs.length]} ${what} ${showDuration(ms)}`);
  }
  function show(line: string): void {
    shown += 1;
    io.warn(`\r\x1b[K${line}`);
  }

  return {
    tell(next) {
      what = undefined;
      show(next);
    },
    clear() {
      clearInterval(timer);
      if (shown > 0) io.warn('\r\x1b[K');
    },
  };
}
