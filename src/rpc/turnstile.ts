/** Lets so many through at once, the others in the order in which they came. */

export type Turnstile = {
  /** Fulfilled with the way out when it is one's turn; rejected when the signal comes first. */
  enter(signal: AbortSignal): Promise<() => void>;
};

export function openTurnstile(atOnce: number): Turnstile {
  const waiting: { readonly signal: AbortSignal; go(): void }[] = [];
  let inside = 0;

  function leave(): void {
    inside -= 1;
    admit();
  }

  function admit(): void {
    while (inside < atOnce && 0 < waiting.length) {
      inside += 1;
      waiting.shift()?.go();
    }
  }

  return {
    enter: (signal) =>
      new Promise((resolve, reject) => {
        const out = openOnce(leave);
        const place = {
          signal,
          go() {
            signal.removeEventListener('abort', giveUp);
            resolve(out);
          },
        };
        function giveUp(): void {
          const at = waiting.indexOf(place);
          if (at !== -1) waiting.splice(at, 1);
          reject(signal.reason);
        }
        if (signal.aborted) return reject(signal.reason);
        signal.addEventListener('abort', giveUp, { once: true });
        waiting.push(place);
        admit();
      }),
  };
}

function openOnce(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}
