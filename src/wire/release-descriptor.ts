/** Closes our end of a standard stream, so that whoever is at the other end hears of it. */
import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';

/** To destroy a stream is not enough: Node keeps the descriptors of standard streams open. */
export function releaseDescriptor(fd: 0 | 1): void {
  closeSync(fd);
  // The lowest free one is given out next, and no journal is to get the protocol's.
  openSync(devNull, fd === 0 ? 'r' : 'w');
}
