/** The bytes' way from the front thread to the back thread: a queue in shared memory that never blocks. */

/**
 *   front ── write ──▶ [ record │ record │ … ▸ next block ] ──▶ drain ── back
 *
 * One writer, one reader. The writer copies and goes on; when there is no room it says so and the
 * caller counts what was lost. The reader sleeps between looks while traffic flows, so that the
 * writer need not wake it for every message; only a reader that went idle is woken.
 *
 * The room lies in blocks, and of the free ones the first is always the next: as much memory is ever
 * touched as there once waited at the same time, however much goes through.
 */
export type RecordKind = number;

export type QueueWriter = {
  /** False if there was no room; nothing was written then. */
  write(kind: RecordKind, mono: number, payload: Uint8Array): boolean;
  /** How many records the reader has taken: another number than before means that it goes on reading. */
  taken(): number;
};

export type QueueReader = {
  /** Hands at most `limit` waiting records to `take`, whose view is only good until it returns. */
  drain(take: (kind: RecordKind, mono: number, payload: Buffer) => void, limit: number): number;
  /** True if nothing waits; from then on the writer wakes the reader at the next record. */
  sleep(): boolean;
  /** A whole block waits, or more: it takes in less than is written. */
  isBehind(): boolean;
};

export type QueueSize = {
  readonly blocks: number;
  /** A multiple of eight. No record is larger than a block. */
  readonly blockBytes: number;
};

/** Of a record: its length, its kind, and when it was. */
export const headerBytes = 16;
/** At a block's end: which block is next, and in the place of a kind that this is no record. */
const linkBytes = 8;
const linkMark = 0xffffffff;

const HEAD = 0;
const TAIL = 1;
const REST = 2;
const TAKEN = 3;
const BLOCKS = 4;
const BLOCK_BYTES = 5;
/** From here on one word for each block: whether it is in use. The writer takes, the reader gives back. */
const IN_USE = 8;

/** What REST says. */
const awake = 0;
const asleep = 1;

export function createQueue({ blocks, blockBytes }: QueueSize): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(controlBytes(blocks) + blocks * blockBytes);
  const control = new Int32Array(memory, 0, IN_USE + blocks);
  control[BLOCKS] = blocks;
  control[BLOCK_BYTES] = blockBytes;
  control[IN_USE] = 1;
  return memory;
}

export function openQueueWriter(memory: SharedArrayBuffer, wake: () => void): QueueWriter {
  const { control, blockBytes, from } = layOut(memory);
  const bytes = new Uint8Array(memory, from);
  const view = new DataView(memory, from);

  /** Where a record of this size begins, or -1. */
  function place(head: number, needed: number): number {
    const room = blockBytes - linkBytes;
    if ((head % blockBytes) + needed <= room) return head;
    const next = needed <= room ? takeBlock() : -1;
    if (next < 0) return -1;
    view.setUint32(head, next, true);
    view.setUint32(head + 4, linkMark, true);
    return next * blockBytes;
  }

  function takeBlock(): number {
    for (let block = 0; block < (control[BLOCKS] ?? 0); block += 1)
      if (Atomics.compareExchange(control, IN_USE + block, 0, 1) === 0) return block;
    return -1;
  }

  return {
    write(kind, mono, payload) {
      const needed = headerBytes + ((payload.length + 7) & ~7);
      const start = place(Atomics.load(control, HEAD), needed);
      if (start === -1) return false;
      view.setUint32(start, payload.length, true);
      view.setUint32(start + 4, kind, true);
      view.setFloat64(start + 8, mono, true);
      bytes.set(payload, start + headerBytes);
      Atomics.store(control, HEAD, start + needed);
      if (Atomics.compareExchange(control, REST, asleep, awake) === asleep) wake();
      return true;
    },
    taken: () => Atomics.load(control, TAKEN),
  };
}

export function openQueueReader(memory: SharedArrayBuffer): QueueReader {
  const { control, blockBytes, from } = layOut(memory);
  const view = new DataView(memory, from);

  /** Where the next record is, which may be in another block than where the last one ended. */
  function follow(tail: number): number {
    if (view.getUint32(tail + 4, true) !== linkMark) return tail;
    const next = view.getUint32(tail, true) * blockBytes;
    Atomics.store(control, TAIL, next);
    // Only now, so that a reader that takes over from one that died never stands in a block that is not its own.
    Atomics.store(control, IN_USE + Math.floor(tail / blockBytes), 0);
    return next;
  }

  return {
    drain(take, limit) {
      Atomics.store(control, REST, awake);
      let count = 0;
      while (count < limit) {
        const end = Atomics.load(control, TAIL);
        if (end === Atomics.load(control, HEAD)) return count;
        const tail = follow(end);
        const size = view.getUint32(tail, true);
        const payload = Buffer.from(memory, from + tail + headerBytes, size);
        try {
          take(view.getUint32(tail + 4, true), view.getFloat64(tail + 8, true), payload);
        } finally {
          // Also when `take` throws: a record that breaks the reader must not meet it again.
          Atomics.store(control, TAIL, tail + headerBytes + ((size + 7) & ~7));
          Atomics.add(control, TAKEN, 1);
        }
        count += 1;
      }
      return count;
    },
    sleep() {
      Atomics.store(control, REST, asleep);
      return Atomics.load(control, TAIL) === Atomics.load(control, HEAD);
    },
    isBehind() {
      let used = 0;
      for (let block = IN_USE; block < control.length; block += 1)
        used += Atomics.load(control, block);
      // The one that is read, and the one that is written.
      return 2 < used;
    },
  };
}

function layOut(memory: SharedArrayBuffer): {
  control: Int32Array;
  blockBytes: number;
  from: number;
} {
  const [blocks = 0, blockBytes = 0] = new Int32Array(memory, BLOCKS * 4, 2);
  const control = new Int32Array(memory, 0, IN_USE + blocks);
  return { control, blockBytes, from: controlBytes(blocks) };
}

function controlBytes(blocks: number): number {
  return ((IN_USE + blocks) * 4 + 7) & ~7;
}
