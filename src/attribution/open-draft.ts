/** The bytes of a file's last version, on which a claim is tried in place: nothing of the file's size is made anew. */
import type { Claim } from './apply-claim.ts';
import { spliceLines } from './splice-lines.ts';
import { isShort, type Text } from './text-lines.ts';

export type ByteHands = {
  /** A text that has one character a byte. */
  write(text: string, target: Uint8Array): void;
  /** As `indexOf` does it with texts. */
  find(bytes: Uint8Array, part: string, from: number): number;
  /** The blob id. */
  name(bytes: Uint8Array): string;
};

/** A claim that tells the one place where a text changed. */
export type Told = Claim & { readonly before: string; readonly after: string };

export type Draft = {
  holds(oid: string): boolean;
  /** What `from` becomes when the claim is true, if that is the version of the name `to`. */
  follow(from: NamedText, claim: Told, to: string): FollowedText | undefined;
};

type NamedText = { readonly oid: string; readonly text: Text };
export type FollowedText = {
  readonly lines: readonly string[];
  readonly chars: number;
  readonly endsInBreak: boolean;
};

/** As many places of a claim's text as `applyClaim` tries. */
const tryLimit = 16;
const lineFeed = 10;
const firstOfMark = 0xef;

export function openDraft(hands: ByteHands): Draft {
  let room = new Uint8Array(0);
  let length = 0;
  let held: { readonly oid: string; readonly isPlain: boolean } | undefined;

  const content = () => room.subarray(0, length);
  const endsInBreak = () => room[length - 1] === lineFeed;

  function hold({ oid, text }: NamedText): boolean {
    if (held?.oid === oid) return held.isPlain;
    reserve(text.text.length);
    length = text.text.length;
    hands.write(text.text, content());
    // What would be read otherwise than it is stored is left to those who read it.
    const isPlain = ['\r', '\0'].every((it) => hands.find(content(), it, 0) < 0);
    held = { oid, isPlain };
    return isPlain;
  }

  function reserve(size: number): void {
    if (size <= room.length) return;
    const larger = new Uint8Array(size + (size >> 2));
    larger.set(content());
    room = larger;
  }

  /** Where the claim's text stands, if it is one place and not done there already. */
  function findPlace({ before, after }: Told): number | undefined {
    let place: number | undefined;
    let at = hands.find(content(), before, 0);
    for (let tries = 0; at >= 0 && tries < tryLimit; tries += 1) {
      if (!isDone(at, before, after)) {
        if (place !== undefined) return undefined;
        place = at;
      }
      at = hands.find(content(), before, at + 1);
    }
    return place;
  }

  function isDone(at: number, before: string, after: string): boolean {
    for (let in_ = after.indexOf(before); in_ >= 0; in_ = after.indexOf(before, in_ + 1)) {
      const start = Math.max(0, at - in_);
      const part = content().subarray(start, start + after.length);
      if (part.length === after.length && hands.find(part, after, 0) === 0) return true;
    }
    return false;
  }

  function replace(at: number, before: string, after: string): void {
    const size = length - before.length + after.length;
    reserve(size);
    room.copyWithin(at + after.length, at + before.length, length);
    hands.write(after, room.subarray(at, at + after.length));
    length = size;
  }

  return {
    holds: (oid) => held?.oid === oid,
    follow(from, claim, to) {
      const { before, after } = claim;
      if (!hold(from) || /[\r\0]/.test(after)) return undefined;
      const at = findPlace(claim);
      if (at === undefined) return undefined;
      const wasEnded = endsInBreak();
      replace(at, before, after);
      const isRight = room[0] !== firstOfMark && isShort(length) && hands.name(content()) === to;
      if (!isRight) {
        replace(at, after, before);
        return undefined;
      }
      held = { oid: to, isPlain: true };
      const { lines } = from.text;
      const made = spliceLines({ lines, endsInBreak: wasEnded }, { at, before, after });
      return { lines: made, chars: length, endsInBreak: endsInBreak() };
    },
  };
}
