/** One direction of the traffic: forwards bytes as they come and holds only the lines that a gate waits for. */
import type { GateVerdict } from '../wire/notes.ts';
import type { Gate } from './gates.ts';
import { type MethodPeeker, openMethodPeeker } from './method-peeker.ts';

/** What to look for in a direction. Watches come and go while it runs. */
export type Watch = {
  /** Searched first; a line without it is never looked at. */
  readonly needle: string;
  /** Answers, too, are to be looked at: an unfinished one is then not forwarded before its end. */
  readonly answers: boolean;
  /** Decides from the method (absent for an answer) and the whole line. */
  gateOf(method: string | undefined, line: Buffer): Gate | undefined;
};

export type PassagePorts = {
  /** Writes on; false if the far end is full. */
  send(bytes: Buffer): boolean;
  /** Tells the recorder what went by. Never throws, never waits. */
  note(bytes: Buffer): void;
  /** Asks for a judgement; calls back exactly once. */
  ask(gate: Gate, line: Buffer, settle: (verdict: GateVerdict) => void): void;
  /** Sends an answer back to where this direction comes from. */
  reply(line: Buffer): void;
  /** The source is to stop (or go on) reading, because too much is held. */
  pause(paused: boolean): void;
};

export type Passage = {
  readonly watches: Set<Watch>;
  feed(chunk: Buffer): void;
  /** Puts a line of our own between two lines of the stream. */
  inject(line: Buffer): void;
  /** The source is over: everything held is let go. Calls back when nothing waits any more. */
  end(done: () => void): void;
};

const newline = 10;
const queueLimitBytes = 1 << 20;

