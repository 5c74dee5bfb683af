/** Waits for the clock that stamps files: a moment after all that was done so far, and before all that comes. */
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Milliseconds since 1970. `folder`: of the same file system. */
export function passTick(folder: string): number {
  const mark = join(folder, 'tick');
  const first = stamp(mark);
  for (;;) {
    const next = stamp(mark);
    if (next > first) return next;
  }
}

function stamp(mark: string): number {
  writeFileSync(mark, '');
  return Math.floor(statSync(mark).ctimeMs);
}
