/**
 * Folds every change of the project's state into what stands now. Each change says which versions of an item
 * it replaces, so that the outcome is the same in whatever order changes come, and two that replace the same
 * version stand side by side until somebody chooses: no clock decides.
 */
import type { ItemChange, LongLayer, StateConflict, StateItem } from '../contract/types.gen.ts';
import { boundLong, type LongBudget } from './bound-long.ts';
import { spellCanonical } from './canonical.ts';

export type Section = ItemChange['section'];
export const sections = [
  ...(['purpose', 'milestones', 'checkpoints', 'decisions', 'questions', 'tasks'] as const),
] as const satisfies readonly Section[];

export type Version = {
  readonly version: string;
  readonly section: Section;
  readonly was: readonly string[];
  /** Left out where it was removed. */
  readonly value?: StateItem;
  readonly at: string;
  readonly how: string;
  readonly by: string;
};

export type Change = Omit<Version, 'version'> & { readonly id: string };

export type LongFold = {
  /** Answers the version that it makes; the same for the same change. */
  take(change: Change): string;
  /** The versions of an item that nothing has replaced; those of the same content count once. */
  heads(id: string): readonly Version[];
  /** The names of all that stand, also of those that say the same: who changes the item replaces them all. */
  standing(id: string): readonly string[];
  /** All that were ever known of it. */
  versions(id: string): readonly Version[];
  ids(): Iterable<string>;
  layer(budget?: LongBudget): LongLayer;
  conflicts(): StateConflict[];
};

/** Checksum of a text, in hexadecimal digits. */
export type Digest = (text: string) => string;

const versionDigits = 12;

export function foldLong(digest: Digest): LongFold {
  const items = new Map<string, Map<string, Version>>();

  function nameVersion({ id, section, was, value }: Change): string {
    const spelled = spellCanonical([id, section, [...was].sort(), value ?? null]);
    return digest(spelled).slice(0, versionDigits);
  }

  function listStanding(id: string): Version[] {
    const all = [...(items.get(id)?.values() ?? [])];
    const replaced = new Set(all.flatMap((it) => it.was));
    return all.filter((it) => !replaced.has(it.version));
  }

  function heads(id: string): Version[] {
    const standing = listStanding(id);
    const distinct = new Map<string, Version>();
    for (const it of standing.sort((a, b) => (a.version < b.version ? -1 : 1))) {
      const key = contentOf(it);
      if (!distinct.has(key)) distinct.set(key, it);
    }
    return [...distinct.values()];
  }

  function conflicts(): StateConflict[] {
    return [...items.keys()].sort().flatMap((id) => {
      const sides = heads(id);
      const [first] = sides;
      if (first === undefined || sides.length === 1) return [];
      const told = sides.map(({ version, at, how, by, value }) => ({
        ...{ version, at, how, by },
        ...(value === undefined ? {} : { value }),
      }));
      return [{ id, section: first.section, sides: told }];
    });
  }

  return {
    take(change) {
      const version = nameVersion(change);
      const { id, ...rest } = change;
      const known = items.get(id) ?? new Map<string, Version>();
      items.set(id, known);
      if (!known.has(version)) known.set(version, { version, ...rest });
      return version;
    },
    heads,
    standing: (id) =>
      listStanding(id)
        .map((it) => it.version)
        .sort(),
    versions: (id) => [...(items.get(id)?.values() ?? [])],
    ids: () => items.keys(),
    conflicts,
    layer(budget) {
      const standing = [...items.keys()].sort().flatMap(heads);
      const of = (section: Section) =>
        standing
          .filter((it) => it.section === section)
          .flatMap((it) => (it.value === undefined ? [] : [it.value]));
      return boundLong(
        {
          version: 1,
          purpose: of('purpose'),
          milestones: of('milestones'),
          checkpoints: of('checkpoints'),
          decisions: of('decisions'),
          questions: of('questions'),
          tasks: of('tasks'),
          conflicts: conflicts(),
        },
        budget,
      );
    },
  };
}

/** What two versions have to share to be the same to a reader. */
export function contentOf({ section, value }: Pick<Version, 'section' | 'value'>): string {
  return spellCanonical([section, value ?? null]);
}
