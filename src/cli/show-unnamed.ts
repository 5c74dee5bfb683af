/** Lays out the files that were changed and that no tool call named. */
import type { LogShow } from '../contract/types.gen.ts';
import type { Paint } from './paint.ts';
import { showLine } from './printable.ts';

type Unnamed = NonNullable<LogShow['result']['unnamed']>;

/** More are for `--json`. */
const shownLimit = 20;

export function showUnnamed(unnamed: Unnamed, paint: Paint): string[] {
  if (unnamed.length === 0) return [];
  const lines = unnamed.map(({ path, evidence, gone }) => {
    const when = evidence === 'during' ? 'while only it ran' : 'by it or by somebody else';
    return `${showLine(path)}  ${paint(`${gone === true ? 'gone, ' : ''}${when}`, 'faint')}`;
  });
  const more = lines.length - shownLimit;
  return [
    paint('changed without being named', 'strong'),
    ...lines.slice(0, shownLimit).map((it) => `  ${it}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}
