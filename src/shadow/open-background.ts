/** What can wait until nobody asks: confirming what was only hinted, capturing what was too much, owning the base. */
import type { Shadow } from './open-shadow.ts';

export type Background = {
  /** A checkpoint was taken; `unsure` when it did not look at everything. */
  wake(unsure: boolean): void;
  close(): void;
};

/** Quiet for so long before each piece, so that a burst of requests is not slowed by it. */
const quietMs = 50;
const sliceMs = 100;

export function openBackground(shadow: Shadow, onTrouble: (error: unknown) => void): Background {
  const { engine } = shadow;
  let timer: NodeJS.Timeout | undefined;
  let isUnconfirmed = false;

  /** One piece of work; false when there is none left. */
  function work(): boolean {
    if (isUnconfirmed) {
      isUnconfirmed = false;
      engine.confirm();
      return true;
    }
    return engine.capture(sliceMs) || engine.copyBase() || engine.tidy();
  }

  function schedule(): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      try {
        if (work()) schedule();
      } catch (error) {
        // Nobody waits for this; the next checkpoint wakes it again.
        onTrouble(error);
      }
    }, quietMs);
    timer.unref();
  }

  return {
    wake(unsure) {
      isUnconfirmed = unsure;
      schedule();
    },
    close: () => clearTimeout(timer),
  };
}
