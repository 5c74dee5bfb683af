/** A pack looked at in many places, from its beginning to its end: neighbours come with one reading. */
import { readSync } from 'node:fs';

const windowBytes = 1 << 18;
/** The longest head of an entry, with what it names as its base. */
const headBytes = 48;

export type PackWindow = {
  /** At least the head of the entry at `offset`, from `at` on; offsets only go up. */
  show(offset: number): { readonly bytes: Buffer; readonly at: number };
};

/** Starts small and grows while what is asked for lies close together. */
export function openWindow(fd: number, size: number): PackWindow {
  const bytes = Buffer.alloc(windowBytes + headBytes);
  const shown = { bytes, at: 0 };
  let from = 0;
  let end = 0;
  let length = headBytes;
  return {
    show(offset) {
      if (offset + headBytes > end && end < size) {
        length = offset < end + windowBytes / 16 ? Math.min(length * 4, windowBytes) : headBytes;
        from = offset;
        bytes.fill(0, length, length + headBytes);
        end = offset + readSync(fd, bytes, 0, length, offset);
      }
      shown.at = offset - from;
      return shown;
    },
  };
}

/** Larger ones than a number can hold beside the offset are sorted slowly. */
const placeLimit = 1 << 20;
const offsetLimit = 2 ** 33;

/** Visits places of a list and the offsets in it, by rising offset. */
export function eachByOffset(
  offsets: Float64Array,
  visit: (place: number, offset: number) => void,
): void {
  const isSmall = offsets.length <= placeLimit && offsets.every((offset) => offset < offsetLimit);
  if (!isSmall) {
    const places = Array.from(offsets, (_, place) => place);
    places.sort((one, other) => (offsets[one] ?? 0) - (offsets[other] ?? 0));
    for (const place of places) visit(place, offsets[place] ?? 0);
    return;
  }
  // As plain numbers: a sort with a function to compare by takes ten times as long.
  const keys = offsets.map((offset, place) => offset * placeLimit + place).sort();
  for (const key of keys) visit(key % placeLimit, Math.floor(key / placeLimit));
}
