/** Fetches the texts that the next windows will be explained with: many at once, and none that a claim tells. */
import type { FileChange } from '../attribution/fold-window.ts';
import type { Suspects } from './open-suspects.ts';
import type { TextReader } from './open-text-reader.ts';

type Changes = { readonly id: string; readonly changes: readonly FileChange[] };

/** So many files are looked at together, and as many are read meanwhile. */
const batch = 32;

/** To be awaited with each part of a window, in the order of `parts`, before that is folded. */
export function openFetcher(
  parts: readonly Changes[],
  suspects: Suspects,
  texts: TextReader,
): (at: number) => Promise<void> {
  const made = new Set<string>();
  let [end, asked] = [0, 0];
  let ahead: Promise<void> | undefined;

  function listTexts({ id, changes }: Changes): string[] {
    return changes.flatMap(({ path, before, after }) => {
      const told = suspects.listTold(id, path);
      const claimed = told.flatMap((it) => [it.before, it.after]);
      // What came of an earlier change is at hand, unless that was long ago.
      const isMade = before !== undefined && made.has(before.oid);
      const needed = [isMade ? undefined : before?.oid, told.length > 0 ? undefined : after?.oid];
      if (after !== undefined) made.add(after.oid);
      return [...claimed, ...needed].flatMap((it) => it ?? []);
    });
  }

  function fetchNext(): Promise<void> {
    const wanted: string[] = [];
    for (let files = 0; asked < parts.length && files < batch; asked += 1) {
      const part = parts[asked] as Changes;
      files += part.changes.length;
      wanted.push(...listTexts(part));
    }
    const next = texts.fetch(wanted);
    // Whoever waits for it hears of it; until then nobody need.
    next.catch(() => undefined);
    return next;
  }

  return async (at) => {
    while (end <= at && end < parts.length) {
      await ahead;
      end = asked;
      // The next ones are read while these are explained.
      ahead = fetchNext();
    }
  };
}
