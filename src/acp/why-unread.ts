/** Says whether a line is worth reading, before anything is built of it. */
import { bracketStep, endOfString } from './raw-value.ts';

const depthLimit = 256;
/** More values than any message has; tens of millions would hold a thread and a gigabyte for a minute. */
const valueLimit = 500_000;
const comma = 44;
const quote = 34;

export function whyUnread(text: string): 'too-deep' | 'too-many' | undefined {
  // Each value but the last has a sign of its own and a comma.
  if (text.length <= valueLimit && hasFewOpeners(text)) return undefined;
  // Those may stand in strings, which are only left out on this second, slower look.
  const { deepest, values } = measure(text);
  if (deepest > depthLimit) return 'too-deep';
  return values > valueLimit ? 'too-many' : undefined;
}

/** Each line is asked, so it is left to the search of the engine: some twenty times as quick as a look at each sign. */
function hasFewOpeners(text: string): boolean {
  let left = depthLimit;
  for (const opener of ['{', '['])
    for (let at = text.indexOf(opener); at >= 0; at = text.indexOf(opener, at + 1)) {
      left -= 1;
      if (left < 0) return false;
    }
  return true;
}

function measure(text: string): { deepest: number; values: number } {
  let depth = 0;
  let deepest = 0;
  let values = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === quote) at = endOfString(text, at) - 1;
    else if (char === comma) values += 1;
    else {
      const step = bracketStep(char);
      depth += step;
      if (step > 0) values += 1;
      deepest = Math.max(deepest, depth);
    }
  }
  return { deepest, values };
}
