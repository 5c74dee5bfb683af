/** Reads what a short layer says of itself from its first lines, without its lists. */
import type { ShortLayer } from '../contract/types.gen.ts';

export type ShortHead = Pick<
  ShortLayer,
  'session' | 'state' | 'startedAt' | 'updatedAt' | 'branch' | 'head' | 'through' | 'title'
> &
  Pick<ShortLayer, 'agent'>;

const wanted: ReadonlySet<string> = new Set([
  ...['version', 'session', 'state', 'startedAt', 'updatedAt', 'branch', 'head', 'through'],
  ...['title', 'agent'],
]);

/** Undefined when it is no short layer, as `spellLayer` spells one. */
export function readHead(text: string): ShortHead | undefined {
  const found: Record<string, unknown> = {};
  for (const line of text.split('\n').slice(1)) {
    const [, key = '', value = ''] = /^ {2}"(\w+)": (.+?),?$/.exec(line) ?? [];
    if (value.startsWith('[')) break;
    if (wanted.has(key)) found[key] = parseValue(value);
  }
  const { session, startedAt, updatedAt } = found;
  const isWhole = [session, startedAt, updatedAt].every((it) => typeof it === 'string');
  return isWhole ? ({ state: 'open', ...found } as ShortHead) : undefined;
}

function parseValue(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch (error) {
    // Cut where reading stopped.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
