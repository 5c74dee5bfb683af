/** Notes something in a session: in the journal, and in its layer where no run does that. */
import type { ItemNoted } from '../contract/types.gen.ts';
import type { Context } from './context.ts';
import { tellRestingLayer } from './tell-resting-layer.ts';

export async function noteInSession(
  context: Context,
  session: string,
  event: ItemNoted,
): Promise<void> {
  await context.record({ session, event });
  await tellRestingLayer(context, session, event);
}
