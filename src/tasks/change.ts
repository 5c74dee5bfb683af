/** A change of one task: what it says, and the task with it. */
import { type Evidence, type EvidenceKind, evidenceKinds, type Mark, type Task } from './task.ts';

/** Fields that hold one text. */
export type Said = Partial<
  Readonly<Record<'title' | 'owner' | 'notes' | 'commit' | 'milestone', string | null>>
> & { readonly status?: Task['status'] };

export type Lists = Partial<Readonly<Record<'dependsOn' | EvidenceKind, readonly string[]>>>;

export type Change = {
  /** Null takes it away. */
  readonly set?: Said;
  readonly add?: Lists;
  readonly remove?: Lists;
  readonly updated?: Mark;
};

export function applyChange(
  task: Task,
  { set = {}, add = {}, remove = {}, updated }: Change,
): Task {
  const merged = (key: keyof Lists, before: readonly string[]) => {
    const gone = remove[key] ?? [];
    const kept = before.filter((it) => !gone.includes(it));
    return [...kept, ...new Set((add[key] ?? []).filter((it) => !kept.includes(it)))];
  };
  const evidence = Object.fromEntries(
    evidenceKinds.map((it) => [it, merged(it, task.evidence[it])]),
  ) as unknown as Evidence;
  const { title, status, owner, notes, commit, milestone } = set;
  const target = withSet(task.target ?? {}, { commit, milestone });
  const { target: _, ...rest } = withSet(task, { owner, notes });
  return {
    ...(rest as Task),
    title: title ?? task.title,
    status: status ?? task.status,
    dependsOn: merged('dependsOn', task.dependsOn),
    evidence,
    ...(Object.keys(target).length === 0 ? {} : { target }),
    ...(updated === undefined ? {} : { updated }),
  };
}

/** Null takes a key away, undefined leaves it. */
function withSet<T extends object>(value: T, set: Record<string, string | null | undefined>): T {
  const all = { ...value } as Record<string, unknown>;
  for (const [key, it] of Object.entries(set)) {
    if (it === null) delete all[key];
    else if (it !== undefined) all[key] = it;
  }
  return all as T;
}
