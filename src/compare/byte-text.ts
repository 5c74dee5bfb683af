/** Bytes as text of one character a byte, so that they are compared as they are, whatever their encoding. */

/** More arguments than this at once a call does not take. */
const pieceBytes = 8192;

export function textOf(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += pieceBytes)
    text += String.fromCharCode(...bytes.subarray(at, at + pieceBytes));
  return text;
}

/** As git judges it: a zero byte near the beginning. */
export function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 8000).includes(0);
}
