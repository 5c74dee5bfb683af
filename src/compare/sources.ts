/** What a comparison is given: which paths differ, and how their bytes are had. */
import type { Version } from '../snapshot/restore-step.ts';

export type Change = {
  readonly path: string;
  /** Left out: it was not there. */
  readonly before?: Version;
  readonly after?: Version;
  /** That side could not have it: it says nothing of what was there. */
  readonly unknown?: 'before' | 'after';
};

/** A change whose file may have had another name before. */
export type PairedChange = Change & {
  readonly oldPath?: string;
  /** In per cent; of a renamed file. */
  readonly similarity?: number;
};

export type Sources = {
  /** By git blob id; nothing when it was never captured or is damaged. */
  readonly readBytes: (oid: string) => Uint8Array | undefined | Promise<Uint8Array | undefined>;
};
