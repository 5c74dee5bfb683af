/** The one error class of the house, and the table of everything that can go wrong on purpose. */

/** The table itself, for documents that list what can go wrong. */
export const failures = {
  'invalid-params': { rpc: -32602, exit: 2 },
  'unknown-method': { rpc: -32601, exit: 2 },
  usage: { rpc: -32602, exit: 2 },
  'no-workspace': { rpc: -32001, exit: 3 },
  'state-refused': { rpc: -32033, exit: 3 },
  'newer-state': { rpc: -32003, exit: 3 },
  'index-unavailable': { rpc: -32004, exit: 4 },
  'unknown-id': { rpc: -32005, exit: 5 },
  'ambiguous-id': { rpc: -32006, exit: 5 },
  damaged: { rpc: -32007, exit: 6 },
  busy: { rpc: -32008, exit: 7 },
  'recording-stopped': { rpc: -32009, exit: 8 },
  'restore-refused': { rpc: -32010, exit: 8 },
  'no-space': { rpc: -32011, exit: 8 },
  'no-repository': { rpc: -32012, exit: 3 },
  'hooks-refused': { rpc: -32013, exit: 8 },
  'state-unavailable': { rpc: -32014, exit: 4 },
  conflict: { rpc: -32040, exit: 8 },
  'agent-not-found': { rpc: -32020, exit: 127 },
  'agent-not-executable': { rpc: -32021, exit: 126 },
  'agent-left': { rpc: -32022, exit: 1 },
  'file-refused': { rpc: -32050, exit: 8 },
  'tasks-broken': { rpc: -32051, exit: 6 },
  'task-refused': { rpc: -32052, exit: 8 },
  'task-conflict': { rpc: -32053, exit: 8 },
  // As JSON-RPC and the language server protocol have them.
  unreadable: { rpc: -32700, exit: 1 },
  'invalid-request': { rpc: -32600, exit: 1 },
  'not-initialized': { rpc: -32002, exit: 1 },
  cancelled: { rpc: -32800, exit: 130 },
  'timed-out': { rpc: -32030, exit: 7 },
  'version-refused': { rpc: -32031, exit: 2 },
  'closed-workspace': { rpc: -32032, exit: 3 },
  'no-drift': { rpc: -32060, exit: 5 },
  'drift-refused': { rpc: -32061, exit: 8 },
} as const;

export type FailureCode = keyof typeof failures;

type Particulars = {
  /** What a program needs. */
  readonly data?: Record<string, unknown>;
  /** What a person should do next. */
  readonly hint?: string;
  readonly cause?: unknown;
};

export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: FailureCode;
  readonly data: Record<string, unknown>;
  readonly hint: string | undefined;

  constructor(code: FailureCode, message: string, particulars: Particulars = {}) {
    super(message, { cause: particulars.cause });
    this.code = code;
    this.data = particulars.data ?? {};
    this.hint = particulars.hint;
  }

  get rpcCode(): number {
    return failures[this.code].rpc;
  }
  get exitCode(): number {
    return failures[this.code].exit;
  }
}

/** What JSON-RPC says of something that was thrown. */
export function problemOf(error: unknown): { code: number; message: string; data?: object } {
  if (!(error instanceof Failure))
    return { code: -32603, message: error instanceof Error ? error.message : String(error) };
  const { rpcCode, message, code, data, hint } = error;
  return { code: rpcCode, message, data: { ...data, code, ...(hint && { hint }) } };
}
