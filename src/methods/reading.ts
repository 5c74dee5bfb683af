/** The methods that change nothing: they may run beside each other, and be left in the middle. */
import type { Methods } from '../contract/types.gen.ts';

const reading: ReadonlySet<string> = new Set<keyof Methods>([
  'checkpoint/diff',
  'checkpoint/list',
  'context/check',
  'context/read',
  'hooks/status',
  'journal/verify',
  'log/query',
  'log/show',
  'message/rewind',
  'rpc.discover',
  'session/list',
  'session/show',
  'workspace/status',
]);

/** What is not listed counts as changing something: it is waited for, and one goes after the other. */
export function isReading(method: string): boolean {
  return reading.has(method);
}
