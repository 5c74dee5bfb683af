/** What a path is right now, by the hash of its bytes. */
import type { RawPath } from '../snapshot/raw-path.ts';
import type { Version } from '../snapshot/restore-step.ts';
import { tellRights } from '../snapshot/rights.ts';
import { kinds, type Seen } from '../snapshot/table.ts';
import { nameBlob } from './name-blob.ts';
import { readFileWhole } from './read-file.ts';

const limitBytes = 2 ** 31 - 1;

export type Found =
  | {
      readonly kind: 'version';
      readonly version: Version;
      readonly seen: Seen;
      readonly size: number;
    }
  | { readonly kind: 'nothing' }
  /** A pipe, a socket, a file that cannot be read or is too large: nothing we would write over. */
  | { readonly kind: 'other'; readonly why: string };

export function readVersion(root: string, path: RawPath): Found {
  const reading = readFileWhole(root, path, limitBytes);
  if (reading.kind === 'gone') return { kind: 'nothing' };
  if (reading.kind === 'folder') {
    const { seen } = reading;
    const version = { mode: '040000', oid: '', rights: tellRights(seen.rights) } as const;
    return { kind: 'version', version, seen, size: 0 };
  }
  if (reading.kind === 'unreadable' || reading.kind === 'hidden')
    return { kind: 'other', why: reading.why };
  if (reading.kind !== 'read') return { kind: 'other', why: reading.kind };
  const { seen, bytes } = reading;
  const mode =
    seen.kind === kinds.link ? '120000' : seen.kind === kinds.program ? '100755' : '100644';
  const rights = mode === '120000' ? {} : { rights: tellRights(seen.rights) };
  const version = { mode, oid: nameBlob(bytes), ...rights } as const;
  return { kind: 'version', version, seen, size: bytes.length };
}
