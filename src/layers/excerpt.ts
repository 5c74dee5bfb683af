/** Cuts what was said to the few words that a layer keeps. */

export function firstLine(text: string, limit: number): string {
  const line =
    text
      .slice(0, 20 * limit)
      .trimStart()
      .split(/[\r\n]/, 1)[0] ?? '';
  return cutEnd(line.trim(), limit);
}

/** The last paragraph: there agents say what they have done. */
export function lastWords(text: string, limit: number): string {
  const paragraphs = text.trim().split(/\n\s*\n/);
  return cutEnd((paragraphs.at(-1) ?? '').replaceAll(/\s+/g, ' ').trim(), limit);
}

function cutEnd(text: string, limit: number): string {
  const signs = [...text];
  return signs.length <= limit ? text : `${signs.slice(0, limit - 1).join('')}…`;
}
