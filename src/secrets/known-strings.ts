/** Finds any of a set of strings in a text, skipping most of the text (Wu and Manber's way). */

export type KnownStrings = (
  text: string,
  found: (from: number, to: number, index: number) => void,
) => void;

const tableSize = 4096;
/** Two characters in a row, as a place in the table; strangers may share one, which only costs time. */
const placeOf = (text: string, at: number) =>
  (text.charCodeAt(at) * 31 + text.charCodeAt(at + 1)) & (tableSize - 1);

/** None may be shorter than two characters; the longest one at a place wins. */
export function openKnownStrings(strings: readonly string[]): KnownStrings {
  const shortest = Math.min(...strings.map((it) => it.length));
  const furthest = shortest - 1;
  /** How far one may go on when a pair is seen: as far as no string could have it at its end. */
  const steps = new Uint8Array(tableSize).fill(Math.min(255, furthest));
  const ending = new Map<number, number[]>();
  for (const [index, string] of strings.entries()) {
    for (let at = 0; at < furthest; at += 1) {
      const place = placeOf(string, at);
      steps[place] = Math.min(steps[place] ?? 0, furthest - 1 - at);
    }
    const last = placeOf(string, furthest - 1);
    ending.set(last, [...(ending.get(last) ?? []), index]);
  }
  for (const indexes of ending.values())
    indexes.sort((a, b) => (strings[b]?.length ?? 0) - (strings[a]?.length ?? 0));

  return (text, found) => {
    let at = furthest - 1;
    while (at + 1 < text.length) {
      const place = placeOf(text, at);
      const step = steps[place] ?? 0;
      if (0 < step) {
        at += step;
        continue;
      }
      const from = at - furthest + 1;
      const index = ending.get(place)?.find((it) => text.startsWith(strings[it] ?? '', from));
      if (index === undefined) {
        at += 1;
        continue;
      }
      const to = from + (strings[index]?.length ?? 0);
      found(from, to, index);
      at = to + furthest - 1;
    }
  };
}
