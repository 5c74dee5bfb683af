/** Keeps maps and sets from growing without end: the oldest entries go. */

export function setBounded<K, V>(map: Map<K, V>, key: K, value: V, limit: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > limit) map.delete(map.keys().next().value as K);
}

export function addBounded<T>(set: Set<T>, value: T, limit: number): void {
  set.add(value);
  if (set.size > limit) set.delete(set.values().next().value as T);
}
