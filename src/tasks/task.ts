/** What a task is, as everybody but the file itself sees it. */

export const statuses = ['open', 'active', 'blocked', 'done', 'dropped'] as const;
export type Status = (typeof statuses)[number];

export const evidenceKinds = ['commits', 'checkpoints', 'sessions', 'files'] as const;
export type EvidenceKind = (typeof evidenceKinds)[number];
export type Evidence = Readonly<Record<EvidenceKind, readonly string[]>>;

export type Task = {
  readonly id: string;
  readonly title: string;
  readonly status: Status;
  readonly owner?: string;
  readonly dependsOn: readonly string[];
  readonly evidence: Evidence;
  /** What it is to be in. */
  readonly target?: { readonly commit?: string; readonly milestone?: string };
  readonly notes?: string;
  /** The entry of an agent's plan that it was. */
  readonly origin?: { readonly session?: string; readonly entry?: string };
  readonly created?: Mark;
  readonly updated?: Mark;
};

/** Who, and when. */
export type Mark = { readonly by?: string; readonly at?: string };

/** Something in a file that cannot be, or cannot be meant. */
export type Flaw = {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint?: string;
};

export const noEvidence: Evidence = { commits: [], checkpoints: [], sessions: [], files: [] };
