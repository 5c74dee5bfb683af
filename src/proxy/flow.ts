/** Writing to a stream that may be full or gone, and stopping the source until there is room again. */
import type { Readable, Writable } from 'node:stream';

export type Flow = {
  /** False if the sink is full. What comes after the sink is gone is dropped: nobody is there. */
  send(bytes: Buffer): boolean;
  /** A second reason to hold the source, beside a full sink. */
  pause(paused: boolean): void;
  /** Calls back when everything sent has left, or can leave no more. */
  finish(done: () => void): void;
};

export function openFlow(source: Readable, sink: Writable, onGone: () => void): Flow {
  let isFull = false;
  let isHeld = false;
  let isGone = false;

  function settle(): void {
    if (isFull || isHeld) source.pause();
    else source.resume();
  }

  function lose(): void {
    if (isGone) return;
    isGone = true;
    isFull = false;
    settle();
    onGone();
  }

  sink.on('drain', () => {
    isFull = false;
    settle();
  });
  sink.on('error', lose);
  sink.on('close', lose);

  return {
    send(bytes) {
      if (isGone || sink.writableEnded) return true;
      if (sink.write(bytes)) return true;
      if (!isFull) {
        isFull = true;
        settle();
      }
      return false;
    },
    pause(paused) {
      isHeld = paused;
      settle();
    },
    finish(done) {
      if (isGone || sink.writableLength === 0) return done();
      let isDone = false;
      const once = () => {
        if (isDone) return;
        isDone = true;
        done();
      };
      sink.once('close', once);
      sink.write('', once);
    },
  };
}
