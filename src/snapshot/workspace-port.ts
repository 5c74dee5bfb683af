/** What the shadow repository asks of a workspace; a disk answers it, or a test's memory. */
import type { Ground } from './ground.ts';
import type { IgnoreRules } from './ignore-rules.ts';
import type { RawPath } from './raw-path.ts';
import type { Seen, Table } from './table.ts';

export type Reading =
  | {
      readonly kind: 'read';
      readonly bytes: Uint8Array;
      readonly seen: Seen;
      /** The stat was the same before and after. */
      readonly steady: boolean;
      /** The stat cannot vouch for the bytes: look again next time. */
      readonly young: boolean;
    }
  | {
      readonly kind: 'special' | 'folder' | 'large';
      readonly seen: Seen;
      readonly size: number;
    }
  | { readonly kind: 'unreadable'; readonly seen: Seen; readonly why: string }
  /** Whether it is there cannot be told. */
  | { readonly kind: 'hidden'; readonly why: string }
  | { readonly kind: 'gone' };

export type SweepReport = {
  readonly changed: readonly RawPath[];
  readonly unreadable: readonly { path: RawPath; why: string }[];
  /** False when it was told to stop, or its time was up, before the end. */
  readonly complete: boolean;
};

export type WorkspacePort = {
  readonly root: string;
  /** The folder itself, by which its store knows it again. */
  readonly ground: Ground;
  /** `objects` of the user's repository, where there is one that we can read. */
  readonly objects?: string | undefined;
  /** What is left out by rules that no tree has, as they are now: the user's own, `info/exclude`, those of folders above. */
  readOutsideRules(): IgnoreRules | undefined;
  /** Throws when the folder itself is gone: of what was in it, that says nothing. */
  checkThere(): void;
  /** Tells this folder from another one that may come to lie at its path. */
  readIdentity(): string;
  /** Files get their times from the clock of this machine, and not of another one. */
  isStampedHere(): boolean;
  /** A new table with what the user's index vouches for. What is swept by `untilMs` may be begun meanwhile. */
  openTable(untilMs: number): Table;
  /** Everything that is not as the table has it. Stops at `untilMs` (of the clock). `meanwhile` is done while others sweep. */
  sweep(table: Table, untilMs: number, meanwhile?: () => void): SweepReport;
  read(path: RawPath, limitBytes: number): Reading;
  /** What lies in a folder and below, ignore rules applied. */
  walk(path: RawPath): readonly RawPath[];
  close(): Promise<void>;
};
