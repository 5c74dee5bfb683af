/** Reads the texts of versions out of the shadow repository: several at once, and the last ones kept. */
import type { Calls } from '../shadow/calls.ts';

export type TextReader = {
  /** One character a byte; undefined when it was never captured or is damaged. */
  read(oid: string): Promise<string | undefined>;
  readBytes(oid: string): Promise<Uint8Array | undefined>;
  /** All at once, for whoever asks for them one after the other. */
  fetch(oids: readonly (string | undefined)[]): Promise<void>;
};

const keptBytes = 32 << 20;
/** So many are asked for at once: the keeper reads the next while these are looked at. */
const together = 32;

export function openTextReader(keeper: Pick<Calls, 'readTexts'>): TextReader {
  const texts = new Map<string, string | undefined>();
  let chars = 0;

  async function read(oid: string): Promise<string | undefined> {
    if (texts.has(oid)) return texts.get(oid);
    const [found] = await keeper.readTexts([oid]);
    keep(oid, found ?? undefined);
    return found ?? undefined;
  }

  function keep(oid: string, text: string | undefined): void {
    if (texts.has(oid)) return;
    texts.set(oid, text);
    chars += text?.length ?? 0;
    for (const [oldest, its] of texts) {
      if (chars <= keptBytes || oldest === oid) break;
      texts.delete(oldest);
      chars -= its?.length ?? 0;
    }
  }

  return {
    read,
    async readBytes(oid) {
      const text = await read(oid);
      return text === undefined ? undefined : Buffer.from(text, 'latin1');
    },
    async fetch(oids) {
      const missing = [...new Set(oids)].flatMap((it) =>
        it === undefined || texts.has(it) ? [] : [it],
      );
      const parts: string[][] = [];
      for (let at = 0; at < missing.length; at += together)
        parts.push(missing.slice(at, at + together));
      await Promise.all(parts.map(fetchPart));
    },
  };

  /** An answer has as many of them as it may hold. */
  async function fetchPart(oids: readonly string[]): Promise<void> {
    for (let left = oids; left.length > 0; ) {
      const found = await keeper.readTexts(left);
      for (const [at, text] of found.entries()) keep(left[at] ?? '', text ?? undefined);
      left = left.slice(Math.max(1, found.length));
    }
  }
}
