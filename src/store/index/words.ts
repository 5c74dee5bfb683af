/** What of a text is searched, and what a person's words become as a search. */

/** Scripts without spaces between words: each sign is a word of its own, and words are phrases. */
const unspaced =
  /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]/gu;

/** Longer ones are searched by their beginning. */
const wordLimit = 256;

/** A message is kept in parts: the end of one and the beginning of the next may be one word. */
export function endOfWord(text: string): string {
  return /\S*$/u.exec(text.slice(-wordLimit))?.[0] ?? '';
}

export function spaceOut(text: string): string {
  return text.replace(unspaced, ' $& ');
}

/** A beginning this short is the beginning of too much. */
const shortestBeginning = 3;

/** One search for each word, by its beginning; words without letters find nothing. */
export function planSearches(wanted: string): string[] {
  const found = wanted.split(/\s+/u).filter((it) => /[\p{L}\p{N}]/u.test(it));
  return found.map((it) => {
    const phrase = `"${spaceOut(it).replaceAll('"', '""')}"`;
    return [...it].length < shortestBeginning ? phrase : `${phrase} *`;
  });
}
