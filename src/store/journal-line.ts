/** How a journal line is sealed and checked: its last member is the checksum of all bytes before it. */
import { hash } from 'node:crypto';
import type { JournalHeader } from '../contract/types.gen.ts';
import { readShape, type Shape } from '../journal/json.ts';

/** Of the format; a reader stops at a file whose header says more. */
export const journalVersion = 1;
/** What the first line of a writer has instead of the checksum of a line before it. */
export const noSum = '0'.repeat(16);

const sumDigits = 16;
const sumOpens = ',"sum":"';
const sumCloses = '"}';
const sealLength = sumOpens.length + sumDigits + sumCloses.length;

type Sealed = { readonly text: string; readonly sum: string };
export type Checked = { readonly value: Shape; readonly sum: string };

/** `open` is the line's object without its closing brace. */
export function sealLine(open: string): Sealed {
  const sum = sumOf(open);
  return { text: `${open}${sumOpens}${sum}${sumCloses}\n`, sum };
}

/** `bytes` without the newline. Undefined when they are not what was once sealed. */
export function checkLine(bytes: Buffer): Checked | undefined {
  const end = bytes.length - sealLength;
  if (end < 1) return undefined;
  const sum = bytes.toString('latin1', end + sumOpens.length, bytes.length - sumCloses.length);
  if (sumOf(bytes.subarray(0, end)) !== sum) return undefined;
  if (bytes.toString('latin1', end) !== `${sumOpens}${sum}${sumCloses}`) return undefined;
  return parseSealed(bytes, sum);
}

export function isHeader(value: Record<string, unknown>): value is JournalHeader & typeof value {
  return value['clew'] === 'journal' && typeof value['writer'] === 'string';
}

/** A right checksum over something that is no object was written by no journal writer. */
function parseSealed(bytes: Buffer, sum: string): Checked | undefined {
  const value = readShape(bytes.toString('utf8'));
  return value && { value, sum };
}

function sumOf(data: string | Buffer): string {
  return hash('sha256', data, 'hex').slice(0, sumDigits);
}
