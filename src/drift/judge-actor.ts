/** Decides who did an operation, by what hooks witnessed: never by when it was. */
import type { Actor } from '../contract/types.gen.ts';
import type { Operation } from './operation.ts';
import type { SpoolLine } from './spool-line.ts';

export type Witnesses = {
  readonly lines: readonly SpoolLine[];
  /** All of the same reading: two that look alike to a hook may not be told apart. */
  readonly operations: readonly Operation[];
  /** The writer that asks. */
  readonly run: string | undefined;
};

export type Judged = { readonly actor: Actor; readonly heard: boolean };

export function judgeActor(operation: Operation, witnesses: Witnesses): Judged {
  const { lines, operations, run } = witnesses;
  const told = lines.filter((it) => isAbout(it, operation));
  if (told.length === 0) return { actor: { kind: 'unknown' }, heard: false };
  const unknown: Judged = { actor: { kind: 'unknown' }, heard: true };
  if (new Set(told.map((it) => `${it.run}\t${it.from}`)).size > 1) return unknown;
  const { cause, from, to } = operation;
  const alike = operations.filter((it) => it.cause === cause && it.from === from && it.to === to);
  if (told.length < alike.length) return unknown;
  const [line] = told;
  if (line?.run !== undefined)
    return { actor: { kind: line.run === run ? 'own' : 'other', run: line.run }, heard: true };
  return line?.from === 'terminal' ? { actor: { kind: 'person' }, heard: true } : unknown;
}

function isAbout(line: SpoolLine, { cause, from, to, visited }: Operation): boolean {
  if (line.hook === 'post-checkout') {
    if (line.detail !== '1') return false;
    if (cause === 'checkout' || cause === 'orphan') return line.old === from && line.new === to;
    return isLong(cause) && visited.includes(line.new);
  }
  if (cause === 'checkout' || cause === 'orphan' || cause === 'reset') return false;
  if (line.hook === 'post-merge' && line.detail === '1') return false;
  return line.new !== undefined && visited.includes(line.new);
}

const isLong = (cause: Operation['cause']) =>
  cause === 'rebase' || cause === 'pull' || cause === 'bisect';
