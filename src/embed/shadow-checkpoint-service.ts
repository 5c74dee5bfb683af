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
import { type Host, openTelling, type Telling } from './open-telling.ts';
import { type FileDiff, readDiff } from './read-diff.ts';
import type { InitResult, RestoreResult, ShadowCheckpoint, ShadowEvents } from './shadow-events.ts';

export type ShadowCheckpointOptions = TaskPlace & Host;

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

/** What a checkpoint is for; only those that a host saved are its checkpoints. */
type Kind = 'base' | 'saved' | 'safety' | 'restored';

export class ShadowCheckpointService extends EventEmitter<ShadowEvents> {
  readonly taskId: string;
  readonly workspacePath: string;
  readonly #options: ShadowCheckpointOptions;
  readonly #clock = openClock();
  readonly #telling: Telling;
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
    this.#telling = openTelling(this.#options, this.#clock, this);
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
      await this.#telling.audit('checkpoint:init', result);
      const durationMs = this.#clock.mono() - startMs;
      const { workspacePath } = this;
      const told = { ...result, workspacePath, durationMs };
      await this.#telling.announce({ type: 'initialize', ...told });
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
      await this.#telling.audit('checkpoint:save', saved);
      const durationMs = this.#clock.mono() - startMs;
      const told = { ...saved, fromHash, toHash: commit, durationMs };
      await this.#telling.announce({ type: 'checkpoint', ...told });
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
      // What a side could not have (too large to be read in time, ignored then) neither came nor went.
      const known = changes.filter((it) => it.unknown === undefined);
      return readDiff(known, this.workspacePath, calls.readBlob);
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
      if (back.skipped.length > 0) this.#telling.log('warn', 'some paths were left alone', result);
      await this.#telling.audit('checkpoint:restore', result);
      const durationMs = this.#clock.mono() - startMs;
      const told = { commitHash: commit, ...result, durationMs };
      await this.#telling.announce({ type: 'restore', ...told });
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
      trouble: (message) => this.#telling.tellError('background', new Error(message)),
      rolledForward: (reports) =>
        this.#telling.log('warn', 'finished a restore that was interrupted', {
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
      (error) => this.#telling.tellError(name, error),
    );
    return turn;
  }

  #warnOfUncaptured({ commit, degraded, uncaptured }: Taken): void {
    if (degraded === undefined) return;
    this.#telling.log('warn', 'some paths could not be captured', { commit, paths: uncaptured });
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
