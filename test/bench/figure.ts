/** What a bench found out: one value for each round, held against a bar if there is one. */

export type Figure = {
  readonly name: string;
  /** x for ratios to the bare pipe. */
  readonly unit: 'x' | 'ms' | 'MB' | '1/s' | 'lines' | 's' | 'files';
  readonly rounds: readonly number[];
  readonly bar?: { readonly atMost: number } | { readonly atLeast: number };
  /** For what may never happen: the worst round counts instead of the median. */
  readonly isStrict?: boolean;
};

export type Bench = {
  readonly name: string;
  readonly about: string;
  run(): Promise<readonly Figure[]>;
};

export type Judged = Figure & {
  min: number;
  median: number;
  max: number;
  verdict: 'PASS' | 'over' | 'under' | '';
};

export function judgeFigure(figure: Figure): Judged {
  const sorted = [...figure.rounds].sort((a, b) => a - b);
  const median = quantile(sorted, 0.5);
  return {
    ...figure,
    min: sorted[0] ?? 0,
    median,
    max: sorted.at(-1) ?? 0,
    verdict: judge(figure, sorted, median),
  };
}

function judge(figure: Figure, sorted: readonly number[], median: number): Judged['verdict'] {
  const { bar, isStrict = false } = figure;
  if (bar === undefined) return '';
  if ('atMost' in bar)
    return (isStrict ? (sorted.at(-1) ?? 0) : median) <= bar.atMost ? 'PASS' : 'over';
  return (isStrict ? (sorted[0] ?? 0) : median) >= bar.atLeast ? 'PASS' : 'under';
}

export function printFigure(judged: Judged): string {
  const { name, unit, min, median, max, bar, verdict, rounds } = judged;
  const show = (value: number) =>
    value.toFixed(unit === 'x' ? 2 : unit === 'ms' ? 2 : 0).padStart(9);
  const limit = bar === undefined ? '' : 'atMost' in bar ? `<= ${bar.atMost}` : `>= ${bar.atLeast}`;
  return `  ${name.padEnd(52)}${show(min)}${show(median)}${show(max)} ${unit.padEnd(6)}${limit.padEnd(10)}${verdict.padEnd(6)}(${rounds.length})`;
}

/** Of sorted values. */
export function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

export function sortNumbers(values: Iterable<number>): number[] {
  return [...values].sort((a, b) => a - b);
}
