/** Counts those who use something, for whoever wants to close it behind them. */

export type Users = {
  /** Answers the way out. */
  enter(): () => void;
  /** Fulfilled when there are no more than that, or when patience is over. */
  downTo(count: number, patienceMs?: number): Promise<void>;
};

export function countUsers(): Users {
  let inside = 0;
  const waiting = new Set<{ readonly count: number; readonly go: () => void }>();
  return {
    enter() {
      inside += 1;
      return () => {
        inside -= 1;
        for (const it of waiting) if (inside <= it.count) it.go();
      };
    },
    async downTo(count, patienceMs) {
      if (inside <= count) return;
      await new Promise<void>((resolve) => {
        const timer = patienceMs === undefined ? undefined : setTimeout(go, patienceMs);
        const place = { count, go };
        waiting.add(place);
        function go(): void {
          clearTimeout(timer);
          waiting.delete(place);
          resolve();
        }
      });
    },
  };
}
