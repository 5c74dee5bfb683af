/** The records that a file of Agent Trace has, one a line, by whoever wrote them. */
import { readFileSync } from 'node:fs';
import { type ReadRecord, readTrace } from '../attribution/read-trace.ts';
import { Failure } from '../errors.ts';
import { readJson } from '../journal/json.ts';

export type Traces = {
  readonly records: readonly ReadRecord[];
  /** Lines that are no records, by their numbers. */
  readonly broken: readonly number[];
};

/** Undefined when there is no such file. */
export function readTraces(file: string): Traces | undefined {
  const text = readIfAny(file);
  if (text === undefined) return undefined;
  const records: ReadRecord[] = [];
  const broken: number[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const record = readTrace(readJson(line));
    if (record === undefined) broken.push(at + 1);
    else records.push(record);
  }
  return { records, broken };
}

function readIfAny(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === undefined) throw error;
    throw new Failure('invalid-params', `${file} cannot be read: ${code}`, { data: { file } });
  }
}
