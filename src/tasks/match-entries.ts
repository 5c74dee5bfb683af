/**
 * Finds the entries of a plan again in its next version: agents send the whole list each time, and
 * change its order and words on the way. One that cannot be told for sure is a new one.
 */

export type Known = { readonly title: string; readonly entry?: string; readonly isDone: boolean };
export type Said = { readonly title: string; readonly entry?: string; readonly isDone: boolean };

/** Two texts that share so much of their words are one that was reworded. */
const likeness = 0.6;
/** Nobody rewords a text of many words so that only its end tells it from another. */
const wordLimit = 64;
/** Where more than so many are left to compare, only neighbours are. */
const allPairsLimit = 10_000;
const neighbourhood = 8;

/** For each entry said the number of the known one that it is. */
export function matchEntries(
  known: readonly Known[],
  said: readonly Said[],
): (number | undefined)[] {
  const found: (number | undefined)[] = said.map(() => undefined);
  const free = new Set(known.keys());
  const take = (at: number, it: number | undefined) => {
    if (it === undefined || !free.delete(it)) return;
    found[at] = it;
  };
  // Some agents number their entries anew each time: words say more than such a name.
  matchBy(({ entry, title }) => entry && `${entry} ${sameText(title)}`);
  matchBy(({ title }) => sameText(title));
  matchBy(({ entry }) => entry);
  for (const [at, it] of likest()) if (found[at] === undefined) take(at, it);
  return found;

  function matchBy(keyOf: (it: Known) => string | undefined): void {
    const waiting = new Map<string, number[]>();
    for (const it of free) {
      const key = keyOf(known[it] as Known);
      if (key !== undefined) waiting.set(key, [...(waiting.get(key) ?? []), it]);
    }
    for (const [at, it] of said.entries()) {
      const key = found[at] === undefined ? keyOf(it) : undefined;
      if (key !== undefined) take(at, waiting.get(key)?.shift());
    }
  }

  /** The likest first; of equals the one that moved least. */
  function likest(): (readonly [at: number, it: number])[] {
    const open = [...said.keys()].filter((at) => found[at] === undefined);
    const rest = [...free];
    const isMany = allPairsLimit < open.length * rest.length;
    const words = new Map(rest.map((it) => [it, wordsOf((known[it] as Known).title)]));
    const pairs = open.flatMap((at) => {
      const own = wordsOf((said[at] as Said).title);
      const near = isMany ? rest.filter((it) => Math.abs(it - at) <= neighbourhood) : rest;
      return near.flatMap((it) => {
        if (cannotBe(known[it] as Known, said[at] as Said)) return [];
        const score = compare(words.get(it) ?? [], own);
        return score < likeness ? [] : [{ at, it, score, moved: Math.abs(it - at) }];
      });
    });
    pairs.sort((a, b) => b.score - a.score || a.moved - b.moved);
    return pairs.map(({ at, it }) => [at, it] as const);
  }
}

/** Each has a name of its own from the agent, or what was done is said in other words to be undone. */
function cannotBe(known: Known, said: Said): boolean {
  if (known.entry !== undefined && said.entry !== undefined && known.entry !== said.entry)
    return true;
  return known.isDone && !said.isDone;
}

const sameText = (title: string) =>
  title.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim();

function wordsOf(title: string): string[] {
  const words = title
    .split(/\s+/)
    .map((it) => it.replace(/^[^\p{L}\p{N}/.]+|[^\p{L}\p{N}/)]+$/gu, ''))
    .filter((it) => it !== '');
  return words.slice(0, wordLimit);
}

/** A file, an identifier, a number, a letter: with another one it is another thing. */
const isName = (word: string) =>
  word.length === 1 || /[\d./_()]/.test(word) || /\p{L}\p{Lu}/u.test(word);

/** How much of both is in both, from 0 to 1. */
function compare(before: readonly string[], after: readonly string[]): number {
  const left = countWords(before);
  const right = countWords(after);
  let shared = 0;
  for (const [word, count] of left) shared += Math.min(count, right.get(word) ?? 0);
  const lost = before.some((it) => isName(it) && !right.has(it.toLowerCase()));
  const gained = after.some((it) => isName(it) && !left.has(it.toLowerCase()));
  if (lost && gained) return 0;
  return (2 * shared) / Math.max(1, before.length + after.length);
}

function countWords(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const it of words.map((word) => word.toLowerCase()))
    counts.set(it, (counts.get(it) ?? 0) + 1);
  return counts;
}
