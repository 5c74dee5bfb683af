/** Spells a layer so that git can merge it: keys in one order, one item to a line. */

/**
 * Lists stand last, each item on a line of its own; everything else is one line a key. With `apart`, an empty
 * line is between two items: what one branch changes then does not touch what another adds beside it.
 */
export function spellLayer(layer: object, apart = false): string {
  const entries = Object.entries(layer).filter(([, value]) => value !== undefined);
  const lines = entries.map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${spellValue(value, apart)}`,
  );
  return `{\n${lines.join(',\n')}\n}\n`;
}

function spellValue(value: unknown, apart: boolean): string {
  if (!Array.isArray(value) || value.length === 0) return JSON.stringify(value);
  const items = value.map((it) => `    ${JSON.stringify(it)}`);
  return `[\n${items.join(apart ? ',\n\n' : ',\n')}\n  ]`;
}
