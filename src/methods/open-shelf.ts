/** The short layers that the state methods ask. */
import { type LayerShelf, openLayerShelf } from '../store/open-layer-shelf.ts';
import type { Context } from './context.ts';

export function openShelf(context: Context): LayerShelf {
  const { root } = context.workspace;
  return openLayerShelf({ root, layers: context.folder().layers }, () => context.mint().at);
}
