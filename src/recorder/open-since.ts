/** Tells since when a tool call can have done something, by when it was heard of: never too late a moment. */
import type { Event } from '../contract/types.gen.ts';
import type { Clock } from '../store/clock.ts';

export type HeardClock = Clock & {
  /** When what is being read now came in, on the clock that never goes back. */
  heard(): number;
};

/** Milliseconds since 1970, as files are stamped now; undefined where the clock was set since. */
export type Since = (now: Clock) => number | undefined;

export type SinceLog = {
  /** Everything of one session, in order. */
  read(event: Event): void;
  /** Of a call that is told of just now. */
  begin(): Begun;
};

export type Begun = {
  end(): void;
  readonly since: Since;
};

type Moment = { readonly mono: number; readonly lead: number };

/** An agent may tell of a call when it is at it already: that much earlier it has not begun. */
export const leadMs = 250;
/** A call that ends as soon as it is told of may have been told of at its end. */
export const quickMs = 20;
/** What was said before a call came before it, but for the ticks of the clock that stamps files. */
const tickMs = 30;
/** Clocks that are only slowed or hurried move less than that. */
const jumpMs = 25;

export function openSinceLog(clock: HeardClock): SinceLog {
  /** The last time that it spoke or was spoken to: calls are made after that. */
  let spoken: Moment | undefined;
  let earlier: Moment | undefined;

  const listen = (): Moment => ({ mono: clock.heard(), lead: clock.now() - clock.mono() });

  return {
    read(event) {
      if (!isSpeech(event)) return;
      const moment = listen();
      if (spoken === undefined || spoken.mono < moment.mono) earlier = spoken;
      spoken = moment;
    },
    begin() {
      const announced = listen();
      // What came in at one go with it may have been said when it was done.
      const before = spoken !== undefined && spoken.mono < announced.mono ? spoken : earlier;
      let endedMono: number | undefined;
      return {
        end() {
          endedMono ??= clock.heard();
        },
        since(now) {
          const isQuick = endedMono !== undefined && endedMono - announced.mono < quickMs;
          const moment = isQuick ? before : announced;
          const lead = now.now() - now.mono();
          if (moment === undefined || Math.abs(lead - moment.lead) > jumpMs) return undefined;
          return Math.floor(moment.mono + lead - (isQuick ? tickMs : leadMs));
        },
      };
    },
  };
}

function isSpeech(event: Event): boolean {
  if (event.type === 'turn-started') return true;
  return event.type === 'step-started' && (event.kind === 'message' || event.kind === 'thought');
}
