/** Reads what a short layer says of itself from its first lines, without its lists. */
import type { ShortLayer } from '../contract/types.gen.ts';
import { readJson } from '../journal/json.ts';

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
    // A value may be cut where reading stopped.
    if (wanted.has(key)) found[key] = readJson(value);
  }
  const { session, startedAt, updatedAt } = found;
  const isWhole = [session, startedAt, updatedAt].every((it) => typeof it === 'string');
  return isWhole ? ({ state: 'open', ...found } as ShortHead) : undefined;
}
