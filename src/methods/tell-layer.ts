/** A layer as it should be told: one whose run died goes on saying that it is open. */
import type { ShortLayer } from '../contract/types.gen.ts';
import type { Context } from './context.ts';

export function tellLayer(layer: ShortLayer, context: Context): ShortLayer {
  const writer = layer.through?.writer;
  const isOver = layer.state === 'open' && !(writer && context.running().has(writer));
  return isOver ? { ...layer, state: 'ended' } : layer;
}
