/** Puts what came of a session into its layer, so that whoever reads the file alone has it. */
import type { ShortLayer } from '../contract/types.gen.ts';
import { makeDigest } from './make-digest.ts';
import { orderKeys } from './order-keys.ts';
import { spellDigest } from './spell-digest.ts';

const lineLimit = 150;
const lengthLimit = 300;

export function withDigest(layer: ShortLayer): ShortLayer {
  const lines = spellDigest(makeDigest(layer)).trimEnd().split('\n');
  const digest = lines.slice(0, lineLimit).map((it) => it.slice(0, lengthLimit));
  return orderKeys({ ...layer, digest });
}
