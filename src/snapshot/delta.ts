/** Rebuilds an object from its base and a delta, as packs keep them. */

export function applyDelta(base: Uint8Array, delta: Uint8Array): Uint8Array | undefined {
  const reader = { delta, at: 0 };
  if (readSize(reader) !== base.length) return undefined;
  const result = new Uint8Array(readSize(reader));
  let filled = 0;
  while (reader.at < delta.length) {
    const code = delta[reader.at] ?? 0;
    reader.at += 1;
    const part = code & 0x80 ? copyOf(reader, base, code) : insertOf(reader, code);
    if (!part || filled + part.length > result.length) return undefined;
    result.set(part, filled);
    filled += part.length;
  }
  return filled === result.length ? result : undefined;
}

type Reader = { readonly delta: Uint8Array; at: number };

/** A little-endian number of seven bits a byte. */
export function readSize(reader: Reader): number {
  let size = 0;
  let scale = 1;
  for (;;) {
    const byte = reader.delta[reader.at] ?? 0;
    reader.at += 1;
    size += (byte & 0x7f) * scale;
    if ((byte & 0x80) === 0) return size;
    scale *= 128;
  }
}

function copyOf(reader: Reader, base: Uint8Array, code: number): Uint8Array | undefined {
  const from = readNumber(reader, code & 0x0f, 4);
  const size = readNumber(reader, (code >> 4) & 0x07, 3) || 0x10000;
  return from + size > base.length ? undefined : base.subarray(from, from + size);
}

function readNumber(reader: Reader, present: number, bytes: number): number {
  let number = 0;
  for (let byte = 0; byte < bytes; byte += 1) {
    if ((present & (1 << byte)) === 0) continue;
    number += (reader.delta[reader.at] ?? 0) * 2 ** (8 * byte);
    reader.at += 1;
  }
  return number;
}

function insertOf(reader: Reader, size: number): Uint8Array | undefined {
  const part = reader.delta.subarray(reader.at, reader.at + size);
  reader.at += size;
  return size === 0 || part.length !== size ? undefined : part;
}
