/** Our stderr for short words to a person, which must never stop the traffic: who does not read it misses them. */
import { constants, fstatSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';

/** More than this unread, and further words are dropped. */
const unreadLimitBytes = 64 << 10;

/** Opened at the first word: most runs have nothing to say. */
export function openStandardError(): (text: string) => void {
  let stream: Writable | undefined;
  return (text) => {
    // Nobody is there to be told that nobody is there.
    stream ??= openStream().on('error', () => stream?.destroy());
    if (!stream.destroyed && stream.writableLength < unreadLimitBytes) stream.write(text);
  };
}

/** Node writes to a pipe on stderr synchronously, and a full one would stop everything. */
function openStream(): Writable {
  const stat = fstatSync(2);
  if (!stat.isFIFO() && !stat.isSocket()) return process.stderr;
  const socket = new Socket({ fd: ownDescriptor(stat.isFIFO()), readable: false, writable: true });
  socket.unref();
  return socket;
}

/** The agent has the same stderr, which must not become non-blocking under it: a pipe can be opened anew. */
function ownDescriptor(isPipe: boolean): number {
  if (!isPipe) return 2;
  try {
    return openSync('/proc/self/fd/2', constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    // No /proc here, or not ours to open.
    if ((error as NodeJS.ErrnoException).code !== undefined) return 2;
    throw error;
  }
}
