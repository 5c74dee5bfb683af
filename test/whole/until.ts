/** Waiting for something to become true, with a deadline instead of a guess. */
import { setTimeout as pause } from 'node:timers/promises';

/** So long only what will never come is waited for, also on a machine that is busy with twenty other things. */
const usualLimitMs = 120_000;

/** Asks again and again until there is an answer; names what was missing when there is none in time. */
export async function until<T>(
  what: string,
  ask: () => T | undefined | false | null,
  limitMs = usualLimitMs,
): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const answer = ask();
    if (answer !== undefined && answer !== false && answer !== null) return answer;
    if (performance.now() > deadline) throw new Error(`not within ${limitMs} ms: ${what}`);
    await pause(5);
  }
}

/** The promise's value, or an error that names what did not come in time. */
export async function within<T>(
  what: string,
  promise: Promise<T>,
  limitMs = usualLimitMs,
): Promise<T> {
  const stop = new AbortController();
  const late = pause(limitMs, undefined, { signal: stop.signal }).then(
    () => {
      throw new Error(`not within ${limitMs} ms: ${what}`);
    },
    () => new Promise<never>(() => undefined),
  );
  try {
    return await Promise.race([promise, late]);
  } finally {
    stop.abort();
  }
}
