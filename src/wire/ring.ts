/** The bytes' way from the front thread to the back thread: a ring in shared memory that never blocks. */

/**
 *   front ── write ──▶ [ record │ record │ … ] ──▶ drain ── back
 *
 * One writer, one reader. The writer copies and goes on; when there is no room it says so and the
 * caller counts what was lost. The reader sleeps between looks while traffic flows, so that the
 * writer need not wake it for every message; only a reader that went idle is woken.
 */
export type RecordKind = number;

export type RingWriter = {
  /** False if there was no room; nothing was written then. */
  write(kind: RecordKind, mono: number, payload: Uint8Array): boolean;
  /** Where the reader is: another place than before means that it goes on reading. */
  readerAt(): number;
};

export type RingReader = {
  /** Hands at most `limit` waiting records to `take`, whose view is only good until it returns. */
  drain(take: (kind: RecordKind, mono: number, payload: Buffer) => void, limit: number): number;
  /** True if nothing waits; from then on the writer wakes the reader at the next record. */
  sleep(): boolean;
};

const controlBytes = 64;
const headerBytes = 16;
/** A ring whose reader sleeps starts over past this point, so that light traffic touches little memory. */
const restartBytes = 1 << 20;
/** Past this point the writer starts over as soon as the reader is close behind: memory is only touched in need. */
const turnBytes = 12 << 20;
const closeBytes = 256 << 10;
const wrapMark = 0xffffffff;

const HEAD = 0;
const TAIL = 1;
const REST = 2;

/** What REST says. Only a sleeping reader's ring is started over, and it does not wake meanwhile. */
const awake = 0;
const asleep = 1;
const restarting = 2;

export function createRing(capacityBytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(controlBytes + capacityBytes);
}

export function openRingWriter(memory: SharedArrayBuffer, wake: () => void): RingWriter {
  const control = new Int32Array(memory, 0, controlBytes / 4);
  const bytes = new Uint8Array(memory, controlBytes);
  const view = new DataView(memory, controlBytes);
  const capacity = bytes.length;

  /** Where a record of this size may begin, or -1. Leaves a gap so that full never looks empty. */
  function place(head: number, tail: number, needed: number): number {
    if (head < tail) return head + needed < tail ? head : -1;
    const isCalm = turnBytes < head && head - tail < closeBytes;
    if (head + needed <= capacity && !(isCalm && needed < closeBytes)) return head;
    if (needed >= tail) return -1;
    if (head + headerBytes <= capacity) view.setUint32(head + 4, wrapMark, true);
    return 0;
  }

  function restart(): void {
    if (Atomics.compareExchange(control, REST, asleep, restarting) !== asleep) return;
    if (Atomics.load(control, TAIL) === Atomics.load(control, HEAD)) {
      Atomics.store(control, TAIL, 0);
      Atomics.store(control, HEAD, 0);
    }
    Atomics.store(control, REST, asleep);
  }

  return {
    write(kind, mono, payload) {
      if (restartBytes < Atomics.load(control, HEAD)) restart();
      const head = Atomics.load(control, HEAD);
      const needed = headerBytes + ((payload.length + 7) & ~7);
      const start = place(head, Atomics.load(control, TAIL), needed);
      if (start === -1) return false;
      view.setUint32(start, payload.length, true);
      view.setUint32(start + 4, kind, true);
      view.setFloat64(start + 8, mono, true);
      bytes.set(payload, start + headerBytes);
      Atomics.store(control, HEAD, start + needed);
      if (Atomics.compareExchange(control, REST, asleep, awake) === asleep) wake();
      return true;
    },
    readerAt: () => Atomics.load(control, TAIL),
  };
}

export function openRingReader(memory: SharedArrayBuffer): RingReader {
  const control = new Int32Array(memory, 0, controlBytes / 4);
  const view = new DataView(memory, controlBytes);
  const capacity = memory.byteLength - controlBytes;

  return {
    drain(take, limit) {
      // The writer holds it for two stores only, so this is no wait to speak of.
      while (Atomics.compareExchange(control, REST, asleep, awake) === restarting);
      let count = 0;
      while (count < limit) {
        let tail = Atomics.load(control, TAIL);
        const head = Atomics.load(control, HEAD);
        if (tail === head) return count;
        const wrapped =
          capacity < tail + headerBytes || view.getUint32(tail + 4, true) === wrapMark;
        if (head < tail && wrapped) tail = 0;
        const size = view.getUint32(tail, true);
        const payload = Buffer.from(memory, controlBytes + tail + headerBytes, size);
        try {
          take(view.getUint32(tail + 4, true), view.getFloat64(tail + 8, true), payload);
        } finally {
          // Also when `take` throws: a record that breaks the reader must not meet it again.
          Atomics.store(control, TAIL, tail + headerBytes + ((size + 7) & ~7));
        }
        count += 1;
      }
      return count;
    },
    sleep() {
      Atomics.store(control, REST, asleep);
      return Atomics.load(control, TAIL) === Atomics.load(control, HEAD);
    },
  };
}
