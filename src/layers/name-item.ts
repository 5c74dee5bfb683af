/** Makes an id for an item that has none: from what it says, so that two branches do not count into each other. */
import { spellCanonical } from './canonical.ts';
import type { Digest } from './fold-long.ts';
import type { FileItem } from './plan-import.ts';

const digits = 6;
/** There is only one, so that two who write it meet. */
const onlyOne = 'purpose';

/** `salt` tells apart what two people say in the same words at other times. */
export function nameItem({ section, value }: FileItem, digest: Digest, salt = ''): string {
  if (section === onlyOne) return onlyOne;
  const { id: _, ...said } = value;
  const kind = section.replace(/s$/, '');
  return `${kind}-${digest(spellCanonical([section, said, salt])).slice(0, digits)}`;
}
