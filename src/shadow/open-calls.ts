/** What can be asked of a shadow repository, done by the one that is open in this process. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Calls } from './calls.ts';
import { goBack } from './go-back.ts';
import { measureShadow } from './measure-shadow.ts';
import type { Background } from './open-background.ts';
import type { Shadow } from './open-shadow.ts';
import { openTaker } from './open-taker.ts';

const pieceMs = 100;

export function openCalls(shadow: Shadow, background: Background): Calls {
  const take = openTaker(shadow, background);
  return {
    take,
    list: async () => shadow.list(),
    show: async (id) => shadow.show(id),
    diff: async (before, after) => shadow.diff(before, after),
    windows: async (first, last) => shadow.windows(first, last),
    versionAt: async (id, path) => shadow.versionAt(id, path) ?? null,
    versionsAt: async (id, paths) => shadow.versionsAt(id, paths),
    readBlob: async (oid) => readText(shadow, oid, 'base64'),
    async readTexts(oids) {
      const texts: (string | null)[] = [];
      let chars = 0;
      for (const oid of oids) {
        const text = readText(shadow, oid, 'latin1');
        texts.push(text);
        chars += text?.length ?? 0;
        if (chars > answerChars) break;
      }
      return texts;
    },
    plan: async (safety, target, paths) => shadow.plan(safety, target, paths),
    apply: async (id, steps, texts = [], allowsOutsideLinks = false) => {
      const bytes = texts.map((text) => Buffer.from(text, 'base64'));
      return shadow.apply(id, steps, { texts: bytes, allowsOutsideLinks });
    },
    goBack: async (order) => {
      const back = goBack(shadow, order);
      background.wake(true);
      return back;
    },
    pin: async (id) => {
      shadow.pin(id);
      return null;
    },
    unpin: async (id) => {
      shadow.unpin(id);
      return null;
    },
    prune: async (order) => shadow.prune(order),
    measure: async () => measureShadow(shadow.engine.store),
    async complete() {
      // In pieces: others may ask in between.
      while (shadow.engine.capture(pieceMs)) await wait(0);
      return measureShadow(shadow.engine.store);
    },
  };
}

/** Of one answer that has several texts: whoever else asks waits as long as it is made. */
const answerChars = 4 << 20;

function readText(shadow: Shadow, oid: string, encoding: 'base64' | 'latin1'): string | null {
  const bytes = shadow.readBlob(oid);
  if (bytes === undefined) return null;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(encoding);
}
