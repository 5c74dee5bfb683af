/** Tells the git blob ids of files as they are now; what has not changed since is not read again. */
import { readPath } from '../snapshot/raw-path.ts';
import type { Seen } from '../snapshot/table.ts';
import { nameBlob } from './name-blob.ts';
import { isEqual, readFileWhole } from './read-file.ts';
import { readSeen } from './read-seen.ts';

/** null: nothing is there. Undefined: that cannot be told, or it is no file, or one too large to read. */
export type BlobIds = (path: string) => string | null | undefined;

type Known = { readonly seen: Seen; readonly blob: string };

const limitBytes = 16 << 20;
const knownLimit = 20_000;

/** `root`: real path. Paths as checkpoints name them. */
export function openBlobIds(root: string): BlobIds {
  const known = new Map<string, Known>();

  return (path) => {
    const raw = readPath(path);
    const seen = readSeen(root, raw);
    const last = known.get(path);
    if (seen !== undefined && last !== undefined && isEqual(seen, last.seen)) return last.blob;
    known.delete(path);
    const reading = readFileWhole(root, raw, limitBytes);
    if (reading.kind === 'gone') return null;
    if (reading.kind !== 'read') return undefined;
    const blob = nameBlob(reading.bytes);
    if (!reading.young && known.size < knownLimit) known.set(path, { seen: reading.seen, blob });
    return blob;
  };
}
