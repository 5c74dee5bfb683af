/** A client's way to clew's own methods, opened with its first question: most clients never ask one. */
import type { InBand, InBandOptions } from './open-in-band.ts';

export function openLazyInBand(options: InBandOptions): InBand {
  let opened: InBand | undefined;
  return {
    async take(line) {
      const { openInBand } = await import('./open-in-band.ts');
      opened ??= openInBand(options);
      await opened.take(line);
    },
    cancel: (line) => opened?.cancel(line) ?? false,
    close: async () => opened?.close(),
  };
}
