/** The texts that passed last, by their blob ids: a claim has only the id, and a checkpoint soon keeps the text. */

export type RecentTexts = {
  /** Answers the id. */
  keep(blob: string, text: string): string;
  find(blob: string): string | undefined;
};

/** Past that a text is not told apart line by line. */
const textLimit = 1 << 20;
const allLimit = 4 << 20;
const countLimit = 1000;

export function openRecentTexts(): RecentTexts {
  const texts = new Map<string, string>();
  let chars = 0;

  function drop(blob: string): void {
    chars -= texts.get(blob)?.length ?? 0;
    texts.delete(blob);
  }

  return {
    keep(blob, text) {
      if (text.length > textLimit) return blob;
      drop(blob);
      texts.set(blob, text);
      chars += text.length;
      while (chars > allLimit || texts.size > countLimit) {
        const [oldest] = texts.keys();
        if (oldest === undefined) break;
        drop(oldest);
      }
      return blob;
    },
    find: (blob) => texts.get(blob),
  };
}
