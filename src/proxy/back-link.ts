/** The front thread's end of the port to the back thread: notes go over, judgements come back. */
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import {
  type AgentGone,
  type BackOptions,
  type BackSaid,
  type BytesDropped,
  type Farewell,
  type GateVerdict,
  noteKind,
  type RunOptions,
} from '../wire/notes.ts';
import { createQueue, headerBytes, openQueueWriter } from '../wire/shared-queue.ts';
import { stretchWait } from '../wire/stretch-wait.ts';
import type { Gate, Side } from './gates.ts';

export type BackLink = {
  note(from: Side, bytes: Buffer): void;
  ask(gate: Gate, settle: (verdict: GateVerdict) => void): void;
  /** The agent is gone: resolves with answers to what it left unanswered; as patient as `close`. */
  askUnanswered(gone: AgentGone, isHurried: () => boolean): Promise<readonly Uint8Array[]>;
  /** Lets the back thread finish its work and end: it is waited for while it gets on with it, and nobody is in a hurry. */
  close(farewell: Farewell, isHurried: () => boolean): Promise<void>;
};

export type BackLinkPorts = {
  inject(to: Side, line: Buffer, settles?: string): void;
  /** Whoever was asked is gone, and with it all that it had in mind. */
  lost(): void;
  say(text: string): void;
};

type Waiting = { gate: Gate; settle: (verdict: GateVerdict) => void; timer: NodeJS.Timeout };

const pieceBytes = 64 << 10;
/** A burst of thirty megabytes waits in it; of each block some kilobytes stay empty. */
const queueSize = { blocks: 31, blockBytes: 16 * (pieceBytes + headerBytes) + headerBytes };
/** More deaths than this in a minute, and the back thread stays down. */
const restartLimit = 5;
/**
 * Nearly all that the back thread makes is soon garbage: a small nursery is swept often, and fits a cache. V8
 * lets a heap grow the further the more it may have; with this much it is collected before it is twice what lives.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 768 };
/**
 * A burst just before the end is much to write down on a busy machine, and none of it is to be lost. A thread
 * that has yet to start is not stuck: there it takes longer, and all that was said is still to be written.
 */
const patience = {
  quietMs: stretchWait(5_000),
  startMs: stretchWait(30_000),
  limitMs: stretchWait(60_000),
};
const newline = 10;

