/** The words of the checkpoint engine's doors; all of it goes through JSON, between threads and processes. */
import type { Version } from '../snapshot/restore-step.ts';
import type { Act, Logged } from '../undo/act.ts';
import type { Early } from '../undo/bouts.ts';
import type { Oid } from './object-id.ts';

export type TakeOrder = {
  /** ULID, minted by whoever asks: the checkpoint's name for ever, also when it is amended. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly label?: string;
  /** Session, turn, step and whatever else it belongs to. */
  readonly marks?: Readonly<Record<string, string>>;
  /** What can have changed files since this line's last checkpoint. */
  readonly acts?: readonly Act[];
  /** What logs of agents say, whenever they were read. */
  readonly logged?: readonly Logged[];
  /** The texts that the acts' claims name: kept as blobs as long as the checkpoint is. */
  readonly texts?: readonly string[];
  /** Without a change there is no need for it: the last one then answers for it. */
  readonly unlessSame?: boolean;
  /** Another checkpoint that it follows: the one before the same turn. */
  readonly after?: string;
  /** Only look at these, and at nothing else: the quick way. */
  readonly paths?: readonly string[];
  /** Answer within that time from `at`, degraded if need be. */
  readonly withinMs?: number;
  readonly pinned?: boolean;
};

type Degraded = 'still sweeping' | 'still capturing';

export type Taken = {
  readonly id: string;
  readonly commit: Oid;
  /** The workspace's tree, as `git write-tree` would name it. */
  readonly tree: Oid;
  /** Paths that were looked at more closely than by a stat. */
  readonly changed: number;
  /** Why it is less than whole. */
  readonly degraded?: Degraded;
  readonly uncaptured: number;
  /** Nothing had changed: `id` is that of the last one. */
  readonly same?: boolean;
};

export type Checkpoint = {
  readonly id: string;
  readonly commit: Oid;
  readonly tree: Oid;
  readonly at: number;
  readonly label?: string;
  readonly marks: Readonly<Record<string, string>>;
  readonly acts: readonly Act[];
  readonly logged?: readonly Logged[];
  /** They were taken in this order, whatever the clock said. */
  readonly number: number;
  readonly after?: string;
  readonly degraded?: Degraded;
  /** When its look had ended. */
  readonly looked?: number;
  readonly early?: Early;
  readonly pinned: boolean;
};

/** What one checkpoint has that the one before it had not. */
export type Window = {
  readonly id: string;
  readonly changes: readonly Change[];
  /** More changed than is worth telling one by one. */
  readonly isCut: boolean;
};

export type Change = {
  readonly path: string;
  readonly before?: Version;
  readonly after?: Version;
  /** The checkpoint on that side could not have it; its silence says nothing. */
  readonly unknown?: 'before' | 'after';
};
