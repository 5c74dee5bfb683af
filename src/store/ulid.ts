/** Ids that sort by the time they were made: 48 bits of milliseconds, then 80 bits of chance. */
import { randomFillSync } from 'node:crypto';

const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const timeDigits = 10;
const chanceBytes = 10;
const halfDigits = 8;
const halfBytes = 5;

/** Asking the system for chance costs more than all the rest, so it is asked for many ids at once. */
const drawn = new Uint8Array(256 * chanceBytes);
let usedBytes = drawn.length;

/** Crockford's base 32 without I, L, O and U: 26 signs, safe as a file name everywhere. */
export function mintUlid(nowMs: number, chance: Uint8Array = drawChance()): string {
  const first = spell(readNumber(chance, 0), halfDigits);
  return (
    spell(Math.floor(nowMs), timeDigits) + first + spell(readNumber(chance, halfBytes), halfDigits)
  );
}

/** The time that an id stands for; undefined of anything else. */
export function readUlidTime(id: string): number | undefined {
  if (!/^[0-9A-HJKMNP-TV-Z]{26}$/.test(id)) return undefined;
  let time = 0;
  for (const sign of id.slice(0, timeDigits)) time = time * 32 + digits.indexOf(sign);
  return time;
}

/** Good until the next call. */
function drawChance(): Uint8Array {
  if (usedBytes === drawn.length) {
    randomFillSync(drawn);
    usedBytes = 0;
  }
  usedBytes += chanceBytes;
  return drawn.subarray(usedBytes - chanceBytes, usedBytes);
}

/** Forty bits: more than operators on bits can hold. */
function readNumber(bytes: Uint8Array, from: number): number {
  let number = 0;
  for (let at = from; at < from + halfBytes; at += 1) number = number * 256 + (bytes[at] ?? 0);
  return number;
}

function spell(number: number, length: number): string {
  let text = '';
  for (let rest = number; text.length < length; rest = Math.floor(rest / 32))
    text = digits.charAt(rest % 32) + text;
  return text;
}
