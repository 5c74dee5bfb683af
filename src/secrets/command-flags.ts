/** Finds what begins with dashes: values of flags (`--token …`) and private keys (`-----BEGIN …`). */
import type { Hit } from './hit.ts';
import { judgeName } from './key-names.ts';
import { looksSecret } from './likeness.ts';
import { findPrivateKey } from './private-keys.ts';

/** `--token …`, and `"--token", "…"` as a list shows it. */
const flag =
  /--([A-Za-z][\w-]{2,40})(?:[ \t]+\\{0,3}(["']?)|\\{0,3}["'],[ \t]*\\{0,3}(["']))([^\s"'\\,;()[\]{}]{4,512})/y;

export function findDashes(text: string, hits: Hit[]): void {
  let at = text.indexOf('--');
  while (at !== -1) {
    const hit = text.startsWith('-----BEGIN ', at) ? findPrivateKey(text, at) : findFlag(text, at);
    if (hit !== undefined) hits.push(hit);
    let next = hit?.to ?? at + 2;
    // A rule or a table's border: one visit is enough, but a key may begin at its end.
    while (text.charAt(next + 4) === '-' && text.charAt(next) === '-') next += 1;
    at = text.indexOf('--', next);
  }
}

function findFlag(text: string, at: number): Hit | undefined {
  flag.lastIndex = at;
  const [, name = '', quote = '', listQuote = '', value = ''] = flag.exec(text) ?? [];
  const judged = judgeName(name);
  if (judged === undefined || !isFlagValue(value, quote || listQuote)) return undefined;
  return { from: flag.lastIndex - value.length, to: flag.lastIndex, reason: judged.reason };
}

/** Prose names flags too ("--token is required"), so a digit or a sign must be in it. */
const isFlagValue = (value: string, quote: string) =>
  looksSecret({ value, strength: 'strong', place: quote === '' ? 'own-line' : 'quoted' });
