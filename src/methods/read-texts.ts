/** The texts that planning an undo may have to compare or merge, read beforehand. */
import type { Calls } from '../shadow/calls.ts';
import { isSameContent } from '../snapshot/restore-step.ts';
import type { PathHistory } from '../undo/plan-restore.ts';

export type Texts = {
  /** One character a byte; undefined when it is not text, too large, or not there. */
  read(oid: string): string | undefined;
  /** Adds a text that was made here; answers its id. */
  keep(text: string, oid: string): string;
  /** Of these, those that were made here, in base64. */
  listNew(oids: readonly string[]): string[];
};

const limitBytes = 8 << 20;

/** `now` as the range left it needs no text at all: that is the usual case. */
export async function readTexts(keeper: Calls, histories: readonly PathHistory[]): Promise<Texts> {
  const texts = new Map<string, string | undefined>();
  const made = new Map<string, string>();
  for (const { before, after, now, parts } of histories) {
    const isOurs = isSameContent(now, after) && parts === undefined && histories.length > 1;
    if (isOurs) continue;
    const versions = [before, after, now, ...(parts ?? []).flatMap((it) => [it.before, it.after])];
    for (const version of versions)
      if (version?.mode.startsWith('100') && !texts.has(version.oid))
        texts.set(version.oid, await readText(keeper, version.oid));
  }
  return {
    read: (oid) => made.get(oid) ?? texts.get(oid),
    keep(text, oid) {
      made.set(oid, text);
      return oid;
    },
    listNew: (oids) =>
      oids.flatMap((oid) => {
        const text = made.get(oid);
        return text === undefined ? [] : [Buffer.from(text, 'latin1').toString('base64')];
      }),
  };
}

async function readText(keeper: Calls, oid: string): Promise<string | undefined> {
  const read = await keeper.readBlob(oid);
  if (read === null || limitBytes < read.length) return undefined;
  const text = Buffer.from(read, 'base64').toString('latin1');
  return text.includes('\0') ? undefined : text;
}
