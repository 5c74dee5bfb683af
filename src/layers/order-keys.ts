/** Puts the keys of a short layer in the one order in which they are always written. */
import type { ShortLayer } from '../contract/types.gen.ts';

const order: readonly (keyof ShortLayer)[] = [
  ...([
    'version',
    'session',
    'agentSession',
    'parent',
    'agent',
    'label',
    'model',
    'title',
  ] as const),
  ...(['state', 'startedAt', 'updatedAt', 'branch', 'head', 'tree', 'after', 'forked'] as const),
  ...(['through'] as const),
  ...(['earlier', 'turns', 'pending', 'edited', 'read', 'tests', 'alerts'] as const),
  ...(['checkpoints', 'commits', 'tasks', 'decisions', 'questions', 'digest'] as const),
];

/** What a newer clew of the same version may have added comes after that. */
export function orderKeys(layer: ShortLayer): ShortLayer {
  const rest = Object.keys(layer).filter((it) => !order.some((key) => key === it));
  const keys = [...order, ...rest] as (keyof ShortLayer)[];
  const entries = keys.map((key) => [key, layer[key]] as const);
  return Object.fromEntries(
    entries.filter(([, value]) => value !== undefined),
  ) as unknown as ShortLayer;
}