export function openBackLink(
  entry: URL,
  options: RunOptions,
  ports: BackLinkPorts,
  { quietMs, startMs, limitMs } = patience,
): BackLink {
  const memory = createQueue(queueSize);
  let worker: Worker | undefined;
  const queue = openQueueWriter(memory, () => worker?.postMessage(null));
  const dropped = { editor: emptyLoss('editor'), agent: emptyLoss('agent') };
  const waiting = new Map<number, Waiting>();
  const writers: string[] = [];
  const deaths: number[] = [];
  let lastGate = 0;
  let isDown = false;
  let takeUnanswered: ((lines: readonly Uint8Array[]) => void) | undefined;
  let takeDone: (() => void) | undefined;
  /** From then on, to whoever is to finish the work. */
  let sayFarewell: (() => void) | undefined;
  /** When the back thread last spoke; 0 before its first word. */
  let heardAt = 0;
  /** What was taken when it was started. */
  let takenBefore = 0;

  const startedAt = performance.timeOrigin;

  function start(restart?: BackOptions['restart']): void {
    const data: BackOptions = { ...options, memory, startedAt, ...(restart && { restart }) };
    // stdout is the protocol's: whatever the back thread might print there goes nowhere.
    heardAt = 0;
    takenBefore = queue.taken();
    worker = new Worker(entry, { workerData: data, stdout: true, resourceLimits });
    worker.on('message', hear);
    let why = 'it ended by itself';
    worker.on('error', (error) => {
      why = error instanceof Error ? error.message : String(error);
    });
    worker.on('exit', () => bury(why));
  }

  function hear(said: BackSaid): void {
    heardAt = performance.now();
    if (said.kind === 'judged') settle(said.id, said.verdict);
    else if (said.kind === 'inject') ports.inject(said.to, Buffer.from(said.line), said.settles);
    else if (said.kind === 'unanswered') takeUnanswered?.(said.lines);
    else if (said.kind === 'say') ports.say(said.text);
    else if (said.kind === 'writing') writers.push(said.writer);
    else if (said.kind === 'done') takeDone?.();
  }

  function bury(why: string): void {
    worker = undefined;
    for (const [id, { gate }] of [...waiting]) settle(id, { kind: gate.unjudged ?? 'pass' });
    ports.lost();
    takeUnanswered?.([]);
    const isFinished = sayFarewell !== undefined && takeDone === undefined;
    if (isFinished) return;
    const now = performance.now();
    deaths.push(now);
    if (deaths.filter((at) => now - at < 60_000).length > restartLimit) {
      isDown = true;
      ports.say(`recording stopped: the recorder keeps failing (${why}); forwarding goes on`);
      takeDone?.();
      return;
    }
    if (deaths.length === 1) ports.say(`the recorder failed (${why}) and was started again`);
    start({ why, writers: writers.splice(0) });
    sayFarewell?.();
  }

  function settle(id: number, verdict: GateVerdict): void {
    const asked = waiting.get(id);
    if (asked === undefined) return;
    waiting.delete(id);
    clearTimeout(asked.timer);
    asked.settle(verdict);
  }

  function write(kind: number, payload: Uint8Array): boolean {
    return !isDown && queue.write(kind, performance.now(), payload);
  }

  function drop(from: Side, bytes: Buffer): void {
    const loss = dropped[from];
    loss.bytes += bytes.length;
    for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1))
      loss.lines += 1;
    loss.isMidLine = bytes[bytes.length - 1] !== newline;
  }

  /** Tells of an earlier loss first, so that the back thread never joins what was not adjacent. */
  function tellLoss(from: Side): boolean {
    if (dropped[from].bytes === 0) return true;
    if (!write(noteKind.bytesDropped, encode(dropped[from]))) return false;
    dropped[from] = emptyLoss(from);
    return true;
  }

  /** Writes a record that matters more than a moment: waits for room while somebody is reading. */
  function insist(kind: number, value: object, deadline: number, giveUp: () => void): void {
    const isTold = tellLoss('editor') && tellLoss('agent') && write(kind, encode(value));
    if (isTold && worker !== undefined) worker.postMessage(null);
    else if (worker === undefined || deadline < performance.now()) giveUp();
    else setTimeout(() => insist(kind, value, deadline, giveUp), 10);
  }

  /** Gives up when the back thread does not get on with it any more; returns how to end the wait. */
  function waitWhileAtIt(isHurried: () => boolean, giveUp: () => void): () => void {
    const begun = performance.now();
    let taken = queue.taken();
    let quietSince = begun;
    const timer = setInterval(() => {
      const now = performance.now();
      if (taken !== queue.taken()) quietSince = now;
      taken = queue.taken();
      const hasBegun = takenBefore !== taken || 0 < heardAt;
      const since = isHurried() ? begun : Math.max(quietSince, heardAt);
      const mayTakeMs = isHurried() || hasBegun ? quietMs : startMs;
      if (mayTakeMs <= now - since || limitMs <= now - begun) giveUp();
    }, quietMs / 10);
    return () => clearInterval(timer);
  }

  leaveGoneFolder(ports.say);
  start();

  return {
    note(from, bytes) {
      const kind = from === 'editor' ? noteKind.editorBytes : noteKind.agentBytes;
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        const piece = bytes.subarray(at, at + pieceBytes);
        if (!tellLoss(from) || !write(kind, piece)) drop(from, piece);
      }
    },
    ask(gate, settleVerdict) {
      lastGate += 1;
      const id = lastGate;
      const asked = encode({ id, judge: gate.judge, from: gate.from });
      if (worker === undefined || !tellLoss(gate.from) || !write(noteKind.gateAsked, asked))
        return settleVerdict({ kind: gate.unjudged ?? 'pass' });
      const afterMs = stretchWait(gate.deadlineMs);
      const timer = setTimeout(() => {
        settle(id, { kind: gate.overdue });
        write(noteKind.gateTimedOut, encode({ gate: gate.name, afterMs }));
      }, afterMs);
      waiting.set(id, { gate, settle: settleVerdict, timer });
      // A reader that only dozes would look by itself, but a person waits here.
      worker.postMessage(null);
    },
    askUnanswered(gone, isHurried) {
      return new Promise((resolve) => {
        const stop = waitWhileAtIt(isHurried, () => takeUnanswered?.([]));
        takeUnanswered = (lines) => {
          stop();
          takeUnanswered = undefined;
          resolve(lines);
        };
        insist(noteKind.agentGone, gone, performance.now() + limitMs, () => takeUnanswered?.([]));
      });
    },
    close(farewell, isHurried) {
      return new Promise((resolve) => {
        const stop = waitWhileAtIt(isHurried, () => {
          ports.say('the end of this run is not recorded: the recorder did not finish in time');
          takeDone?.();
        });
        takeDone = () => {
          stop();
          takeDone = undefined;
          resolve();
        };
        const deadline = performance.now() + limitMs;
        sayFarewell = () => insist(noteKind.farewell, farewell, deadline, () => takeDone?.());
        sayFarewell();
      });
    },
  };
}

/** No thread can be started from a folder that is gone; the agent was, and sessions name their own. */
function leaveGoneFolder(say: BackLinkPorts['say']): void {
  try {
    process.cwd();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    process.chdir('/');
    say(
      'the folder that clew was started in is gone: what happens is recorded where sessions say they work',
    );
  }
}

function emptyLoss(from: Side) {
  const loss: { -readonly [K in keyof BytesDropped]: BytesDropped[K] } = {
    from,
    lines: 0,
    bytes: 0,
    isMidLine: false,
  };
  return loss;
}

const encoder = new TextEncoder();

function encode(value: object): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}
