/** Counts, sizes and costs as people say them. */
import type { Cost, Usage } from '../contract/types.gen.ts';

export function showCount(count: number, one: string, many = `${one}s`): string {
  return `${showNumber(count)} ${count === 1 ? one : many}`;
}

export function showNumber(value: number): string {
  // Small ones are the same everywhere; the first other one costs more than most commands need to answer.
  if (Number.isInteger(value) && value >= 0 && value < 1000) return String(value);
  format ??= new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
  return format.format(value);
}

let format: Intl.NumberFormat | undefined;

const steps = ['B', 'KB', 'MB', 'GB', 'TB'];

export function showBytes(bytes: number): string {
  let value = bytes;
  let step = 0;
  for (; 1024 <= value && step < steps.length - 1; step += 1) value /= 1024;
  return `${step === 0 ? value : value.toFixed(1)} ${steps[step]}`;
}

const units: Readonly<Record<string, number>> = {
  '': 1,
  k: 1 << 10,
  m: 1 << 20,
  g: 1 << 30,
  t: 2 ** 40,
};

/** `500000`, `64M`, `1G`: bytes. Undefined when it is no size. */
export function readBytes(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d{1,12})([kmgt]?)b?$/i.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits) * (units[unit.toLowerCase()] ?? 1);
}

export function showCost({ amount, currency }: Cost): string {
  const digits = amount !== 0 && Math.abs(amount) < 0.1 ? 4 : 2;
  const value = amount.toFixed(digits);
  return currency === 'USD' ? `$${value}` : `${value} ${currency}`;
}

/** Undefined when the agent told nothing that can be summed up. */
export function showTokens({ total, input, output }: Usage): string | undefined {
  const all =
    total ??
    (input === undefined && output === undefined ? undefined : (input ?? 0) + (output ?? 0));
  if (all === undefined) return undefined;
  if (all < 10_000) return showCount(all, 'token');
  return `${showNumber(Math.round(all / 1000))}k tokens`;
}
