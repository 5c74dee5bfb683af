/** What the two threads say to each other: records in the queue, and messages through the port. */

/** Kinds of the queue's records. */
export const noteKind = {
  /** Bytes that went from the editor towards the agent. */
  editorBytes: 0,
  agentBytes: 1,
  /** The last whole line of a side waits at a gate. Payload: JSON of GateAsked. */
  gateAsked: 2,
  gateTimedOut: 3,
  /** There was no room for some bytes. Payload: JSON of BytesDropped. */
  bytesDropped: 4,
  /** The agent is gone. Payload: JSON of AgentGone. */
  agentGone: 5,
  /** Nothing more will come. Payload: JSON of Farewell. */
  farewell: 6,
} as const;

export type GateAsked = {
  readonly id: number;
  readonly judge: string;
  readonly from: 'editor' | 'agent';
};
export type GateTimedOut = { readonly gate: string; readonly afterMs: number };
export type BytesDropped = {
  readonly from: 'editor' | 'agent';
  readonly lines: number;
  readonly bytes: number;
  /** The loss ends in the middle of a line. */
  readonly isMidLine: boolean;
};
export type AgentGone = {
  /** Why, for the error that unanswered requests get. */
  readonly message: string;
  readonly code?: number | undefined;
  readonly signal?: string | undefined;
};
export type Farewell = {
  readonly reason: 'editor-left' | 'agent-left' | 'signal' | 'failure';
  readonly code?: number | undefined;
  readonly signal?: string | undefined;
};

/** What a run is asked to be, whoever starts it. */
export type RunOptions = {
  /** The agent's program and its arguments. */
  readonly command: readonly string[];
  /** Names this run to hooks that git runs behind the agent; also the name of its first journal. */
  readonly run: string;
  readonly workspace?: string | undefined;
  readonly label?: string | undefined;
  readonly lineLimitBytes: number;
  /** Copies of the user's packs instead of links to them. */
  readonly copiesBase: boolean;
  /** Checkpoints even of a home folder or a whole disk. */
  readonly guardsAny: boolean;
  /** The agent is told, before a prompt, that its repository was changed meanwhile. */
  readonly tellsAgent: boolean;
  /** The agent is told, before its first prompt, where earlier sessions left the work. */
  readonly resumes: boolean;
  /** What is done about an edit that is proven stale. */
  readonly stale: 'refuse' | 'ask' | 'warn' | 'off';
  /** The agent whose JSON is read, where it has no editor and speaks no ACP. */
  readonly prints?: string | undefined;
};

/** What the back thread is started with. */
export type BackOptions = RunOptions & {
  readonly memory: SharedArrayBuffer;
  /** Where the clocks of both threads begin: performance.timeOrigin + mono of the front thread. */
  readonly startedAt: number;
  /** Set when an earlier back thread of this run died. */
  readonly restart?: { readonly why: string; readonly writers: readonly string[] };
};

/** From the back thread. */
export type BackSaid =
  /** A writer's journal was opened; named to the next back thread should this one die. */
  | { readonly kind: 'writing'; readonly writer: string }
  | { readonly kind: 'judged'; readonly id: number; readonly verdict: GateVerdict }
  /** A line for the editor, or for the agent. */
  | {
      readonly kind: 'inject';
      readonly to: 'editor' | 'agent';
      readonly line: Uint8Array;
      /** With it, the question of this id is settled: what it was asked for need not be kept any more. */
      readonly settles?: string | undefined;
    }
  /** Answers to what the agent left unanswered. */
  | { readonly kind: 'unanswered'; readonly lines: readonly Uint8Array[] }
  /** For the person, on stderr. */
  | { readonly kind: 'say'; readonly text: string }
  /** After the farewell: one more of its rooms is closed. */
  | { readonly kind: 'leaving' }
  | { readonly kind: 'done' };

export type GateVerdict =
  | {
      readonly kind: 'pass';
      /** JSON text of its id: the answer to it is to be judged too. */
      readonly awaits?: string | undefined;
    }
  /** Something else goes on in its place. */
  | { readonly kind: 'replace'; readonly line: Uint8Array }
  /** It goes on with something more in its middle: all other bytes as they are. */
  | { readonly kind: 'insert'; readonly atByte: number; readonly bytes: Uint8Array }
  /** It stops here, and its sender gets this answer. */
  | { readonly kind: 'answer'; readonly line: Uint8Array }
  /** It stops here. */
  | { readonly kind: 'absorb' }
  /** It stops here until the person has answered this question, whose answer is for clew alone. */
  | { readonly kind: 'ask'; readonly id: string; readonly line: Uint8Array };
