/** Lays cells out in columns: each as wide as it must be, the last one cut to the terminal. */
import { cutToWidth, measureWidth, padToWidth } from './width.ts';

export type Cell = {
  /** As measured. */
  readonly text: string;
  /** As printed, when that differs: with colour. */
  readonly paint?: (text: string) => string;
};

const gap = '  ';

export type Layout = {
  readonly indent: string;
  /** Undefined where nothing has to be cut. */
  readonly columns: number | undefined;
  /** Which columns give way when it gets narrow, one after the other, and what each keeps. */
  readonly yields: readonly (readonly [column: number, leastWidth: number])[];
};

export function layOut(rows: readonly (readonly Cell[])[], layout: Layout): string[] {
  const widths = measureColumns(rows, layout);
  return rows.map((row) => {
    const shown = row.filter((_, at) => 0 < (widths[at] ?? 0));
    const room = widths.filter((it) => 0 < it);
    const last = shown.findLastIndex((it) => it.text !== '');
    const cells = shown.slice(0, last + 1).map(({ text, paint = (it) => it }, at) => {
      const cut = cutToWidth(text, room[at] ?? 0);
      return at === last ? paint(cut) : padPainted(cut, paint, room[at] ?? 0);
    });
    return layout.indent + cells.join(gap);
  });
}

function padPainted(text: string, paint: (text: string) => string, width: number): string {
  return paint(text) + padToWidth(text, width).slice(text.length);
}

function measureColumns(rows: readonly (readonly Cell[])[], layout: Layout): number[] {
  const count = Math.max(0, ...rows.map((it) => it.length));
  const widths = Array.from({ length: count }, (_, at) =>
    Math.max(0, ...rows.map((it) => measureWidth(it[at]?.text ?? ''))),
  );
  if (layout.columns === undefined) return widths;
  for (const [at, leastWidth] of layout.yields) {
    const width = widths[at] ?? 0;
    const over = measureRow(widths) + layout.indent.length - layout.columns;
    widths[at] = Math.max(Math.min(leastWidth, width), width - Math.max(0, over));
  }
  return widths;
}

/** A column without width has no gap either. */
function measureRow(widths: readonly number[]): number {
  const shown = widths.filter((it) => 0 < it);
  return shown.reduce((sum, it) => sum + it, 0) + gap.length * Math.max(0, shown.length - 1);
}
