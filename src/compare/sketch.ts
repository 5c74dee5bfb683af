/** What a file is made of, kept small: git's own measure, so that similarity comes out as git says it. */
import { isBinary } from './byte-text.ts';

/** How many bytes stand in chunks of each hash, ordered by hash. */
export type Sketch = {
  readonly bytes: number;
  readonly hashes: Uint32Array;
  readonly weights: Uint32Array;
};

/** A line, or as much of it. */
const chunkBytes = 64;
const hashBase = 107_927;

export function drawSketch(bytes: Uint8Array): Sketch {
  const weights = new Map<number, number>();
  const isText = !isBinary(bytes);
  let [high, low, length] = [0, 0, 0];
  const close = () => {
    const hash = ((high + Math.imul(low, 0x61)) >>> 0) % hashBase;
    weights.set(hash, (weights.get(hash) ?? 0) + length);
    [high, low, length] = [0, 0, 0];
  };
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    // A text with other line ends is much the same text.
    if (isText && byte === 13 && bytes[at + 1] === 10) continue;
    const old = high;
    high = (((high << 7) ^ (low >>> 25)) + byte) >>> 0;
    low = ((low << 7) ^ (old >>> 25)) >>> 0;
    length += 1;
    if (length === chunkBytes || byte === 10) close();
  }
  if (0 < length) close();
  const hashes = Uint32Array.from(weights.keys()).sort();
  return {
    bytes: bytes.length,
    hashes,
    weights: hashes.map((hash) => weights.get(hash) ?? 0),
  };
}

/** In per cent of the larger one, rounded down. */
export function measureSimilarity(one: Sketch, other: Sketch): number {
  const larger = Math.max(one.bytes, other.bytes);
  if (larger === 0) return 100;
  let [at, otherAt, common] = [0, 0, 0];
  while (at < one.hashes.length && otherAt < other.hashes.length) {
    const step = (one.hashes[at] ?? 0) - (other.hashes[otherAt] ?? 0);
    if (step === 0) common += Math.min(one.weights[at] ?? 0, other.weights[otherAt] ?? 0);
    if (step <= 0) at += 1;
    if (0 <= step) otherAt += 1;
  }
  return Math.floor((common * 100) / larger);
}
