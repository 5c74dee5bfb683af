/** What of a JSON text must be known before and beside parsing it: how deep it goes, and its elements as written. */
import { bracketStep, endOfString } from '../acp/raw-value.ts';

const quote = 34;
const comma = 44;

/** Whether it nests deeper than that. Looks at the text only, so that nothing that recurses sees it. */
export function isDeeper(text: string, limit: number): boolean {
  // Each level needs two signs.
  if (text.length < 2 * limit) return false;
  let depth = 0;
  for (let at = 0; at < text.length; ) {
    const char = text.charCodeAt(at);
    depth += bracketStep(char);
    if (limit < depth) return true;
    at = char === quote ? endOfString(text, at) : at + 1;
  }
  return false;
}

/** The elements of an array, each as it is written there. The text is known to be valid. */
export function splitArray(text: string): string[] {
  const elements: string[] = [];
  let depth = 0;
  let from = text.indexOf('[') + 1;
  for (let at = from; at < text.length; ) {
    const char = text.charCodeAt(at);
    const step = bracketStep(char);
    if (depth === 0 && (char === comma || step < 0)) {
      const element = text.slice(from, at).trim();
      if (element !== '') elements.push(element);
      from = at + 1;
      if (step < 0) break;
    }
    depth += step;
    at = char === quote ? endOfString(text, at) : at + 1;
  }
  return elements;
}
