/** Reads a short layer's text: whatever version wrote it, and whatever somebody made of it since. */
import type { ShortLayer } from '../contract/types.gen.ts';
import { beginShort, shortVersion } from './begin-short.ts';

export type ReadShort =
  | { readonly kind: 'layer'; readonly layer: ShortLayer }
  /** Of a newer clew: neither read nor written over. */
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'damaged' };

type Loose = Readonly<Record<string, unknown>>;

/** From each version to the next. */
const migrations: Readonly<Record<number, (loose: Loose) => Loose>> = {
  // Somebody made it by hand, and left the version out.
  0: (loose) => ({ ...loose, version: 1 }),
};

export function readShort(text: string): ReadShort {
  const loose = parse(text);
  if (loose === undefined || typeof loose['session'] !== 'string') return { kind: 'damaged' };
  const version = typeof loose['version'] === 'number' ? loose['version'] : 0;
  if (version > shortVersion) return { kind: 'newer', version };
  let current: Loose = loose;
  for (let at = version; at < shortVersion; at += 1) current = migrations[at]?.(current) ?? current;
  return { kind: 'layer', layer: withLists(current) };
}

function parse(text: string): Loose | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isLoose(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const isLoose = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const lists = [
  ...(['turns', 'pending', 'edited', 'read', 'tests', 'alerts', 'checkpoints'] as const),
  ...(['commits', 'decisions', 'questions'] as const),
];

/** Folds count on every list being there. */
function withLists(loose: Loose): ShortLayer {
  const empty = beginShort(String(loose['session']), 0);
  const kept = Object.fromEntries(
    lists.map((it) => [it, Array.isArray(loose[it]) ? loose[it].filter(isLoose) : []]),
  );
  const tasks = Array.isArray(loose['tasks']) ? { tasks: loose['tasks'].filter(isLoose) } : {};
  return { ...empty, ...loose, ...kept, ...tasks } as ShortLayer;
}
