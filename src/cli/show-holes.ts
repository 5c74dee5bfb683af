/** Lays out where what was told of a session and what the disk has do not meet. */
import type { SessionHoles } from '../contract/types.gen.ts';
import { showCount } from './amounts.ts';
import type { Paint } from './paint.ts';
import { showLine } from './printable.ts';
import { shortId } from './show-log.ts';

/** More are for `--json`. */
const shownLimit = 20;

export function showHoles(holes: SessionHoles, paint: Paint): string[] {
  const lines = [
    ...holes.unclaimed.map(({ path, checkpoint, lines }) => {
      const what = lines === 0 ? 'it went' : showCount(lines, 'line');
      return `${showLine(path)}: ${what}, and nobody said so (checkpoint ${shortId(checkpoint)})`;
    }),
    ...holes.unchanged.map(
      ({ path, step }) =>
        `${showLine(path)}: ${shortId(step)} said that it writes it, and nothing shows that`,
    ),
    ...holes.unconfirmed.map(
      (step) => `${shortId(step)}: nobody said how it ended, and nothing shows what it did`,
    ),
  ];
  if (lines.length === 0) return [];
  const more = lines.length - shownLimit;
  return [
    paint('where words and disk do not meet', 'strong'),
    ...lines.slice(0, shownLimit).map((it) => `  ${it}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}
