/** Finds what key-like elements contain, as in a Maven settings file: `<password>…</password>`. */
import type { Hit } from './hit.ts';
import { judgeName } from './key-names.ts';
import { looksSecret } from './likeness.ts';

const longestContent = 512;
const closing = /<\/([A-Za-z][\w.-]{2,40})>/y;

export function findElements(text: string, hits: Hit[]): void {
  for (let at = text.indexOf('</'); at !== -1; at = text.indexOf('</', at + 2)) {
    closing.lastIndex = at;
    const name = closing.exec(text)?.[1];
    const judged = name === undefined ? undefined : judgeName(name);
    if (judged === undefined) continue;
    const value =
      text
        .slice(Math.max(0, at - longestContent), at)
        .split('>')
        .at(-1)
        ?.trim() ?? '';
    const isSecret = looksSecret({ value, strength: judged.strength, place: 'own-line' });
    const from = text.lastIndexOf(value, at);
    if (isSecret) hits.push({ from, to: from + value.length, reason: judged.reason });
  }
}
