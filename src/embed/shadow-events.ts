/** What a host gets of a task's checkpoints: the results of what it asked for, and the events that tell of them. */

export type InitResult = { readonly created: boolean; readonly baseHash: string };

export type ShadowCheckpoint = {
  readonly commit: string;
  /** The task's first commit: what the workspace was when the task began. */
  readonly base: string;
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
};

export type RestoreResult = {
  readonly commit: string;
  /** What was there before: restore it to undo the restore. */
  readonly safety: string;
  /** How many paths. */
  readonly written: number;
  readonly removed: number;
  /** Changed by somebody meanwhile, and so left alone. */
  readonly skipped: readonly string[];
  /** What the checkpoint could not capture, and so left as it is. */
  readonly unknown: readonly string[];
};

export type ShadowEvents = {
  initialize: [InitResult & { type: 'initialize'; workspacePath: string; durationMs: number }];
  checkpoint: [
    ShadowCheckpoint & {
      type: 'checkpoint';
      fromHash: string;
      toHash: string;
      durationMs: number;
    },
  ];
  restore: [RestoreResult & { type: 'restore'; commitHash: string; durationMs: number }];
  error: [{ type: 'error'; error: Error }];
};
