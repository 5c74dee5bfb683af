/** Checkpoints of a workspace for one task of a host: saved, compared, and gone back to. */
import { EventEmitter } from 'node:events';
import { resolve } from 'node:path';
import { Failure } from '../errors.ts';
import type { Calls } from '../shadow/calls.ts';
import { type KeeperThread, openKeeperThread } from '../shadow/keeper-thread.ts';
import type { Taken } from '../shadow/order.ts';
import { openClock } from '../store/clock.ts';
import { mintUlid } from '../store/ulid.ts';
import { bindTask, type TaskPlace } from './bind-task.ts';
import { type FileDiff, readDiff } from './read-diff.ts';

type Tell = (message: string, details?: Record<string, unknown>) => void;

export type ShadowLogger = {
  debug?: Tell;
  info?: Tell;
  warn?: Tell;
  error?: Tell;
};

export type AuditEntry = {
  readonly action: 'checkpoint:init' | 'checkpoint:save' | 'checkpoint:restore';
  readonly taskId: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly details: Readonly<Record<string, unknown>>;
};

export type AuditLogger = { log(entry: AuditEntry): unknown };

export type ShadowCheckpointOptions = TaskPlace & {
  readonly logger: ShadowLogger;
  readonly auditLogger?: AuditLogger;
};

export type InitResult = { readonly created: boolean; readonly baseHash: string };

export type ShadowCheckpoint = {
  readonly commit: string;
  /** The task's first commit: what the workspace was when the task began. */
  readonly base: string;
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
};

/** Whoever keeps checkpoints of its own, and wants to know which of ours belongs to each. */
export type CheckpointManager = {
  updateMetadata(id: string, metadata: { shadowCheckpoint: ShadowCheckpoint }): unknown;
};

export type SaveOptions = {
  /** Save also when nothing has changed. */
  readonly allowEmpty?: boolean;
  readonly checkpointId?: string;
  readonly checkpointManager?: CheckpointManager;
};

