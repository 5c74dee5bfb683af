/** The layer of a session that no run serves: whoever changes something of it writes it; a run hears of it by itself. */
import type { Event } from '../contract/types.gen.ts';
import { foldShort } from '../layers/fold-short.ts';
import { withDigest } from '../layers/with-digest.ts';
import { openLayerFile } from '../store/open-layer-file.ts';
import type { Context } from './context.ts';
import { openShelf } from './open-shelf.ts';

/** Does nothing where a run serves the session, or where it has no layer. */
export async function tellRestingLayer(
  context: Context,
  session: string,
  event: Event,
): Promise<void> {
  const shelf = openShelf(context);
  const kept = shelf.find(session);
  const writer = kept?.layer.through?.writer;
  if (kept === undefined || (writer !== undefined && context.running().has(writer))) return;
  const fold = foldShort(kept.layer, (path) => path);
  fold.hear({ writer: '', seq: 0, at: context.mint().at, mono: 0, session, event });
  const file = openLayerFile(() => shelf, kept);
  if (event.type === 'drift-resolved') file.fork(event);
  await file.write(withDigest(fold.layer()));
}
