/** What one step told of the files that it changes, with the texts, until a checkpoint keeps them. */
import type { Claim } from '../contract/types.gen.ts';
import type { Told } from '../undo/act.ts';

export type ToldLog = {
  add(claim: Inside, textOf: (blob: string) => string | undefined): void;
  /** Of these paths, in the order told. */
  list(paths: readonly string[]): readonly Kept[];
  drop(paths: readonly string[]): void;
};

/** A claim of a path of the workspace. */
type Inside = Omit<Claim, 'path'> & { readonly path: string; readonly from: string | undefined };

export type Kept = { readonly told: Told; readonly text: readonly string[] };

const claimLimit = 200;
/** Past that lines are not told apart anyway. */
const textLimit = 1 << 20;
const allTextLimit = 4 << 20;

export function openTold(): ToldLog {
  const kept = new Map<string, Kept>();
  let chars = 0;

  return {
    add({ path, from, operation, before, after, whole }, textOf) {
      const key = `${before} ${after} ${path}`;
      // A path alone tells nothing that the act's own paths do not.
      if (operation !== 'delete' && after === undefined) return;
      if (kept.has(key) || kept.size >= claimLimit) return;
      const text = [before, after].flatMap((blob) => (blob === undefined ? [] : [textOf(blob)]));
      const known = text.filter((it) => it !== undefined && it.length <= textLimit) as string[];
      const size = measure(known);
      // Half a claim would be another claim.
      if (known.length < text.length || chars + size > allTextLimit) return;
      chars += size;
      const told: Told = {
        path,
        ...(from === undefined ? {} : { from }),
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? {} : { after }),
        ...(whole === true ? { whole } : {}),
      };
      kept.set(key, { told, text: known });
    },
    drop(paths) {
      for (const [key, { told, text }] of kept) {
        if (!paths.includes(told.path)) continue;
        kept.delete(key);
        chars -= measure(text);
      }
    },
    list: (paths) => [...kept.values()].filter(({ told }) => paths.includes(told.path)),
  };
}

function measure(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}
