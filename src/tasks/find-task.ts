/** Finds the one task that somebody means by a part of its id. */

export type Found =
  | { readonly kind: 'found'; readonly id: string }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'ambiguous'; readonly ids: readonly string[] };

/** `prefix`: what every id of ours begins with; who types one may leave it out. */
export function findTask(ids: readonly string[], named: string, prefix = 't-'): Found {
  const wanted = named.toLowerCase();
  const whole = ids.find((it) => it === named) ?? ids.find((it) => it.toLowerCase() === wanted);
  if (whole !== undefined) return { kind: 'found', id: whole };
  const near = ids.filter((it) => {
    const id = it.toLowerCase();
    return id.startsWith(wanted) || id.startsWith(prefix + wanted);
  });
  const [only] = near;
  if (wanted === '' || only === undefined) return { kind: 'unknown' };
  return near.length === 1 ? { kind: 'found', id: only } : { kind: 'ambiguous', ids: near };
}
