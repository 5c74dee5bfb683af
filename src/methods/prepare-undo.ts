/** What an undo would do: whose changes are meant, what the disk has by now, and what may be touched. */
import type { UndoPlan } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import type { Calls } from '../shadow/calls.ts';
import type { Checkpoint, Taken } from '../shadow/order.ts';
import type { RestoreStep, Version } from '../snapshot/restore-step.ts';
import { findScope } from '../undo/find-scope.ts';
import { findSpan, gatherEdits, isIn, type PathEdits, type Scope } from '../undo/gather-edits.ts';
import { isTorn } from '../undo/is-torn.ts';
import { type PathHistory, planRestore, type RestorePlan } from '../undo/plan-restore.ts';
import type { Context } from './context.ts';
import { nameText } from './name-text.ts';
import { narrowToHunks } from './narrow-to-hunks.ts';
import { openChooser } from './open-chooser.ts';
import { orderLook } from './order-look.ts';
import { readTexts } from './read-texts.ts';
import { relativePath } from './relative-path.ts';
import { separateOwn } from './separate-own.ts';
import { takeWhole } from './take-whole.ts';

export type Prepared = {
  readonly of: { readonly kind: Scope['kind'] | 'lost'; readonly id: string };
  /** The session that it belongs to, where it belongs to one. */
  readonly session: string | undefined;
  readonly plan: RestorePlan;
  readonly edits: readonly PathEdits[];
  /** With the folders that become empty. */
  readonly steps: readonly RestoreStep[];
  /** Texts that no checkpoint has, in base64. */
  readonly texts: readonly string[];
};

type Wish = UndoPlan['params'];

/** Looks at the disk, and changes nothing. */
export async function prepareUndo(context: Context, wish: Wish): Promise<Prepared> {
  context.folder();
  const keeper = await context.keeper();
  const checkpoints = await keeper.list();
  const of = findScope(checkpoints, wish.of);
  const gathered = await gather(context, { keeper, checkpoints, of, wish });
  const { edits, texts: rests } = await separateOwn(keeper, gathered);
  const paths = edits.map(({ path }) => path);
  const look = await lookAt(context, keeper, paths);
  const now = await keeper.versionsAt(look.id, paths);
  const folders = new Set(paths.filter((_, place) => isFolder(now[place] ?? null)));
  const histories = edits.map((edit, place) =>
    tellHistory(edit, now[place] ?? null, gathered[place]?.edits[0]?.before),
  );
  const texts = await readTexts(keeper, histories);
  for (const [oid, text] of rests) texts.keep(text, oid);
  const narrowed = narrowToHunks(histories, wish.hunks, texts);
  const plan = planRestore(narrowed, {
    readText: texts.read,
    nameText: (text) => texts.keep(text, nameText(text)),
    chooseFor: openChooser(context, wish.choices ?? {}),
  });
  const empties = await planFolders({ keeper, checkpoints, of, wish }, plan.steps, {
    asked: wish.paths?.map((it) => relativePath(context, it)),
    now: look.id,
  });
  return {
    of,
    session: sessionOf(checkpoints, of),
    plan,
    edits,
    steps: [...plan.steps.map((step) => meetFolder(step, folders)), ...empties],
    texts: texts.listNew(plan.steps.flatMap(({ want }) => want?.oid ?? [])),
  };
}

/** What is ignored by now is seen only where it is named, and would be written over. */
async function lookAt(context: Context, keeper: Calls, paths: readonly string[]): Promise<Taken> {
  const taken = await takeWhole(keeper, orderLook(context));
  const now = await keeper.versionsAt(taken.id, paths);
  const hidden = paths.filter((_, place) => now[place] === null);
  return hidden.length === 0 ? taken : keeper.take({ ...orderLook(context), paths: hidden });
}

type Question = {
  readonly keeper: Calls;
  readonly checkpoints: readonly Checkpoint[];
  readonly of: Scope;
  readonly wish: Wish;
};

async function gather(
  context: Context,
  { keeper, checkpoints, of, wish }: Question,
): Promise<PathEdits[]> {
  const span = findSpan(checkpoints, of);
  refuseUnseen(checkpoints, of);
  if (isTorn(checkpoints, of)) throw refuseTorn(of);
  const windows = span === undefined ? [] : await keeper.windows(span.first, span.last);
  const end = windows.findIndex(({ id }) => id === span?.end);
  const cut = windows.slice(0, end + 1).find(({ isCut }) => isCut);
  if (cut !== undefined) throw refuseCut(checkpoints, of, cut.id);
  const asked = wish.paths?.map((it) => relativePath(context, it));
  const edits = gatherEdits(checkpoints, windows, of);
  const wanted = edits.filter(
    ({ path }) => asked === undefined || asked.some((it) => liesIn(path, it)),
  );
  if (asked !== undefined && wanted.length === 0)
    throw new Failure(
      'unknown-id',
      `${of.kind} ${of.id} did not change ${wish.paths?.join(', ')}`,
      {
        data: { of, changed: edits.slice(0, 20).map(({ path }) => path) },
        hint: `\`clew undo ${of.id.slice(-6).toLowerCase()} --dry-run\` lists what it changed`,
      },
    );
  return wanted;
}

/** To say that there is nothing to take back would be a guess. */
function refuseUnseen(checkpoints: readonly Checkpoint[], of: Scope): void {
  const own = checkpoints.filter(
    ({ marks, acts }) => marks[of.kind] === of.id || acts.some(({ by }) => isIn(of, by)),
  );
  const begun = own.findLast(({ marks }) => marks['reason'] === 'prompt');
  const isSeen = own.some(({ marks }) => !['prompt', 'opened'].includes(marks['reason'] ?? ''));
  if (begun === undefined || isSeen) return;
  throw new Failure(
    'restore-refused',
    `there is no checkpoint since ${of.kind} ${of.id} began: what it changed is not known`,
    {
      data: { of, before: begun.id },
      hint: `nothing was changed; \`clew diff ${begun.id}\` shows what differs from before it, and \`clew restore\` goes back there`,
    },
  );
}

