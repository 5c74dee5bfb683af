/** One who listens to a feed: what waits until it keeps up, and how far it has been told everything. */
import type { TraceSeq } from '../contract/types.gen.ts';
import { joinSeqs } from '../trace/trace-seq.ts';

/** Something that happened, with the name under which hosts know it. */
export type FeedMessage = {
  readonly name: string;
  /** Of two with one key, only the later one needs to be told. Undefined: it may be left out. */
  readonly key: string | undefined;
  readonly params: object;
};

export type FeedListener = {
  /** Undefined: every session of the workspace. */
  readonly session: string | undefined;
  tell(message: FeedMessage): void;
  /** An entry of its room was read; it counts as told once everything it led to was. */
  pass(seq: TraceSeq): void;
  /** Whatever was passed has been told. */
  settle(): void;
  close(): void;
};

export type ListenerPorts = {
  readonly session: string | undefined;
  send(name: string, params: object): void;
  keepsUp(): boolean;
};

const retryMs = 50;

export function openListener({ session, send, keepsUp }: ListenerPorts): FeedListener {
  let waiting = new Map<string, FeedMessage>();
  let passed: TraceSeq = {};
  let timer: NodeJS.Timeout | undefined;

  function put({ name, key, params }: FeedMessage): void {
    if (key === undefined) return;
    // To the end: what was read after the older one comes before it.
    waiting.delete(key);
    waiting.set(key, { name, key, params });
  }

  function empty(): void {
    timer = undefined;
    const messages = waiting;
    waiting = new Map();
    for (const message of messages.values()) {
      if (keepsUp()) send(message.name, message.params);
      else put(message);
    }
    wait();
  }

  function wait(): void {
    if (0 < waiting.size) timer ??= setTimeout(empty, retryMs).unref();
  }

  function tell(message: FeedMessage): void {
    if (waiting.size === 0 && keepsUp()) send(message.name, message.params);
    else put(message);
    wait();
  }

  return {
    session,
    tell,
    pass(seq) {
      passed = joinSeqs(passed, seq);
    },
    settle() {
      if (Object.keys(passed).length === 0) return;
      const seq = passed;
      passed = {};
      const before = waiting.get('seq')?.params as { seq: TraceSeq } | undefined;
      const joined = before === undefined ? seq : joinSeqs(before.seq, seq);
      tell({ name: 'trace:reached', key: 'seq', params: { seq: joined } });
    },
    close() {
      clearTimeout(timer);
      waiting = new Map();
    },
  };
}
