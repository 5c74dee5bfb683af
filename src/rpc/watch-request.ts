/** Watches over one request: whether somebody still waits for it, and how long it may take. */
import { Failure } from '../errors.ts';

export type RequestWatch = {
  /** Aborted when it was cancelled or took too long, but for what has begun to change something. */
  readonly signal: AbortSignal;
  /** Rejects when nobody waits any more. */
  readonly over: Promise<never>;
  /** From now on something may be changed: it can no longer be taken back by not waiting for it. */
  begun(): void;
  close(): void;
};

export function watchRequest(
  method: string,
  cancel: AbortSignal,
  timeLimitMs: number,
): RequestWatch {
  const leaving = new AbortController();
  let hasBegun = false;
  let refuse: (why: Failure) => void = () => undefined;
  const over = new Promise<never>((_, reject) => {
    refuse = reject;
  });
  // It may be over before anybody waits for it.
  over.catch(() => undefined);
  const cancelNow = () => {
    if (hasBegun) return;
    leaving.abort(cancelled(method));
    refuse(leaving.signal.reason);
  };
  const timer =
    timeLimitMs === 0
      ? undefined
      : setTimeout(() => {
          const late = overdue(method, timeLimitMs, hasBegun);
          if (!hasBegun) leaving.abort(late);
          refuse(late);
        }, timeLimitMs);
  if (cancel.aborted) cancelNow();
  cancel.addEventListener('abort', cancelNow, { once: true });
  return {
    signal: leaving.signal,
    over,
    begun() {
      hasBegun = true;
    },
    close() {
      clearTimeout(timer);
      cancel.removeEventListener('abort', cancelNow);
    },
  };
}

function overdue(method: string, limitMs: number, goesOn: boolean): Failure {
  return new Failure('timed-out', `${method} took longer than ${limitMs} ms`, {
    data: { method, limitMs, goesOn },
    hint: goesOn
      ? 'it goes on, and what it does is in the journal; `--time-limit` gives it longer'
      : 'nothing was changed by it; `--time-limit` gives it longer',
  });
}

function cancelled(method: string): Failure {
  return new Failure('cancelled', `${method} was cancelled`, {
    data: { method },
    hint: 'nothing was changed by it',
  });
}
