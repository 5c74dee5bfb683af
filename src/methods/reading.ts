/** Which methods may run beside each other, and be left in the middle: all others wait for their turn and are finished. */
import type { Methods } from '../contract/types.gen.ts';

const reading: ReadonlySet<string> = new Set<keyof Methods>([
  'attribution/export',
  'attribution/verify',
  'blame/commit',
  'blame/file',
  'blame/why',
  'checkpoint/diff',
  'checkpoint/list',
  'context/check',
  'context/read',
  'doctor/check',
  'drift/status',
  'hooks/status',
  'journal/verify',
  'log/query',
  'log/show',
  'message/rewind',
  'rpc.discover',
  'session/list',
  'session/show',
  'state/conflicts',
  'state/digest',
  'state/get',
  'task/graph',
  'task/list',
  'task/ready',
  'trace/snapshot',
  'workspace/status',
]);

/** They change only what somebody hears, and must not wait for a long undo. */
const listening: ReadonlySet<string> = new Set<keyof Methods>([
  'step/progress',
  'trace/subscribe',
  'trace/unsubscribe',
]);

/** Changes nothing. What is not listed counts as changing something. */
export function isReading(method: string): boolean {
  return reading.has(method);
}

/** Changes the workspace or what is known of it: one goes after the other. */
export function isChanging(method: string): boolean {
  return !reading.has(method) && !listening.has(method);
}
