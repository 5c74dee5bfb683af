/** Reads a short layer's text: whatever version wrote it, and whatever somebody made of it since. */
import type { ShortLayer } from '../contract/types.gen.ts';
import { isShape, readShape, type Shape } from '../journal/json.ts';
import { beginShort, shortVersion } from './begin-short.ts';

export type ReadShort =
  | { readonly kind: 'layer'; readonly layer: ShortLayer }
  /** Of a newer clew: neither read nor written over. */
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'damaged' };

/** From each version to the next. */
const migrations: Readonly<Record<number, (loose: Shape) => Shape>> = {
  // Somebody made it by hand, and left the version out.
  0: (loose) => ({ ...loose, version: 1 }),
};

export function readShort(text: string): ReadShort {
  const loose = readShape(text);
  if (loose === undefined || typeof loose['session'] !== 'string') return { kind: 'damaged' };
  const version = typeof loose['version'] === 'number' ? loose['version'] : 0;
  if (version > shortVersion) return { kind: 'newer', version };
  let current: Shape = loose;
  for (let at = version; at < shortVersion; at += 1) current = migrations[at]?.(current) ?? current;
  return { kind: 'layer', layer: withLists(current) };
}

const lists = [
  ...(['turns', 'pending', 'edited', 'read', 'tests', 'alerts', 'checkpoints'] as const),
  ...(['commits', 'decisions', 'questions'] as const),
];

/** Folds count on every list being there. */
function withLists(loose: Shape): ShortLayer {
  const empty = beginShort(String(loose['session']), 0);
  const kept = Object.fromEntries(
    lists.map((it) => [it, Array.isArray(loose[it]) ? loose[it].filter(isShape) : []]),
  );
  const tasks = Array.isArray(loose['tasks']) ? { tasks: loose['tasks'].filter(isShape) } : {};
  return { ...empty, ...loose, ...kept, ...tasks } as ShortLayer;
}
