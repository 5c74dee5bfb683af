/** Writes a small file so that it is there whole or not at all, for its owner's eyes only, and durably. */
import { randomUUID } from 'node:crypto';
import { closeSync, fdatasyncSync, renameSync, rmSync, writeSync } from 'node:fs';
import { openDisk } from './disk.ts';

export function writeWhole(path: string, content: string | Uint8Array): void {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const draft = `${path}.${randomUUID()}.tmp`;
  const fd = openDisk().create(draft);
  try {
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
      fdatasyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
