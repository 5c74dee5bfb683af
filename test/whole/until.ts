/** Waiting for something to become true, with a deadline instead of a guess. */
import { setTimeout as pause } from 'node:timers/promises';

/** Asks again and again until there is an answer; names what was missing when there is none in time. */
export async function until<T>(
  what: string,
  ask: () => T | undefined | false | null,
  limitMs = 15_000,
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
export async function within<T>(what: string, promise: Promise<T>, limitMs = 15_000): Promise<T> {
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
