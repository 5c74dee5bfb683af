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
  // Not `ctimeMs`, which is rounded: a millisecond that has yet to come.
  return Number(statSync(mark, { bigint: true }).ctimeNs / 1_000_000n);
}
