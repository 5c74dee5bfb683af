/** Keeps maps and sets from growing without end: the oldest entries go. */

/**
 * Holds the limit up to a quarter more: the oldest go many at a time, for each search for the oldest entry
 * passes all places that are already empty.
 */
export function setBounded<K, V>(map: Map<K, V>, key: K, value: V, limit: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > limit + limit / 4) dropOldest(map, limit);
}

export function addBounded<T>(set: Set<T>, value: T, limit: number): void {
  set.add(value);
  if (set.size > limit + limit / 4) dropOldest(set, limit);
}

function dropOldest<K>(collection: Map<K, unknown> | Set<K>, limit: number): void {
  let left = collection.size - limit;
  for (const key of collection.keys()) {
    if (left <= 0) return;
    collection.delete(key);
    left -= 1;
  }
}
