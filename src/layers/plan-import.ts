/** Decides what somebody changed in the file of the project's state, against what it was written as. */
import type { ItemChange, StateItem } from '../contract/types.gen.ts';
import { contentOf, type LongFold, type Section, type Version } from './fold-long.ts';

export type FileItem = { readonly section: Section; readonly value: StateItem };

export type ImportGround = {
  /** Of each item the versions that stood in the file when it was last read or written. */
  readonly synced: ReadonlyMap<string, readonly string[]>;
  /**
   * here: the file was edited, or what git brought grew out of what was here. elsewhere: another commit was
   * checked out, whose file says nothing about what was in this one.
   */
  readonly from: 'here' | 'elsewhere';
};

/** `nameItem` makes an id for an item that somebody wrote without one. */
export function planImport(
  items: readonly FileItem[],
  fold: LongFold,
  ground: ImportGround,
  nameItem: (item: FileItem) => string,
): ItemChange[] {
  const byId = new Map<string, FileItem[]>();
  for (const item of items) {
    const id =
      typeof item.value.id === 'string' && item.value.id !== '' ? item.value.id : nameItem(item);
    const named = { section: item.section, value: { ...item.value, id } };
    byId.set(id, [...(byId.get(id) ?? []), named]);
  }
  const ids = new Set([...byId.keys(), ...ground.synced.keys()]);
  return [...ids].sort().flatMap((id) => planItem(id, byId.get(id) ?? [], fold, ground));
}

function planItem(
  id: string,
  found: readonly FileItem[],
  fold: LongFold,
  { synced, from }: ImportGround,
): ItemChange[] {
  const known = fold.versions(id);
  const seen = new Set(synced.get(id) ?? []);
  // A removal has no line that could be gone.
  const before = known.filter((it) => seen.has(it.version) && it.value !== undefined);
  const contents = new Map(found.map((it) => [contentOf(it), it]));
  const kept = before.filter((it) => contents.has(contentOf(it)));
  const gone = before.filter((it) => !contents.has(contentOf(it)));
  const was = new Set(before.map(contentOf));
  const fresh = [...contents].filter(([content]) => !was.has(content)).map(([, item]) => item);
  // Nobody knows what it was made of.
  if (from === 'elsewhere' || !synced.has(id)) return planForeign(id, fresh, known);
  if (fresh.length === 0) return planRemoval(id, { kept, gone });
  // A line beside one that stayed is another answer to what that one replaced, not its successor.
  const replaced = gone.length > 0 ? namesOf(gone) : kept.flatMap((it) => it.was);
  return fresh.map(({ section, value }) => ({ id, section, was: replaced, value }));
}

/** An old version of ours is no news; anything else stands beside what stands here. */
function planForeign(
  id: string,
  fresh: readonly FileItem[],
  known: readonly Version[],
): ItemChange[] {
  const contents = new Set(known.map(contentOf));
  return fresh
    .filter((it) => !contents.has(contentOf(it)))
    .map(({ section, value }) => ({ id, section, was: [], value }));
}

function planRemoval(
  id: string,
  { kept, gone }: { kept: readonly Version[]; gone: readonly Version[] },
): ItemChange[] {
  const [first] = gone;
  if (first === undefined) return [];
  const [only] = kept;
  // Of the sides of a conflict one was left: that is the answer.
  if (only !== undefined && new Set(kept.map(contentOf)).size === 1) {
    const { section, value } = only;
    const was = namesOf([...kept, ...gone]);
    return [{ id, section, was, ...(value === undefined ? {} : { value }) }];
  }
  return [{ id, section: first.section, was: namesOf(gone) }];
}

const namesOf = (versions: readonly Version[]) => versions.map((it) => it.version).sort();
