/** What giving overwritten lines back would do: the change that was lost, merged onto what is there now. */
import type { UndoPlan } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import type { Calls } from '../shadow/calls.ts';
import { splitLines } from '../snapshot/edit-lines.ts';
import type { Version } from '../snapshot/restore-step.ts';
import { mergeKeepingBoth } from '../undo/merge-lines.ts';
import {
  type Choice,
  type PathHistory,
  planRestore,
  type RestorePlan,
} from '../undo/plan-restore.ts';
import type { Context } from './context.ts';
import { type Alert, findAlert } from './find-alert.ts';
import { nameText } from './name-text.ts';
import { openChooser } from './open-chooser.ts';
import { orderLook } from './order-look.ts';
import type { Prepared } from './prepare-undo.ts';
import { readTexts, type Texts } from './read-texts.ts';

type Wish = UndoPlan['params'] & { readonly lost: string };

/** Looks at the disk, and changes nothing. */
export async function prepareLost(context: Context, wish: Wish): Promise<Prepared> {
  checkAlone(wish);
  const alert = findAlert(context, wish.lost);
  const keeper = await context.keeper();
  const look = await keeper.take({ ...orderLook(context), paths: [alert.path] });
  const [now = null] = await keeper.versionsAt(look.id, [alert.path]);
  if ((await keeper.readBlob(alert.before)) === null)
    throw new Failure('restore-refused', `what was lost in ${alert.path} is not kept any more`, {
      data: { alert: alert.alert, path: alert.path },
      hint: 'its checkpoint was pruned',
    });
  const known = await findKnown(keeper, alert);
  const history = tellHistory({ ...alert, known: known.oid }, now, await findLost(keeper, alert));
  const texts = await readTexts(keeper, [history]);
  texts.keep('', nameText(''));
  if (known.made !== undefined) texts.keep(...known.made);
  const chooser = openChooser(context, wish.choices ?? {});
  const chosen = chooser(alert.path);
  const sources = {
    readText: texts.read,
    nameText: (text: string) => texts.keep(text, nameText(text)),
    // To merge is what it is about; nobody need ask for it.
    chooseFor: (): Choice => (chosen === 'refuse' ? 'merge' : chosen),
  };
  const planned = planRestore([history], sources);
  const plan = chosen === 'merge' && !planned.ready ? keepBoth(history, planned, texts) : planned;
  return {
    of: { kind: 'lost', id: alert.alert },
    session: alert.session,
    plan,
    edits: [],
    steps: plan.steps,
    texts: texts.listNew(plan.steps.flatMap(({ want }) => want?.oid ?? [])),
  };
}

type Known = { readonly oid: string | null; readonly made?: readonly [text: string, oid: string] };

/** What was never saved is in no checkpoint: then what went stands for all that the agent did not know. */
async function findKnown(keeper: Calls, { known, before, lost }: Alert): Promise<Known> {
  if (known === null || (await keeper.readBlob(known)) !== null) return { oid: known };
  const kept = (await keeper.readBlob(before)) ?? '';
  const lines = splitLines(Buffer.from(kept, 'base64').toString('latin1'));
  const isLost = (at: number) => lost.some(({ line, count }) => line <= at && at < line + count);
  const text = lines.filter((_, at) => !isLost(at + 1)).join('');
  const oid = nameText(text);
  return { oid, made: [text, oid] };
}

function checkAlone({ of, paths, hunks }: Wish): void {
  const beside = [of === undefined ? undefined : 'of', paths && 'paths', hunks && 'hunks'];
  const [first] = beside.filter((it) => it !== undefined);
  if (first === undefined) return;
  throw new Failure('invalid-params', `an alert is of one file, and takes no ${first} beside it`, {
    data: { param: first },
    hint: 'name the alert alone',
  });
}

/**
 * To undo what made the version that the agent knew out of the one that it overwrote: that gives back
 * just what was done in between, by whoever it was.
 */
function tellHistory(
  { path, known, before, after }: Alert,
  now: Version | 'unknown' | null,
  lost: Version,
): PathHistory {
  const there = now === 'unknown' || now?.mode === '040000' ? undefined : (now ?? undefined);
  const mode = there?.mode ?? lost.mode;
  // The agent took the whole file away, and nobody made another one.
  const isGone = after === null && there === undefined;
  return {
    path,
    before: there === undefined ? lost : { mode, oid: before },
    ...(isGone ? {} : { after: { mode, oid: known ?? nameText('') } }),
    ...(there === undefined ? {} : { now: there }),
    ...(now === 'unknown' ? { unknown: 'now' as const } : {}),
  };
}

/** As the newest checkpoint has it that still had it; where none does, it is for nobody but its owner. */
async function findLost(keeper: Calls, { path, before }: Alert): Promise<Version> {
  const checkpoints = await keeper.list();
  for (const { id } of checkpoints.slice(-lookLimit).reverse()) {
    const [version = null] = await keeper.versionsAt(id, [path]);
    if (version !== null && version !== 'unknown' && version.oid === before) return version;
  }
  return { mode: '100644', oid: before, rights: 'unseen' };
}

const lookLimit = 100;

/** Where both changed the same place, a person may still want to have the lines of both. */
function keepBoth(history: PathHistory, planned: RestorePlan, texts: Texts): RestorePlan {
  const { path, before, after, now } = history;
  const [was, became, is] = [before, after, now].map((it) => it && texts.read(it.oid));
  if (was === undefined || became === undefined || is === undefined || !now) return planned;
  const text = mergeKeepingBoth({ before: was, after: became, now: is });
  const want = { mode: now.mode, oid: texts.keep(text, nameText(text)) };
  const why = 'the lines of both stand there then: look at them';
  return {
    paths: [{ path, kind: 'foreign', outcome: 'merged', lost: [], why }],
    steps: [{ path, found: now, want }],
    merged: new Map([[want.oid, text]]),
    ready: true,
  };
}
