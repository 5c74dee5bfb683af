/** Cuts a byte stream into lines without decoding them; what is too long goes by as size and hash only. */
import { createHash, type Hash } from 'node:crypto';

export type Cut =
  /** A whole line without its newline. The bytes are only good until the next call. */
  | { readonly kind: 'line'; readonly bytes: Buffer }
  /** Several whole lines with their newlines, none over the limit. Good until the next call. */
  | { readonly kind: 'lines'; readonly bytes: Buffer }
  /** A line over the limit: nothing of it was kept but its beginning. */
  | {
      readonly kind: 'long';
      readonly bytes: number;
      readonly sha256: string;
      readonly head: Buffer;
    };

export type LineCutter = {
  feed(chunk: Buffer, take: (cut: Cut) => void): void;
  /** Bytes went missing: forget the line that is being gathered and go on after the next newline. */
  skip(): void;
  /** The stream is over: what is there without a newline is a line too. */
  end(take: (cut: Cut) => void): void;
};

const headBytes = 256;
const newline = 10;

export function openLineCutter(limitBytes: number): LineCutter {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let long: { bytes: number; hash: Hash; head: Buffer } | undefined;
  let skipping = false;

  function hold(part: Buffer): void {
    if (long !== undefined) {
      long.bytes += part.length;
      long.hash.update(part);
      return;
    }
    // A copy: the caller's memory is used again. Whole chunks are copied once, so this stays linear.
    held.push(Buffer.from(part));
    heldBytes += part.length;
    if (heldBytes <= limitBytes) return;
    const hash = createHash('sha256');
    for (const it of held) hash.update(it);
    const head = Buffer.concat(held, Math.min(heldBytes, headBytes));
    long = { bytes: heldBytes, hash, head };
    held = [];
    heldBytes = 0;
  }

  function release(part: Buffer, take: (cut: Cut) => void): void {
    if (heldBytes === 0 && long === undefined && part.length <= limitBytes)
      return take({ kind: 'line', bytes: part });
    hold(part);
    if (long !== undefined) {
      const { bytes, hash, head } = long;
      long = undefined;
      return take({ kind: 'long', bytes, sha256: hash.digest('hex'), head });
    }
    const whole = held.length === 1 ? (held[0] as Buffer) : Buffer.concat(held, heldBytes);
    held = [];
    heldBytes = 0;
    take({ kind: 'line', bytes: whole });
  }

  function releaseLines(lines: Buffer, take: (cut: Cut) => void): void {
    if (lines.length === 0) return;
    if (lines.length <= limitBytes) return take({ kind: 'lines', bytes: lines });
    for (const line of eachLine(lines)) release(line, take);
  }

  return {
    feed(chunk, take) {
      const first = chunk.indexOf(newline) + 1;
      if (first === 0) {
        if (!skipping) hold(chunk);
        return;
      }
      if (skipping) skipping = false;
      else release(chunk.subarray(0, first - 1), take);
      const last = chunk.lastIndexOf(newline) + 1;
      releaseLines(chunk.subarray(first, last), take);
      if (last < chunk.length) hold(chunk.subarray(last));
    },
    skip() {
      held = [];
      heldBytes = 0;
      long = undefined;
      skipping = true;
    },
    end(take) {
      if (!skipping && (0 < heldBytes || long !== undefined)) release(Buffer.alloc(0), take);
      skipping = false;
    },
  };
}

/** Whole lines one by one, without their newlines. */
export function* eachLine(lines: Buffer): Generator<Buffer> {
  let start = 0;
  for (let end = lines.indexOf(newline); end !== -1; end = lines.indexOf(newline, start)) {
    yield lines.subarray(start, end);
    start = end + 1;
  }
}
