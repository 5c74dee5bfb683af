/** What of a text is searched, and what a person's words become as a search. */

/** Scripts without spaces between words: each sign is a word of its own, and words are phrases. */
const unspaced =
  /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]/gu;

/** How much of a word may be in the part of a message before. */
const wordLimit = 256;

/** A message is kept in parts, and a word that was cut in two is found whole in the second. */
export function searchable(text: string, before: string): string {
  return spaceOut(endOfWord(before) + text);
}

function endOfWord(text: string): string {
  return /\S*$/u.exec(text.slice(-wordLimit))?.[0] ?? '';
}

function spaceOut(text: string): string {
  return text.replace(unspaced, ' $& ');
}

/** One search for each word, matching words that begin with it; words without letters find nothing. */
export function planSearches(wanted: string): string[] {
  const found = wanted.split(/\s+/u).filter((it) => /[\p{L}\p{N}]/u.test(it));
  return found.map((it) => `"${spaceOut(it).replaceAll('"', '""')}" *`);
}