/** What differs from the checkpoint before the gap is not for that reason its doing. */
function refuseTorn(of: Scope): Failure {
  const next =
    of.kind === 'session'
      ? 'turns of it that are whole can be undone one by one'
      : '`clew restore` goes back to a checkpoint, whoever changed what';
  const why = `checkpoints of ${of.kind} ${of.id} are gone: what it changed is not known`;
  return new Failure('restore-refused', why, {
    data: { of },
    hint: `nothing was changed; they were pruned, or cannot be read; ${next}`,
  });
}

function refuseCut(checkpoints: readonly Checkpoint[], of: Scope, id: string): Failure {
  const place = checkpoints.findIndex((it) => it.id === id);
  const isBlind = checkpoints[place - 1]?.degraded === 'still sweeping';
  const why = isBlind
    ? `${of.kind} ${of.id} began before all files had been looked at: what it changed among them is not known`
    : `${of.kind} ${of.id} changed too many files to undo`;
  const hint = isBlind
    ? 'nothing was changed; later ones can be undone, and `clew diff` shows what changed since a checkpoint that is whole'
    : 'go back to the checkpoint before it: `clew restore`';
  return new Failure('restore-refused', why, { data: { of }, hint });
}

function liesIn(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

function tellHistory(
  { path, edits, evidence, others, isShared }: PathEdits,
  now: Version | 'unknown' | null,
  before: Version | undefined,
): PathHistory {
  const after = edits.at(-1)?.after;
  const isUnknown = edits.some(({ unknown }) => unknown === 'before');
  return {
    path,
    ...(before ? { before } : {}),
    ...(after ? { after } : {}),
    ...(now !== null && now !== 'unknown' && !isFolder(now) ? { now } : {}),
    ...(edits.length > 1 || isShared ? { parts: edits } : {}),
    ...(evidence === 'contested' ? { contested: others } : {}),
    ...(evidence === 'unclaimed' ? { unclaimed: true } : {}),
    ...(isUnknown ? { unknown: 'before' as const } : {}),
    ...(now === 'unknown' ? { unknown: 'now' as const } : {}),
  };
}

/** A folder in a file's place is told by what is in it; by itself it is no version of the file. */
function isFolder(version: Version | 'unknown' | null): version is Version {
  return version !== null && version !== 'unknown' && version.mode === '040000';
}

/** It gives way if nothing is left in it; the checks before the first step see to that. */
function meetFolder(step: RestoreStep, folders: ReadonlySet<string>): RestoreStep {
  return folders.has(step.path) ? { ...step, found: folder } : step;
}

/**
 * Folders that were not there before it go, once nothing is left in them; those that it took away
 * come back. Checkpoints compare files, so only what was named, or what files stood in, is looked at.
 */
async function planFolders(
  { keeper, checkpoints, of }: Question,
  steps: readonly RestoreStep[],
  { asked, now }: { readonly asked: readonly string[] | undefined; readonly now: string },
): Promise<RestoreStep[]> {
  const before = beforeOf(checkpoints, of);
  const named = listNamed(checkpoints, of).filter(
    (path) => asked === undefined || asked.some((it) => liesIn(path, it)),
  );
  const above = steps.filter(({ want }) => !want).flatMap(({ path }) => listAbove(path));
  // What a file goes into is made for it.
  const made = steps.filter(({ want }) => want).flatMap(({ path }) => listAbove(path));
  const going = new Map(steps.filter(({ want }) => !want).map((step) => [step.path, step.found]));
  const handled = new Set([...steps.filter(({ want }) => want).map(({ path }) => path), ...made]);
  const paths = [...new Set([...named, ...above])].filter((path) => !handled.has(path));
  if (before === undefined || paths.length === 0) return [];
  const [was, is] = [await keeper.versionsAt(before, paths), await keeper.versionsAt(now, paths)];
  return paths.flatMap((path, place): RestoreStep[] => {
    const [then, there] = [was[place] ?? null, is[place] ?? null];
    const found = going.get(path);
    // An empty folder took a file's place, or a link's: that has a step of its own, and both say what was found.
    if (going.has(path)) return isFolder(then) && found ? [{ path, found, want: then }] : [];
    if (then === null && isFolder(there)) return [{ path, found: folder }];
    return isFolder(then) && there === null ? [{ path, want: then }] : [];
  });
}

const folder = { mode: '040000', oid: '' } as const;

function listNamed(checkpoints: readonly Checkpoint[], of: Scope): string[] {
  return checkpoints.flatMap(({ acts }) =>
    acts.filter(({ by }) => isIn(of, by)).flatMap(({ paths }) => [...paths]),
  );
}

function listAbove(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, place) => names.slice(0, place + 1).join('/'));
}

function beforeOf(checkpoints: readonly Checkpoint[], of: Scope): string | undefined {
  const span = findSpan(checkpoints, of);
  const place = checkpoints.findIndex(({ id }) => id === span?.first);
  const first = checkpoints[place];
  return (first?.acts.length === 0 ? first : checkpoints[place - 1])?.id;
}

function sessionOf(checkpoints: readonly Checkpoint[], of: Scope): string | undefined {
  if (of.kind === 'session') return of.id;
  const inside = checkpoints.find(({ marks }) => marks[of.kind] === of.id);
  return inside?.marks['session'];
}
