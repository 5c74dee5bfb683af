/** journal/reindex: build the index anew from the journals. */
import type { Handler } from '../context.ts';

export const journalReindex: Handler<'journal/reindex'> = async (context) => {
  const began = performance.now();
  const index = await context.index();
  const built = await index.rebuild(context.onProgress);
  return { ...built, tookMs: Math.round(performance.now() - began) };
};
