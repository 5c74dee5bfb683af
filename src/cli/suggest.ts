/** Guesses what somebody meant to type. */

/** The nearest of the names, if it is near enough to be meant. */
export function suggest(typed: string, names: readonly string[]): string | undefined {
  const near = names
    .map((name) => ({ name, distance: measure(typed.toLowerCase(), name) }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.floor(name.length / 3)))
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.name ?? names.find((it) => typed.length > 2 && it.startsWith(typed));
}

/** How many letters must be changed, added, taken away or swapped with the next. */
function measure(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, it) => it)];
  for (let i = 1; i <= Math.min(from.length, 40); i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const at = (a: number, b: number) => rows[a]?.[b] ?? 0;
      const changed = at(i - 1, j - 1) + Number(from[i - 1] !== to[j - 1]);
      const isSwap = 1 < i && 1 < j && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swapped = isSwap ? at(i - 2, j - 2) + 1 : changed;
      row[j] = Math.min(at(i - 1, j) + 1, (row[j - 1] ?? 0) + 1, changed, swapped);
    }
    rows.push(row);
  }
  return rows.at(-1)?.[to.length] ?? to.length;
}
