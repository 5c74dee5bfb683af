/** Ids that sort by the time they were made: 48 bits of milliseconds, then 80 bits of chance. */
import { randomBytes } from 'node:crypto';

const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const timeDigits = 10;
const chanceBytes = 10;

/** Crockford's base 32 without I, L, O and U: 26 signs, safe as a file name everywhere. */
export function mintUlid(nowMs: number, chance: Uint8Array = randomBytes(chanceBytes)): string {
  let time = '';
  for (let rest = Math.floor(nowMs); time.length < timeDigits; rest = Math.floor(rest / 32))
    time = digits.charAt(rest % 32) + time;
  let bits = 0n;
  for (const byte of chance.subarray(0, chanceBytes)) bits = (bits << 8n) | BigInt(byte);
  let tail = '';
  for (; tail.length < 16; bits >>= 5n) tail = digits.charAt(Number(bits & 31n)) + tail;
  return time + tail;
}

/** The time that an id stands for; undefined of anything else. */
export function readUlidTime(id: string): number | undefined {
  if (!/^[0-9A-HJKMNP-TV-Z]{26}$/.test(id)) return undefined;
  let time = 0;
  for (const sign of id.slice(0, timeDigits)) time = time * 32 + digits.indexOf(sign);
  return time;
}
