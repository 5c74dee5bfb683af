/** One spelling for each value, whatever order its keys came in: two that are spelled alike are the same. */
import { isShape, type Shape } from '../journal/json.ts';

export function spellCanonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (isShape(part) ? sortKeys(part) : part));
}

function sortKeys(value: Shape): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
