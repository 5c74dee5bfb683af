/** The text of `project_state.json`: every item a line that ends alike, so that lines can be added on two branches. */
import type { LongLayer } from '../contract/types.gen.ts';
import { sections } from './fold-long.ts';
import { spellLayer } from './spell-layer.ts';

/** Stands last in each list, so that no item's line ends without a comma. */
const last = {};

export function spellLong({ version, conflicts, earlier, ...lists }: LongLayer): string {
  const closed = sections.map((it) => [it, [...lists[it], last]] as const);
  // Only which: the sides stand below, one line each.
  const contested = Object.fromEntries(conflicts.map(({ id, section }) => [id, section]));
  const told = conflicts.length === 0 ? {} : { conflicts: contested };
  // One line each, and never the last.
  const about = { version, ...(earlier && { earlier }), ...told };
  return spellLayer({ ...about, ...Object.fromEntries(closed) }, true);
}
