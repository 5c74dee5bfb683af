/** What a trace is made of: one row type per table.
 *
 * Every row belongs to the one writer whose entry made it, and only that writer's entries change
 * it. A writer's entries come in their own order always, so the order in which several journals
 * are read cannot matter; what several writers say of one session is put together in cards.ts.
 */
import type { Attachment, Claim, Cost, Output, PlanEntry, Usage } from '../contract/types.gen.ts';

/** A run that wrote a journal. */
export type WriterRow = {
  writer: string;
  /** Its clock, kept from going back: what its entries are ordered by among other writers'. */
  stamp: number;
  seq: number;
  entries: number;
  startedAt: number;
  lastAt: number;
  /** Entries that its seq says were written and that nobody could read. */
  missing: number;
  workspace?: string;
  label?: string;
  branch?: string;
  head?: string;
  agent?: string;
  agentVersion?: string;
  client?: string;
  /** How its recording ended, if it said so. */
  ended?: string;
};

/** One writer's word that another is gone. */
export type LossRow = { writer: string; lost: string; lastSeq: number };

/** A session as one writer saw it. Several writers may see one session: it was resumed. */
export type OpeningRow = {
  session: string;
  writer: string;
  /** Where in the order it was first seen, */
  stamp: number;
  seq: number;
  /** and last. */
  lastStamp: number;
  lastSeq: number;
  startedAt: number;
  lastAt: number;
  agentSession?: string;
  how?: string;
  cwd?: string;
  parent?: string;
  title?: string;
  model?: string;
  mode?: string;
  closed?: boolean;
  cost?: Cost;
  usage?: Usage;
};

export type TurnRow = {
  id: string;
  writer: string;
  session?: string;
  stamp?: number;
  seq?: number;
  startedAt?: number;
  origin?: 'prompt' | 'agent';
  /** Its first line, cut. */
  prompt?: string;
  outcome?: string;
  durationMs?: number;
  endSeq?: number;
  /** Of the last entry that said something of the turn itself. */
  lastSeq?: number;
  usage?: Usage;
};

export type StepRow = {
  id: string;
  writer: string;
  turn?: string;
  stamp?: number;
  seq?: number;
  startedAt?: number;
  kind?: string;
  title?: string;
  toolKind?: string;
  toolName?: string;
  call?: string;
  role?: string;
  outcome?: string;
  durationMs?: number;
  late?: boolean;
  output?: Output;
  exitCode?: number;
  problem?: string;
  on?: string;
  choice?: string;
  /** The step that it is a part of. */
  parent?: string;
  /** The agent's or the host's id of the message. */
  message?: string;
  sources?: readonly Attachment[];
  /** Of the last entry that said something of it. */
  lastSeq?: number;
};

/** A prompt (no step) or a part of a message. */
export type TextRow = {
  writer: string;
  seq: number;
  turn: string;
  step?: string;
  part: number;
  text: string;
  attachments?: readonly Attachment[];
};

export type ClaimRow = {
  writer: string;
  seq: number;
  /** Which claim of its entry. */
  n: number;
  turn: string;
  step?: string;
  /** Relative to the workspace where it is inside. */
  path: string;
  /** False if it was only read. */
  changed: boolean;
  claim: Claim;
};

export type PlanRow = {
  writer: string;
  session: string;
  /** Empty outside a turn. */
  turn: string;
  /** Empty when the agent has one plan only. */
  plan: string;
  stamp: number;
  seq: number;
  entries: readonly PlanEntry[];
};

/** Something that takes no time, beside the steps: a change of plan, a checkpoint. */
export type MarkRow = {
  writer: string;
  seq: number;
  stamp: number;
  startedAt: number;
  kind: 'plan' | 'checkpoint';
  outcome: 'completed' | 'failed';
  session?: string;
  turn?: string;
  title?: string;
  problem?: string;
  /** The checkpoint's id. */
  checkpoint?: string;
  entries?: readonly PlanEntry[];
  /** The agent's name for the plan, where it has several. */
  plan?: string;
  /** Of a plan that is a text, or a file. */
  text?: string;
};

/** Something that is missing, failed or was not understood. */
export type ProblemRow = {
  writer: string;
  seq: number;
  stamp: number;
  session?: string;
  turn?: string;
  text: string;
  /** What is counted by itself. */
  kind?: 'overwritten' | 'stale';
};

export type Tables = {
  losses: LossRow;
  turns: TurnRow;
  steps: StepRow;
  texts: TextRow;
  claims: ClaimRow;
  plans: PlanRow;
  marks: MarkRow;
  problems: ProblemRow;
};

export type AllTables = Tables & { writers: WriterRow; openings: OpeningRow };

/** The columns that tell the rows of a table apart. */
export const keys = {
  writers: ['writer'],
  openings: ['writer', 'session'],
  losses: ['writer', 'lost'],
  turns: ['writer', 'id'],
  steps: ['writer', 'id'],
  texts: ['writer', 'seq'],
  claims: ['writer', 'seq', 'n'],
  plans: ['writer', 'session', 'turn', 'plan'],
  marks: ['writer', 'seq'],
  problems: ['writer', 'seq'],
} as const satisfies { [T in keyof AllTables]: readonly (keyof AllTables[T])[] };

/**
 * put: these columns have these values from now on; those left out stay as they are.
 * fill: the same, but only for those that have none yet.
 */
export type Change = {
  [T in keyof Tables]: { how: 'put' | 'fill'; table: T; row: Tables[T] };
}[keyof Tables];
