/** A table's column of nanoseconds as halves of its numbers: 100,000 big integers take longer than what is done with them. */

const perSecond = 1_000_000_000;
const lowFirst = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
const [lowAt, highAt] = lowFirst ? [0, 1] : [1, 0];

export function openHalves(column: BigInt64Array): Uint32Array {
  return new Uint32Array(column.buffer, column.byteOffset, column.length * 2);
}

export function writeTime(halves: Uint32Array, row: number, seconds: number, nanos: number): void {
  const low = (Math.imul(seconds, perSecond) + nanos) >>> 0;
  halves[row * 2 + lowAt] = low;
  // Too large to be exact, but by far less than what this is the number of.
  halves[row * 2 + highAt] = Math.round((seconds * perSecond + nanos - low) / 2 ** 32);
}

/** In milliseconds, rounded as Node rounds what it read from a disk; nothing to be compared where that cannot be told. */
export function readTimeMs(halves: Uint32Array, row: number): number {
  const low = halves[row * 2 + lowAt] ?? 0;
  const high = halves[row * 2 + highAt] ?? 0;
  const seconds = Math.floor((high * 2 ** 32 + low) / perSecond);
  // The quotient of numbers so large may be one too many or too few.
  const nanos = (low - Math.imul(seconds, perSecond)) >>> 0;
  return nanos < perSecond ? seconds * 1000 + nanos / 1_000_000 : Number.NaN;
}
