/** Tells a client that asked for it how a request gets on that takes its time. */

export type Progress = {
  /** Something that is worth saying; at most a few times a second. */
  report(message: string): void;
  /** Nothing is said after this. */
  end(): void;
};

type ProgressOptions = {
  readonly token: string | number;
  readonly method: string;
  readonly isCancellable: boolean;
  send(params: { token: string | number; value: object }): void;
};

/** Sooner than this, an answer is its own progress. */
const patienceMs = 300;
const betweenMs = 100;
/** As long nothing new is said, what is known is said again. */
const heartbeatMs = 1_000;

export function openProgress({ token, method, isCancellable, send }: ProgressOptions): Progress {
  let isBegun = false;
  let elapsedMs = 0;
  let message: string | undefined;
  let isNew = false;
  const begin = setTimeout(() => {
    isBegun = true;
    const value = { kind: 'begin', title: method, cancellable: isCancellable };
    send({ token, value: message === undefined ? value : { ...value, message } });
    isNew = false;
  }, patienceMs);
  const beat = setInterval(() => {
    elapsedMs += betweenMs;
    const isDue = elapsedMs % heartbeatMs === 0;
    if (!isBegun || !(isNew || isDue)) return;
    isNew = false;
    send({ token, value: { kind: 'report', message: message ?? `${elapsedMs / 1000} s` } });
  }, betweenMs);
  return {
    report(said) {
      message = said;
      isNew = true;
    },
    end() {
      clearTimeout(begin);
      clearInterval(beat);
      if (isBegun) send({ token, value: { kind: 'end' } });
      isBegun = false;
    },
  };
}
