/** Reads the text of `project_state.json`, whatever people, formatters and git's merges made of it. */
import type { StateItem } from '../contract/types.gen.ts';
import { isShape, type Shape } from '../journal/json.ts';
import { type Section, sections } from './fold-long.ts';

export type ReadLong =
  | {
      readonly kind: 'items';
      readonly items: readonly { readonly section: Section; readonly value: StateItem }[];
      /** git's merge left its marks: both sides are read, and nobody may write over it yet. */
      readonly isMarked: boolean;
    }
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'damaged'; readonly why: string };

const longVersion = 1;
const sizeLimit = 4 << 20;
const depthLimit = 20;

/** From each version to the next. */
const migrations: Readonly<Record<number, (loose: Shape) => Shape>> = {
  // Somebody made it by hand: a purpose may be just a text.
  0: (loose) => {
    const { purpose } = loose;
    const items = typeof purpose === 'string' ? [{ id: 'purpose', text: purpose }] : purpose;
    return { ...loose, purpose: items, version: 1 };
  },
};

export function readLong(text: string): ReadLong {
  if (sizeLimit < text.length) return { kind: 'damaged', why: 'it is longer than 4 MB' };
  const isMarked = /^<{7}[ \n]/m.test(text) && /^>{7}[ \n]/m.test(text);
  const parsed = parse(isMarked ? withoutMarks(text) : text);
  if (typeof parsed === 'string') return { kind: 'damaged', why: parsed };
  const version = typeof parsed['version'] === 'number' ? parsed['version'] : 0;
  if (version > longVersion) return { kind: 'newer', version };
  let loose: Shape = parsed;
  for (let at = version; at < longVersion; at += 1) loose = migrations[at]?.(loose) ?? loose;
  const items = sections.flatMap((section) => readItems(section, loose[section]));
  return { kind: 'items', items, isMarked };
}

/** Both sides one after the other; what they had in common before them, which diff3 shows too, is neither's. */
function withoutMarks(text: string): string {
  const kept: string[] = [];
  let isBase = false;
  for (const line of text.split('\n')) {
    if (/^\|{7}( |$)/.test(line)) isBase = true;
    else if (/^={7}$/.test(line)) isBase = false;
    else if (!isBase && !/^(<{7}|>{7})( |$)/.test(line)) kept.push(line);
  }
  return kept.join('\n');
}

/** The reason where it cannot be read. */
function parse(text: string): Shape | string {
  try {
    const value: unknown = JSON.parse(text);
    if (!isShape(value)) return 'it is no JSON object';
    return depthOf(value) > depthLimit ? 'it is nested too deep' : value;
  } catch (error) {
    if (error instanceof SyntaxError) return `it is no JSON: ${error.message}`;
    if (error instanceof RangeError) return 'it is nested too deep';
    throw error;
  }
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

function readItems(section: Section, list: unknown): { section: Section; value: StateItem }[] {
  if (!Array.isArray(list)) return [];
  const items = list.filter(isShape).filter((it) => Object.keys(it).length > 0);
  return items.map((it) => ({ section, value: it as StateItem }));
}
