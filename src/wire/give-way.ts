/** Lets the system prefer others to this thread: what is recorded may come a moment later, what is forwarded may not. */
import { readlinkSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/** Enough that a burst of recording does not delay a message; more, and a flood would overrun the queue. */
const niceness = 4;
const expected = new Set(['ENOENT', 'EACCES', 'EPERM', 'ERR_SYSTEM_ERROR']);

/** Linux alone counts threads as it does processes; elsewhere nothing happens. */
export function giveWay(): void {
  if (process.platform !== 'linux') return;
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    const ours = getPriority(process.pid);
    if (thread !== process.pid) setPriority(thread, Math.min(19, ours + niceness));
  } catch (error) {
    // No /proc here, or the system does not let us: then we are all equal.
    if (!expected.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
