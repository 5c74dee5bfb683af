/** Spells a layer so that git can merge it: keys in one order, one item to a line. */

/** Lists stand last, each item on a line of its own; everything else is one line a key. */
export function spellLayer(layer: object): string {
  const entries = Object.entries(layer).filter(([, value]) => value !== undefined);
  const lines = entries.map(([key, value]) => `  ${JSON.stringify(key)}: ${spellValue(value)}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}

function spellValue(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return JSON.stringify(value);
  return `[\n${value.map((it) => `    ${JSON.stringify(it)}`).join(',\n')}\n  ]`;
}
