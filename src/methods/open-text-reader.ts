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

export function openTextReader(keeper: Pick<Calls, 'readBlob' | 'readBlobs'>): TextReader {
  const texts = new Map<string, string | undefined>();
  let chars = 0;

  async function read(oid: string): Promise<string | undefined> {
    if (texts.has(oid)) return texts.get(oid);
    return keepFound(oid, await keeper.readBlob(oid));
  }

  function keepFound(oid: string, found: string | null): string | undefined {
    const text = found === null ? undefined : Buffer.from(found, 'base64').toString('latin1');
    keep(oid, text);
    return text;
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
      let missing = [...new Set(oids)].flatMap((it) =>
        it === undefined || texts.has(it) ? [] : [it],
      );
      while (missing.length > 0) {
        const found = await keeper.readBlobs(missing);
        for (const [at, text] of found.entries()) keepFound(missing[at] ?? '', text);
        missing = missing.slice(Math.max(1, found.length));
      }
    },
  };
}
