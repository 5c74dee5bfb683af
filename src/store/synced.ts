/** What a file in the workspace was when it was last read or written here, so that an edit is known from our own writing. */
import { readShape } from '../journal/json.ts';

export type Synced = {
  readonly v: 1;
  /** Checksum of the file. */
  readonly file: string;
  readonly head?: string;
  /** The versions of each item that it showed. */
  readonly items: Readonly<Record<string, readonly string[]>>;
  /** Checksums of what was written there before: meeting one again is no edit. */
  readonly recent: readonly string[];
};

const recentLimit = 50;

/** Undefined where there is none, or one that somebody else wrote. */
export function readSynced(text: string | undefined): Synced | undefined {
  if (text === undefined) return undefined;
  const synced = readShape(text) as Partial<Synced> | undefined;
  const isWhole = synced?.v === 1 && typeof synced.file === 'string';
  return isWhole && Array.isArray(synced.recent) ? (synced as Synced) : undefined;
}

type Now = Pick<Synced, 'file' | 'items'> & { readonly head: string | undefined };

export function spellNext(before: Synced | undefined, { file, head, items }: Now): string {
  const recent = [...new Set([...(before?.recent ?? []), file])].slice(-recentLimit);
  const synced: Synced = { v: 1, file, ...(head === undefined ? {} : { head }), items, recent };
  return `${JSON.stringify(synced)}\n`;
}
