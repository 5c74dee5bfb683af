/** Our stdout as a stream that never blocks the thread, whatever it is connected to. */
import { fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';

/**
 * Node writes to a pipe on stdout synchronously: a slow editor would then stop the other direction
 * too, and two full pipes would stop everything for ever. A socket over the same descriptor waits.
 */
export function openStandardOutput(): Writable {
  const stat = fstatSync(1);
  if (!stat.isFIFO() && !stat.isSocket()) return process.stdout;
  return new Socket({ fd: 1, readable: false, writable: true });
}
