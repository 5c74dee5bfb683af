/** Says what the letters mean that stand beside lines, on a terminal: who pipes them on knows them. */
import type { LineTotals } from '../contract/types.gen.ts';
import type { Io } from './io.ts';
import { openPaint } from './paint.ts';
import { wrapToWidth } from './width.ts';

const meanings: Readonly<Record<keyof LineTotals & string, string>> = {
  lines: '',
  W: 'W: the wire told this very text',
  L: "L: the agent's own log told it",
  X: 'X: only one agent can have been it',
  C: 'C: more than one can',
  U: 'U: nobody knows',
  formatter: '+F: somebody else set its spaces or breaks',
  moved: '+M: it was moved',
};

/** Only of those that are there. */
export function explainGrades(
  totals: LineTotals,
  screen: Pick<Io, 'columns' | 'usesColor'>,
): string[] {
  const { columns } = screen;
  if (columns === undefined) return [];
  const told = (Object.keys(meanings) as (keyof LineTotals)[])
    .filter((it) => totals[it] > 0)
    .map((it) => meanings[it])
    .filter((it) => it !== '');
  if (told.length === 0) return [];
  const paint = openPaint(screen);
  return ['', ...wrapToWidth(told.join(' · '), columns).map((it) => paint(it, 'faint'))];
}
