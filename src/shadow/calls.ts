/** The shadow repository asked from another process or thread: one line a call, one line an answer. */
import { Failure, type FailureCode } from '../errors.ts';
import type { RestoreReport, RestoreStep, Version } from '../snapshot/restore-step.ts';
import type { Back, BackOrder } from './go-back.ts';
import type { Oid } from './object-id.ts';
import type { Change, Checkpoint, Taken, TakeOrder, Window } from './order.ts';
import type { BackPlan } from './plan-back.ts';
import type { Pruned, PruneOrder } from './prune-checkpoints.ts';

/** Everything that can be asked, as parameters and answer; all of it plain JSON. */
export type Calls = {
  take: (order: TakeOrder) => Promise<Taken>;
  list: () => Promise<Checkpoint[]>;
  show: (id: string) => Promise<Checkpoint>;
  /** To what is there now, without a second one. What a side could not have is marked, and no change. */
  diff: (before: string, after?: string) => Promise<Change[]>;
  windows: (first: string, last?: string) => Promise<Window[]>;
  versionAt: (id: string, path: string) => Promise<Version | null>;
  versionsAt: (id: string, paths: readonly string[]) => Promise<(Version | 'unknown' | null)[]>;
  /** Base64; null when missing or damaged. */
  readBlob: (oid: Oid) => Promise<string | null>;
  /** One character a byte. The first of them, as many as one answer may hold, and one at least. */
  readTexts: (oids: readonly Oid[]) => Promise<(string | null)[]>;
  plan: (
    safety: TakeOrder,
    target: string,
    paths?: readonly string[],
  ) => Promise<BackPlan & { readonly safety: Taken }>;
  /** `texts` in base64. */
  apply: (
    id: string,
    steps: readonly RestoreStep[],
    texts?: readonly string[],
    allowsOutsideLinks?: boolean,
  ) => Promise<RestoreReport>;
  /** `plan` and `apply` at once. */
  goBack: (order: BackOrder) => Promise<Back>;
  pin: (id: string) => Promise<null>;
  unpin: (id: string) => Promise<null>;
  prune: (order: PruneOrder) => Promise<Pruned>;
  measure: () => Promise<Measure>;
  /** Reads what the last checkpoint had to leave to the background, for whoever does not stay. */
  complete: () => Promise<Measure>;
};

export type Measure = {
  readonly checkpoints: number;
  /** Of our own packs. */
  readonly bytes: number;
  /** Of base packs: links cost nothing while the user has the same pack. */
  readonly baseBytes: number;
  readonly last?: {
    readonly id: string;
    readonly at: number;
    readonly degraded?: string;
    /** Paths that it could not keep: how many, and the first of them. */
    readonly uncaptured: { readonly count: number; readonly paths: readonly string[] };
  };
};

const callNames = [
  'take',
  'list',
  'show',
  'diff',
  'windows',
  'versionAt',
  'versionsAt',
  'readBlob',
  'readTexts',
  'plan',
  'apply',
  'goBack',
  'pin',
  'unpin',
  'prune',
  'measure',
  'complete',
] as const satisfies readonly (keyof Calls)[];

export type Call = {
  readonly id: number;
  readonly name: keyof Calls;
  readonly params: readonly unknown[];
};

export type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly failure: WireFailure };

type WireFailure = {
  readonly code: FailureCode | undefined;
  readonly message: string;
  readonly data?: Record<string, unknown>;
  readonly hint?: string | undefined;
};

type Doer = (name: keyof Calls, params: readonly unknown[]) => Promise<unknown>;

/** All the calls, each done by one that takes its name. */
export function bindCalls(act: Doer): Calls {
  return Object.fromEntries(
    callNames.map((name) => [name, (...params: readonly unknown[]) => act(name, params)]),
  ) as unknown as Calls;
}

export function makeCall(
  calls: Calls,
  name: keyof Calls,
  params: readonly unknown[],
): Promise<unknown> {
  const act = calls[name] as (...given: readonly unknown[]) => Promise<unknown>;
  return act(...params);
}

export async function answerCall(calls: Calls, { id, name, params }: Call): Promise<Answer> {
  try {
    if (!callNames.includes(name))
      throw new Failure('unknown-method', `no call ${JSON.stringify(name)}`);
    return { id, result: await makeCall(calls, name, params) };
  } catch (error) {
    return { id, failure: toWireFailure(error) };
  }
}

export function toWireFailure(error: unknown): WireFailure {
  if (error instanceof Failure) {
    const { code, message, data, hint } = error;
    return { code, message, data, hint };
  }
  const { message = String(error), code } = (error ?? {}) as NodeJS.ErrnoException;
  const refused = code === undefined ? undefined : refusals[code];
  return refused === undefined ? { code: undefined, message } : { ...refused, message };
}

const noSpace = { code: 'no-space', hint: 'make room on that disk, and try again' } as const;
const closed = {
  code: 'state-refused',
  hint: 'look who owns it and whether it may be written, or set CLEW_HOME to another folder',
} as const;

/** What the system says no with; anything else is a mistake of ours, and must be heard as one. */
const refusals: Readonly<Record<string, Pick<WireFailure, 'code' | 'hint'>>> = {
  ENOSPC: noSpace,
  EDQUOT: noSpace,
  EACCES: closed,
  EPERM: closed,
  EROFS: closed,
  ENOTDIR: closed,
  EIO: { code: 'state-refused', hint: 'look after that disk' },
};

/** Calls by way of something that carries lines. */
export function askCalls(send: (call: Call) => void): {
  calls: Calls;
  settle(answer: Answer): void;
  drop(why: Error): void;
} {
  const waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (why: Error) => void }
  >();
  let last = 0;
  const ask = (name: keyof Calls, params: readonly unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      send({ id: last, name, params: dropMissing(params) });
    });
  return {
    calls: bindCalls(ask),
    settle(answer) {
      const asked = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ('result' in answer) asked?.resolve(answer.result);
      else asked?.reject(toError(answer.failure));
    },
    drop(why) {
      for (const asked of waiting.values()) asked.reject(why);
      waiting.clear();
    },
  };
}

/** What was left out at the end: JSON would make it null, which is another thing. */
function dropMissing(params: readonly unknown[]): readonly unknown[] {
  return params.slice(0, params.findLastIndex((it) => it !== undefined) + 1);
}

function toError({ code, message, data = {}, hint }: WireFailure): Error {
  if (code === undefined) return new Error(message);
  return new Failure(code, message, hint === undefined ? { data } : { data, hint });
}
