/** Whose are the changes between checkpoints: what one session, turn, step or undo did, and the evidence for it. */
import { isSameVersion } from '../snapshot/restore-step.ts';
import { type Act, type Actor, lineOf, type Told } from './act.ts';
import {
  type Bout,
  type Change,
  isEarlier,
  isLater,
  isOfRights,
  listBouts,
  listChanged,
  listLate,
  listNaming,
  type Marked,
  type Window,
} from './bouts.ts';

export type Scope = {
  readonly kind: 'session' | 'turn' | 'step' | 'undo';
  readonly id: string;
};

/** claimed: an act named the path. during: nobody else can have been it, as far as we know. */
export type Evidence = 'claimed' | 'during' | 'contested' | 'unclaimed';

export type PathEdit = Omit<Change, 'path'> & {
  /** By these texts the scope's own part in it can be told; nothing where it may have done more than it told. */
  readonly told?: readonly Told[];
};

/** All that one path went through in the scope. */
export type PathEdits = {
  readonly path: string;
  readonly evidence: Evidence;
  /** In order; one after the other leaves out what others did between them. */
  readonly edits: readonly PathEdit[];
  /** Others wrote in it between the same two checkpoints. */
  readonly isShared?: boolean;
  /** Who else may have been it. */
  readonly others: readonly string[];
};

/** `checkpoints` in the order they were taken; `windows` of those in question. */
export function gatherEdits(
  checkpoints: readonly Marked[],
  windows: readonly Window[],
  scope: Scope,
): PathEdits[] {
  const boutsAt = listBouts(checkpoints);
  const lateAt = listLate(checkpoints);
  const seenAt = new Map(checkpoints.map((it) => [it.id, it]));
  const changedAt = listChanged(windows);
  const gathered = new Map<string, Gathering>();
  for (const { id, changes } of windows) {
    const here = {
      id,
      changedAt,
      seen: seenAt.get(id) ?? {},
      known: boutsAt.get(id) ?? [],
      late: lateAt.get(id) ?? [],
    };
    if (!hasOwn(here.known, scope) && !hasOwn(here.late, scope)) continue;
    for (const change of changes) {
      const who = findWho(change, here, scope);
      if (who === undefined) continue;
      const found = judge(change, who, scope);
      if (found === undefined) continue;
      const told = listTold(change, who, scope);
      const edit = { ...trustUndo(change, found, scope), ...(told.length > 0 ? { told } : {}) };
      add(gathered, edit, found);
    }
  }
  return [...gathered.entries()]
    .map(([path, { evidence, edits, others }]) => ({ path, evidence, edits, others: [...others] }))
    .filter(({ edits }) => edits.length > 0);
}

/** A window, and who did what before and after it. */
type Here = {
  readonly id: string;
  readonly changedAt: ReadonlyMap<string, ReadonlySet<string>>;
  readonly seen: Pick<Marked, 'looked' | 'early'>;
  readonly known: readonly Bout[];
  readonly late: readonly Bout[];
};

function hasOwn(bouts: readonly Bout[], scope: Scope): boolean {
  return bouts.some(({ acts }) => acts.some((act) => isIn(scope, act.by)));
}

/** Who was at it while that was looked after. Only what would be nobody's is asked of those who began in the midst of the look. */
function findWho(change: Change, here: Here, scope: Scope): Candidates | undefined {
  const { id, changedAt, seen, known, late } = here;
  const at = { id, changedAt, isOfRights: isOfRights(change) };
  const nameIn = (bouts: readonly Bout[]) =>
    bouts.flatMap((bout) => listNaming(bout, change.path, at));
  const acts = known.flatMap((bout) => bout.acts);
  const who = {
    named: nameIn(known),
    acts: acts.filter((act) => !isEarlier(seen, change.path, act)),
  };
  if (judge(change, who, scope)?.evidence !== 'unclaimed') return who;
  const begun = late.map(({ acts: all, windows }) => ({
    acts: all.filter((act) => isLater(seen, change.path, act)),
    windows,
  }));
  const later = { named: nameIn(begun), acts: begun.flatMap((bout) => bout.acts) };
  if (later.acts.length > 0) return later;
  // Of a window that its own checkpoints are not of, the rest is none of its business.
  return hasOwn(known, scope) ? who : undefined;
}

export type Span = {
  /** The first and the last checkpoint that have to do with the scope. */
  readonly first: string;
  readonly end: string;
  /** By then all who may have acted meanwhile were looked after. */
  readonly last: string;
};