export function openPassage(ports: PassagePorts, lineLimitBytes: number): Passage {
  const watches = new Set<Watch>();
  /** The beginning of a line of which it is not known yet whether a gate waits for it. */
  let held: Buffer[] = [];
  let heldBytes = 0;
  let peeker: MethodPeeker | undefined;
  /** In the middle of a line that is already being forwarded. */
  let isMidLine = false;
  let isWaiting = false;
  const queue: Buffer[] = [];
  let queuedBytes = 0;
  let injections: Buffer[] = [];
  let ended: (() => void) | undefined;
  let isOver = false;

  function forward(bytes: Buffer): void {
    if (bytes.length === 0) return;
    ports.send(bytes);
    ports.note(bytes);
  }

  function feed(chunk: Buffer): void {
    if (isWaiting) enqueue(chunk);
    else if (isMidLine) feedMidLine(chunk);
    else if (0 < heldBytes) feedHeld(chunk);
    else passLines(chunk, 0);
  }

  function feedMidLine(chunk: Buffer): void {
    const end = chunk.indexOf(newline) + 1;
    if (end === 0) return forward(chunk);
    isMidLine = false;
    if (injections.length === 0) return passLines(chunk, end);
    forward(chunk.subarray(0, end));
    sendInjections();
    if (end < chunk.length) feed(chunk.subarray(end));
  }

  /** A chunk whose first `start` bytes end a free line, and whose rest begins at a line's start. */
  function passLines(chunk: Buffer, start: number): void {
    const end = chunk.lastIndexOf(newline) + 1;
    const gated = start < end ? findGated(chunk, start, end) : undefined;
    if (gated !== undefined) {
      forward(chunk.subarray(0, gated.start));
      wait(gated.gate, chunk.subarray(gated.start, gated.end), chunk.subarray(gated.end));
      return;
    }
    const tail = chunk.subarray(Math.max(end, start));
    if (tail.length === 0 || isFree(tail)) {
      isMidLine = 0 < tail.length;
      return forward(chunk);
    }
    forward(chunk.subarray(0, chunk.length - tail.length));
    held.push(tail);
    heldBytes = tail.length;
  }

  /** Whether an unfinished line can go on already. Leaves a peeker behind if that is not known. */
  function isFree(tail: Buffer): boolean {
    peeker ??= openMethodPeeker();
    const peeked = peeker.feed(tail, 0, tail.length);
    let free = false;
    if (peeked.kind === 'none') free = ![...watches].some((it) => it.answers);
    else if (peeked.kind === 'method')
      free = ![...watches].some((it) => it.gateOf(peeked.method, tail) !== undefined);
    if (free) peeker = undefined;
    return free;
  }

  function feedHeld(chunk: Buffer): void {
    const end = chunk.indexOf(newline) + 1;
    const part = end === 0 ? chunk : chunk.subarray(0, end);
    held.push(part);
    heldBytes += part.length;
    const isTooLong = lineLimitBytes < heldBytes;
    if (end === 0) {
      if (!isTooLong && !isFree(part)) return;
      isMidLine = true;
      return forward(takeHeld());
    }
    const line = takeHeld();
    const rest = chunk.subarray(end);
    const gate = isTooLong ? undefined : inspect(line);
    if (gate !== undefined) return wait(gate, line, rest);
    forward(line);
    sendInjections();
    if (0 < rest.length) feed(rest);
  }

  function takeHeld(): Buffer {
    const line = held.length === 1 ? (held[0] as Buffer) : Buffer.concat(held, heldBytes);
    held = [];
    heldBytes = 0;
    peeker = undefined;
    return line;
  }

  /** The first line within whole lines that a gate waits for. */
  function findGated(chunk: Buffer, start: number, end: number) {
    let first: { gate: Gate; start: number; end: number } | undefined;
    for (const watch of watches) {
      let from = start;
      while (from < end) {
        const hit = chunk.indexOf(watch.needle, from, 'latin1');
        if (hit === -1 || end <= hit || (first !== undefined && first.start <= hit)) break;
        const lineStart = Math.max(start, chunk.lastIndexOf(newline, hit) + 1);
        const lineEnd = chunk.indexOf(newline, hit) + 1;
        const gate = inspect(chunk.subarray(lineStart, lineEnd));
        if (gate !== undefined) {
          first = { gate, start: lineStart, end: lineEnd };
          break;
        }
        from = lineEnd;
      }
    }
    return first;
  }

  function inspect(line: Buffer): Gate | undefined {
    let peeked: ReturnType<MethodPeeker['feed']> | undefined;
    for (const watch of watches) {
      if (!line.includes(watch.needle, 0, 'latin1')) continue;
      peeked ??= openMethodPeeker().feed(line, 0, line.length);
      if (peeked.kind !== 'method' && !watch.answers) continue;
      const gate = watch.gateOf(peeked.kind === 'method' ? peeked.method : undefined, line);
      if (gate !== undefined) return gate;
    }
    return undefined;
  }

  function wait(gate: Gate, line: Buffer, rest: Buffer): void {
    isWaiting = true;
    if (0 < rest.length) enqueue(rest, true);
    ports.note(line);
    ports.ask(gate, line, (verdict) => settle(line, verdict));
  }

  function settle(line: Buffer, verdict: GateVerdict): void {
    isWaiting = false;
    if (verdict.kind === 'pass') ports.send(line);
    else if (verdict.kind === 'replace') ports.send(Buffer.from(verdict.line));
    else if (verdict.kind === 'insert') ports.send(insert(line, verdict));
    else if (verdict.kind === 'answer') ports.reply(Buffer.from(verdict.line));
    sendInjections();
    drainQueue();
  }

  function enqueue(chunk: Buffer, isFirst = false): void {
    if (isFirst) queue.unshift(chunk);
    else queue.push(chunk);
    const before = queuedBytes;
    queuedBytes += chunk.length;
    if (before <= queueLimitBytes && queueLimitBytes < queuedBytes) ports.pause(true);
  }

  function drainQueue(): void {
    while (!isWaiting && 0 < queue.length) {
      const chunk = queue.shift() as Buffer;
      const before = queuedBytes;
      queuedBytes -= chunk.length;
      if (queueLimitBytes < before && queuedBytes <= queueLimitBytes) ports.pause(false);
      feed(chunk);
    }
    if (!isWaiting && ended !== undefined) finish(ended);
  }

  function sendInjections(): void {
    const lines = injections;
    injections = [];
    for (const line of lines) ports.send(line);
  }

  function finish(done: () => void): void {
    isMidLine ||= 0 < heldBytes;
    forward(takeHeld());
    isOver = true;
    sendLast();
    ended = undefined;
    done();
  }

  /** The last line may have no end of its own, and must not swallow ours. */
  function sendLast(): void {
    if (injections.length === 0) return;
    if (isMidLine) ports.send(Buffer.from('\n'));
    isMidLine = false;
    sendInjections();
  }

  return {
    watches,
    feed,
    inject(line) {
      injections.push(line);
      // What is held or waits has not been sent, so only a line half sent is in the way.
      if (isOver) sendLast();
      else if (!isMidLine) sendInjections();
    },
    end(done) {
      if (isWaiting || 0 < queue.length) ended = done;
      else finish(done);
    },
  };
}

function insert(
  line: Buffer,
  { atByte, bytes }: Pick<GateVerdict & { kind: 'insert' }, 'atByte' | 'bytes'>,
): Buffer {
  return Buffer.concat([line.subarray(0, atByte), bytes, line.subarray(atByte)]);
}
