/** What steps told of files when a look was not kept, since nothing was new: an earlier one may have seen what they did. */
import type { Act } from '../undo/act.ts';

export type Echo = { readonly act: Act; readonly text: readonly string[] };

export type Echoes = {
  add(echo: Echo): void;
  /** All that no checkpoint has. */
  list(): readonly Echo[];
  /** A checkpoint has them now. */
  drop(echoes: readonly Echo[]): void;
};

const limit = 50;

/** The words alone go on: a path that is named would be a claim to what becomes of it later. */
export function openEchoes(): Echoes {
  const echoes = new Set<Echo>();
  return {
    add({ act, text }) {
      if (text.length === 0 || act.failed === true || echoes.size >= limit) return;
      echoes.add({ act: { ...act, paths: [], reach: 'named' }, text });
    },
    list: () => [...echoes],
    drop(done) {
      for (const it of done) echoes.delete(it);
    },
  };
}
