/** Decides what of a session's layer goes into the project's state: what was decided, what is asked, and where it stood. */
import type { ItemChange, ShortLayer, StateItem } from '../contract/types.gen.ts';
import { contentOf, type LongFold, type Section } from './fold-long.ts';

export type Roll = {
  readonly why: 'commit' | 'session ended' | 'task done';
  /** Which commit, for a roll of that kind. */
  readonly commit?: string;
  /** Of a task: what it was. */
  readonly text?: string;
};

const commitDigits = 12;
const sessionDigits = 6;

/** Rolling again what was rolled changes nothing. */
export function planRoll(layer: ShortLayer, fold: LongFold, roll: Roll): ItemChange[] {
  const origin = { session: layer.session };
  const carried = roll.why === 'commit' ? roll.commit : undefined;
  const said = (['decisions', 'questions'] as const).flatMap((section) =>
    layer[section].map(({ commit, ...item }) => {
      const commits = commit ?? carried;
      const value = {
        ...item,
        ...(commits && section === 'decisions' && { commit: commits }),
        origin,
      };
      return { section, value };
    }),
  );
  const stood = tellStood(layer, roll);
  const items = [...said, ...(stood === undefined ? [] : [stood])];
  return items.flatMap(({ section, value }) => planItem(section, value, fold));
}

/** What somebody made of it since stays as it is; only the commit that carries a decision is added once. */
function planItem(section: Section, value: StateItem, fold: LongFold): ItemChange[] {
  const { id } = value;
  const [standing, ...others] = fold.heads(id);
  if (standing === undefined)
    return fold.versions(id).length > 0 ? [] : [{ id, section, was: [], value }];
  if (others.length > 0 || standing.value === undefined) return [];
  if (standing.value.commit !== undefined || value.commit === undefined) return [];
  const carried = { ...standing.value, commit: value.commit };
  if (contentOf({ section, value: carried }) === contentOf(standing)) return [];
  return [{ id, section: standing.section, was: [...fold.standing(id)], value: carried }];
}

type Stood = { readonly section: Section; readonly value: StateItem };

function tellStood(layer: ShortLayer, { why, commit: asked, text: told }: Roll): Stood | undefined {
  const { session, branch, head, updatedAt, checkpoints, commits, turns } = layer;
  const checkpoint = checkpoints.at(-1)?.id;
  const commit = asked ?? head;
  const landed = commits.findLast((it) => it.commit === commit);
  if (turns.length === 0 || (commit === undefined && checkpoint === undefined)) return undefined;
  const end = session.slice(-sessionDigits).toLowerCase();
  const place = commit?.slice(0, commitDigits) ?? 'end';
  const text = told ?? landed?.message;
  const value: StateItem = {
    id: `checkpoint-${place}-${end}`,
    ...(text === undefined ? {} : { text }),
    at: landed?.at ?? updatedAt,
    ...(branch === undefined ? {} : { branch }),
    ...(commit === undefined ? {} : { commit }),
    ...(checkpoint === undefined ? {} : { checkpoint }),
    why,
    origin: { session },
  };
  return { section: 'checkpoints', value };
}