/** Undefined when there is none. */
export function findSpan(checkpoints: readonly Marked[], scope: Scope): Span | undefined {
  const isInside = ({ marks, acts }: Marked) =>
    marks[scope.kind] === scope.id || acts.some((act) => isIn(scope, act.by));
  const late = listLate(checkpoints);
  const isLateInside = ({ id }: Marked) =>
    (late.get(id) ?? []).some(({ acts }) => acts.some((act) => isIn(scope, act.by)));
  const first = checkpoints.find((it) => isInside(it) || isLateInside(it));
  const place = checkpoints.findLastIndex(isInside);
  const end = checkpoints[place];
  const seen = new Set<string>();
  const next = checkpoints.slice(place + 1).filter(({ marks }) => {
    const line = lineOf(marks);
    return line !== '' && !seen.has(line) && seen.add(line);
  });
  const last = next.at(-1) ?? end;
  return first && end && last && { first: first.id, end: end.id, last: last.id };
}

export function isIn({ kind, id }: Scope, by: Actor): boolean {
  return (by as Readonly<Record<string, string>>)[kind] === id;
}

type Candidates = { readonly named: readonly Act[]; readonly acts: readonly Act[] };
type Found = { readonly evidence: Evidence; readonly others: readonly string[] };

function judge(change: Change, { named, acts }: Candidates, scope: Scope): Found | undefined {
  const able = acts.filter(
    ({ reach }) => reach === 'anything' || (reach === 'removals' && change.after === undefined),
  );
  const candidates = named.length > 0 ? named : able;
  if (candidates.length === 0) return { evidence: 'unclaimed', others: [] };
  const others = candidates.filter((act) => !isIn(scope, act.by));
  if (others.length === candidates.length) return undefined;
  if (others.length > 0)
    return { evidence: 'contested', others: others.map(({ by }) => nameOf(by)) };
  return { evidence: named.length > 0 ? 'claimed' : 'during', others: [] };
}

/** What an undo made, it looked at before: nothing was there, also where ignore files hide the path. */
function trustUndo(change: Change, { evidence }: Found, { kind }: Scope): Change {
  if (change.unknown !== 'before' || kind !== 'undo' || evidence !== 'claimed') return change;
  const { unknown: _, ...known } = change;
  return known;
}

/** Nothing unless every act of the scope that can have changed the path told how, from what to what. */
function listTold({ path }: Change, { named, acts }: Candidates, scope: Scope): readonly Told[] {
  const isOwn = ({ by }: Act) => isIn(scope, by);
  if (acts.some((act) => isOwn(act) && act.reach === 'anything')) return [];
  const told = new Map<string, Told>();
  for (const act of named.filter(isOwn)) {
    const own = (act.told ?? []).filter((it) => it.path === path && it.from === undefined);
    const known = own.filter(({ before, after }) => before !== undefined && after !== undefined);
    if (known.length === 0) return [];
    for (const it of known) told.set(`${nameOf(act.by)} ${it.before} ${it.after}`, it);
  }
  return [...told.values()];
}

function nameOf(by: Actor): string {
  return 'undo' in by ? by.undo : by.step;
}

type Gathering = {
  evidence: Evidence;
  readonly edits: PathEdit[];
  readonly others: Set<string>;
};

/** From the surest to the least sure. */
const rank: readonly Evidence[] = ['claimed', 'during', 'unclaimed', 'contested'];

function add(
  gathered: Map<string, Gathering>,
  change: PathEdit & { readonly path: string },
  found: Found,
): void {
  const { path, ...edit } = change;
  const known = gathered.get(path);
  // What nobody claimed is another's edit to a path that the scope did write.
  if (known !== undefined && isOurs(known.evidence) && found.evidence === 'unclaimed') return;
  if (known === undefined || (known.evidence === 'unclaimed' && isOurs(found.evidence))) {
    gathered.set(path, { ...found, edits: [edit], others: new Set(found.others) });
    return;
  }
  join(known.edits, edit);
  for (const other of found.others) known.others.add(other);
  if (rank.indexOf(found.evidence) > rank.indexOf(known.evidence)) known.evidence = found.evidence;
}

function isOurs(evidence: Evidence): boolean {
  return evidence !== 'unclaimed';
}

/** Edits that follow each other are one; one that goes back to where it began is none. */
function join(edits: PathEdit[], next: PathEdit): void {
  const last = edits.at(-1);
  const follows =
    last !== undefined &&
    last.unknown !== 'after' &&
    next.unknown !== 'before' &&
    isSameVersion(last.after, next.before);
  if (!follows) {
    edits.push(next);
    return;
  }
  edits.pop();
  const { before, unknown } = last;
  if (unknown === undefined && next.unknown === undefined && isSameVersion(before, next.after))
    return;
  edits.push({
    ...(before ? { before } : {}),
    ...(next.after ? { after: next.after } : {}),
    ...(unknown === 'before' ? { unknown } : next.unknown ? { unknown: next.unknown } : {}),
    ...joinTold(last, next),
  });
}

/** The same claim may be told with more than one checkpoint. */
function joinTold({ told }: PathEdit, next: PathEdit): Pick<PathEdit, 'told'> {
  if (told === undefined || next.told === undefined) return {};
  const isNew = ({ before, after }: Told) =>
    !told.some((it) => it.before === before && it.after === after);
  return { told: [...told, ...next.told.filter(isNew)] };
}
