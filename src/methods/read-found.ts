/** What a path is right now, as the guard compares it. */
import type { Version } from '../guard/judge-write.ts';
import { readPath } from '../snapshot/raw-path.ts';
import { readFileWhole } from '../workspace/read-file.ts';
import { nameText } from './name-text.ts';

export type Found = Version & { readonly bytes: number };

const limitBytes = 8 << 20;

/** Undefined for what is no file, or too large to be compared. */
export function readFound(root: string, path: string): Found | undefined {
  const reading = readFileWhole(root, readPath(path), limitBytes);
  if (reading.kind === 'gone') return { blob: null, bytes: 0 };
  if (reading.kind !== 'read') return undefined;
  const text = Buffer.from(reading.bytes).toString('latin1');
  const found = { blob: nameText(text), bytes: text.length };
  return text.includes('\0') ? found : { ...found, text };
}