export type DiffOptions = {
  /** The task's first commit when left out. */
  readonly from?: string;
  /** The workspace as it is now when left out. */
  readonly to?: string;
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

/** What a checkpoint is for; only those that a host saved are its checkpoints. */
type Kind = 'base' | 'saved' | 'safety' | 'restored';

export class ShadowCheckpointService extends EventEmitter<ShadowEvents> {
  readonly taskId: string;
  readonly workspacePath: string;
  readonly #options: ShadowCheckpointOptions;
  readonly #clock = openClock();
  #keeper: KeeperThread | undefined;
  #baseHash: string | undefined;
  #checkpoints: string[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ShadowCheckpointOptions) {
    super();
    const { taskId, workspacePath, storagePath } = options;
    this.taskId = taskId;
    this.workspacePath = resolveNamed(workspacePath);
    // What is relative is so to where the host is now, wherever it goes until `init`.
    const places = { workspacePath: this.workspacePath, storagePath: resolveNamed(storagePath) };
    this.#options = { ...options, ...places };
  }

  /** Goes on with what is there of the task, or begins it. */
  init(): Promise<InitResult> {
    return this.#inTurn('init', async () => {
      const startMs = this.#clock.mono();
      this.#keeper ??= await this.#open();
      const { calls } = this.#keeper;
      const known = await this.#refresh(calls);
      const order = this.#order('base', 'base');
      if (known === undefined) this.#warnOfUncaptured(await calls.take(order));
      const base = known ?? (await this.#refresh(calls));
      // Of two that begin at once, the other may have been the first.
      const result = { created: base === order.id, baseHash: this.#requireBase() };
      await this.#audit('checkpoint:init', result);
      const durationMs = this.#clock.mono() - startMs;
      const { workspacePath } = this;
      await this.#announce('initialize', () =>
        this.emit('initialize', { type: 'initialize', ...result, workspacePath, durationMs }),
      );
      return result;
    });
  }

  /** Null when nothing has changed since the last one, or since the last restore. */
  saveCheckpoint(message: string, options: SaveOptions = {}): Promise<ShadowCheckpoint | null> {
    const { allowEmpty = false, checkpointId, checkpointManager } = options;
    return this.#inTurn('saveCheckpoint', async () => {
      checkText('message', message);
      const startMs = this.#clock.mono();
      const calls = this.#requireCalls();
      const base = this.#requireBase();
      const order = { ...this.#order('saved', message), unlessSame: !allowEmpty };
      const taken = await calls.take(order);
      if (taken.same) return null;
      const { commit } = taken;
      this.#warnOfUncaptured(taken);
      const saved: ShadowCheckpoint = { commit, base, message, createdAt: order.at };
      const fromHash = this.#checkpoints.at(-1) ?? base;
      this.#checkpoints.push(commit);
      if (checkpointId !== undefined)
        await checkpointManager?.updateMetadata(checkpointId, { shadowCheckpoint: saved });
      await this.#audit('checkpoint:save', saved);
      const durationMs = this.#clock.mono() - startMs;
      const told = { ...saved, fromHash, toHash: commit, durationMs };
      await this.#announce('checkpoint', () =>
        this.emit('checkpoint', { type: 'checkpoint', ...told }),
      );
      return saved;
    });
  }

  getDiff({ from, to }: DiffOptions = {}): Promise<FileDiff[]> {
    return this.#inTurn('getDiff', async () => {
      if (from !== undefined) checkText('from', from);
      if (to !== undefined) checkText('to', to);
      const calls = this.#requireCalls();
      const before = from ?? this.#requireBase();
      const changes = await (to === undefined ? calls.diff(before) : calls.diff(before, to));
      return readDiff(changes, this.workspacePath, calls.readBlob);
    });
  }

  /** Takes a safety checkpoint first; what is as it was then is not touched. */
  restoreCheckpoint(commit: string): Promise<RestoreResult> {
    return this.#inTurn('restoreCheckpoint', async () => {
      checkText('commit', commit);
      const startMs = this.#clock.mono();
      const calls = this.#requireCalls();
      const back = await calls.goBack({
        target: commit,
        safety: this.#order('safety', `before going back to ${commit}`),
        // The next save knows from it where it starts, whoever makes it.
        arrival: this.#order('restored', `back at ${commit}`),
      });
      await this.#refresh(calls);
      const result: RestoreResult = { ...back, commit, safety: back.safety.commit };
      if (back.skipped.length > 0) this.#log('warn', 'some paths were left alone', result);
      await this.#audit('checkpoint:restore', result);
      const durationMs = this.#clock.mono() - startMs;
      await this.#announce('restore', () =>
        this.emit('restore', { type: 'restore', commitHash: commit, ...result, durationMs }),
      );
      return result;
    });
  }

  /** Undefined before `init`. */
  getBaseHash(): string | undefined {
    return this.#baseHash;
  }

  /** Commits that were saved, in order; those of other services as of `init` or the last restore. */
  getCheckpoints(): string[] {
    return [...this.#checkpoints];
  }

  /** Gives up the thread and the lead; a process that ends need not wait for it. */
  close(): Promise<void> {
    return this.#inTurn('close', async () => {
      const keeper = this.#keeper;
      this.#keeper = undefined;
      await keeper?.close();
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #open(): Promise<KeeperThread> {
    return openKeeperThread(await bindTask(this.#options), {
      trouble: (message) => this.#tellError('background', new Error(message)),
      rolledForward: (reports) =>
        this.#log('warn', 'finished a restore that was interrupted', {
          taskId: this.taskId,
          reports,
        }),
    });
  }

  /** Answers the id of the first one. */
  async #refresh(calls: Calls): Promise<string | undefined> {
    const all = await calls.list();
    const kindOf = (it: (typeof all)[number]) => it.marks['kind'];
    const base = all.find((it) => kindOf(it) === 'base') ?? all[0];
    this.#baseHash = base?.commit;
    this.#checkpoints = all.filter((it) => kindOf(it) === 'saved').map((it) => it.commit);
    return base?.id;
  }

  #order(kind: Kind, label: string) {
    const at = this.#clock.now();
    return { id: mintUlid(at), at, label, marks: { task: this.taskId, kind } };
  }

  /** One after the other; a failure is told to everybody who listens, and to the caller. */
  async #inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work).catch((error) => {
      throw adviseHost(error);
    });
    this.#last = turn.then(
      () => undefined,
      (error) => this.#tellError(name, error),
    );
    return turn;
  }

  /** What was done stays done, whatever those who are told of it make of that. */
  async #announce(what: string, tell: () => unknown): Promise<void> {
    try {
      await tell();
    } catch (error) {
      this.#tellError(`telling of ${what}`, error);
    }
  }

  #tellError(name: string, thrown: unknown): void {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const said = `shadow checkpoints: ${name} failed: ${error.message}`;
    this.#log('error', said, { taskId: this.taskId, error });
    // Without a listener node would throw it where nobody can catch it.
    if (this.listenerCount('error') === 0) return;
    shield('a listener to errors', () => this.emit('error', { type: 'error', error }));
  }

  #log(level: keyof ShadowLogger, message: string, details: Record<string, unknown>): void {
    // Hosts without types may have given none.
    shield('the logger', () => this.#options.logger?.[level]?.(message, details));
  }

  #warnOfUncaptured({ commit, degraded, uncaptured }: Taken): void {
    if (degraded === undefined) return;
    this.#log('warn', 'some paths could not be captured', { commit, paths: uncaptured });
  }

  #audit(action: AuditEntry['action'], details: AuditEntry['details']): Promise<void> {
    const entry = { action, taskId: this.taskId, timestamp: this.#clock.now(), details };
    return this.#announce(action, () => this.#options.auditLogger?.log(entry));
  }

  #requireCalls(): Calls {
    if (this.#keeper !== undefined && this.#baseHash !== undefined) return this.#keeper.calls;
    throw new Failure('usage', `task ${this.taskId} is not open`, {
      data: { taskId: this.taskId },
      hint: 'call init() and wait for it first',
    });
  }

  #requireBase(): string {
    if (this.#baseHash !== undefined) return this.#baseHash;
    throw new Failure('damaged', `task ${this.taskId} has no first checkpoint`, {
      data: { taskId: this.taskId },
      hint: 'call init() and wait for it first',
    });
  }
}

/** Nobody is left who could be told but the process itself. */
function shield(who: string, tell: () => unknown): void {
  try {
    tell();
  } catch (error) {
    process.emitWarning(`shadow checkpoints: ${who} threw: ${String(error)}`);
  }
}

function resolveNamed(path: unknown): string {
  return typeof path === 'string' && path !== '' ? resolve(path) : '';
}

function checkText(field: string, value: unknown): void {
  if (typeof value === 'string') return;
  throw new Failure('invalid-params', `${field} is no text`, {
    data: { field },
    hint: field === 'message' ? 'give a text' : 'give a commit of this task',
  });
}

/** What a command line would offer is no help here: the checkpoints of a task are not its. */
function adviseHost(error: unknown): unknown {
  if (!(error instanceof Failure) || error.code !== 'unknown-id') return error;
  const { code, message, data } = error;
  const hint = 'getBaseHash() and getCheckpoints() tell the commits of this task';
  return new Failure(code, message, { data, hint, cause: error });
}
