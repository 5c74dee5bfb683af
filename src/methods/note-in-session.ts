/** Notes something in a session: the run that records it hears of it, and without one its layer is written here. */
import type { ItemNoted } from '../contract/types.gen.ts';
import { foldShort } from '../layers/fold-short.ts';
import type { Context } from './context.ts';
import { openShelf } from './open-shelf.ts';

export async function noteInSession(
  context: Context,
  session: string,
  event: ItemNoted,
): Promise<void> {
  await context.record({ session, event });
  const shelf = openShelf(context);
  const kept = shelf.find(session);
  const writer = kept?.layer.through?.writer;
  if (kept === undefined || (writer !== undefined && context.running().has(writer))) return;
  const fold = foldShort(kept.layer, (path) => path);
  fold.hear({ writer: '', seq: 0, at: context.mint().at, mono: 0, session, event });
  await shelf.write(fold.layer(), kept.file);
}
