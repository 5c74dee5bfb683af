/** Colour where it is wanted: a few names for a few meanings. */
import type { Io } from './io.ts';

const codes = { strong: 1, faint: 2, bad: 31, good: 32, odd: 33, name: 36 } as const;

export type Paint = (text: string, as: keyof typeof codes) => string;

export function openPaint({ usesColor }: Pick<Io, 'usesColor'>): Paint {
  if (!usesColor) return (text) => text;
  return (text, as) => (text === '' ? '' : `\x1b[${codes[as]}m${text}\x1b[0m`);
}

/** What became of something, in the colour of how good that is. */
export function paintOutcome(paint: Paint, outcome: string, shown: string): string {
  if (/^(completed|allowed|done|end_turn|ended|quiet|ready|idle)$/.test(outcome))
    return paint(shown, 'good');
  if (/^(failed|error|rejected|refusal|unavailable)$/.test(outcome)) return paint(shown, 'bad');
  return paint(shown, 'odd');
}
