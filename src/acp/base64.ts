/** Reads base64 as UTF-8 text, without help from the platform. */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const values = new Map([...alphabet].map((char, at) => [char, at]));

/** Bytes that are no UTF-8 become U+FFFD, as everywhere. */
export function fromBase64(data: string): string {
  return utf8Text(bytesOf(data));
}

function bytesOf(data: string): number[] {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const char of data) {
    const value = values.get(char);
    if (value === undefined) continue;
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes.push((bits >> held) & 0xff);
  }
  return bytes;
}

function utf8Text(bytes: readonly number[]): string {
  const pieces: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const first = bytes[at] as number;
    const length = lengthOf(first);
    const point = length === 1 ? first : pointOf(bytes, at, length);
    if (point === undefined) {
      pieces.push('\ufffd');
      at += 1;
    } else {
      pieces.push(String.fromCodePoint(point));
      at += length;
    }
  }
  return pieces.join('');
}

function lengthOf(first: number): number {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

const smallest = [0, 0, 0x80, 0x800, 0x10000];

function pointOf(bytes: readonly number[], start: number, length: number): number | undefined {
  if (length === 0 || start + length > bytes.length) return undefined;
  let point = (bytes[start] as number) & (0x7f >> length);
  for (let at = start + 1; at < start + length; at += 1) {
    const byte = bytes[at] as number;
    if ((byte & 0xc0) !== 0x80) return undefined;
    point = (point << 6) | (byte & 0x3f);
  }
  const isHalf = point >= 0xd800 && point <= 0xdfff;
  return point < (smallest[length] ?? 0) || isHalf || point > 0x10ffff ? undefined : point;
}
