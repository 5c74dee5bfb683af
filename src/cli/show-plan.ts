/** Lays out an undo or a restore for people: what happens to each path and why, and what came of it. */
import type { PathPlan, UndoApply } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import { showCount } from './amounts.ts';
import { type Cell, layOut } from './grid.ts';
import type { Io } from './io.ts';
import { openPaint, type Paint } from './paint.ts';
import { showLine } from './printable.ts';
import { shortId } from './show-log.ts';
import { cutToWidth } from './width.ts';

type Result = UndoApply['result'];

export type PlanScreen = Pick<Io, 'columns' | 'usesColor'> & {
  /** Nothing was to be done. */
  readonly isTrial: boolean;
  /** What was typed, without the choices for what still asks. */
  readonly command: string;
  /** A merge was tried wherever it still asks. */
  readonly isMerged?: boolean;
  /** A path of the workspace, as it is typed where we are. */
  readonly toHere: (path: string) => string;
};

const refusedExit = new Failure('restore-refused', 'a path asks').exitCode;

export function judgePlan({ ready, skipped = [] }: Result): number {
  return ready && skipped.length === 0 ? 0 : refusedExit;
}

export function showPlan(result: Result, screen: PlanScreen): string {
  const paint = openPaint(screen);
  const { of, paths } = result;
  const parts = [
    [paint(`${nameDeed(of.kind)} ${shortId(of.id)}`, 'strong'), ...showPaths(paths, screen, paint)],
    showOutcome(result, screen, paint),
  ];
  return `${parts
    .filter((it) => it.length > 0)
    .map((it) => it.join('\n'))
    .join('\n\n')}\n`;
}

function nameDeed(kind: Result['of']['kind']): string {
  if (kind === 'lost') return 'giving back what was overwritten, alert';
  return kind === 'checkpoint' ? 'back to checkpoint' : `undo of ${kind}`;
}

/** The columns: what happens, path, why. */
const yields = [
  [2, 12],
  [1, 16],
  [2, 0],
] as const;

/** More of them would hide the end. */
const pathLimit = 200;
const lostLimit = 8;

function showPaths(paths: readonly PathPlan[], screen: PlanScreen, paint: Paint): string[] {
  const shown = paths.filter(({ outcome }) => outcome !== 'none');
  const same = paths.length - shown.length;
  const first = shown.slice(0, pathLimit);
  const rows = first.map((it) => showPath(it, paint));
  const laid = layOut(rows, { indent: '  ', columns: screen.columns, yields });
  const lines = first.flatMap((it, place) => [
    laid[place] ?? '',
    ...showLost(it.lost, screen, paint),
  ]);
  if (shown.length > first.length)
    lines.push(`  and ${showCount(shown.length - first.length, 'more path')}`);
  if (same > 0) lines.push(paint(`  ${showCount(same, 'path')} already as before`, 'faint'));
  return lines;
}

function showPath(path: PathPlan, paint: Paint): Cell[] {
  const verb = nameVerb(path);
  const tone = path.outcome === 'asks' ? 'bad' : path.outcome === 'kept' ? 'odd' : 'good';
  return [
    { text: verb, paint: (it) => paint(it, tone) },
    { text: showLine(path.path) },
    { text: explain(path), paint: (it) => paint(it, 'faint') },
  ];
}

function nameVerb({ outcome, does }: PathPlan): string {
  if (outcome === 'asks' || outcome === 'kept') return outcome === 'asks' ? 'asks' : 'keep';
  if (outcome === 'merged') return 'merge';
  return { write: 'write back', create: 'bring back', remove: 'remove' }[does ?? 'write'];
}

function explain({ why, kind, outcome, evidence }: PathPlan): string {
  if (why !== undefined) return showLine(why);
  if (outcome === 'kept') return 'as chosen';
  if (outcome === 'merged') return 'the lines of others stay';
  if (kind === 'foreign' && evidence !== undefined) return 'also what was written since, as chosen';
  if (evidence === 'claimed') return 'it named this path';
  return evidence === 'during' ? 'changed while only it ran' : '';
}

function showLost(lost: readonly string[], { columns }: PlanScreen, paint: Paint): string[] {
  if (lost.length === 0) return [];
  const room = (columns ?? Number.POSITIVE_INFINITY) - 8;
  const more = lost.length - lostLimit;
  return [
    paint('      going back would lose:', 'faint'),
    ...lost
      .slice(0, lostLimit)
      .map((it) => `      ${paint(`- ${cutToWidth(showLine(it.trimEnd()), room)}`, 'bad')}`),
    ...(more > 0 ? [paint(`      and ${showCount(more, 'more line')}`, 'faint')] : []),
  ];
}

function showOutcome(result: Result, screen: PlanScreen, paint: Paint): string[] {
  const { ready, paths, undo } = result;
  if (!ready) return showChoices(result, screen, paint);
  if (undo !== undefined) return showDone({ ...result, undo }, paint);
  const isNothing = paths.every(({ outcome }) => outcome === 'none' || outcome === 'kept');
  if (isNothing) return ['nothing to do: every file that may go back is as it was'];
  return screen.isTrial ? ['nothing was changed: this is what would happen'] : [];
}

function showChoices({ of, paths }: Result, screen: PlanScreen, paint: Paint): string[] {
  const mergeAbout =
    of.kind === 'lost' ? 'keep the lines of both there' : 'take only its own lines back out';
  const asking = paths.filter(({ outcome }) => outcome === 'asks');
  const isUnknown = asking.every(({ kind }) => kind === 'unknown');
  const path =
    asking.length === 1 ? quote(showLine(screen.toHere(asking[0]?.path ?? ''))) : '<path>';
  const choices = [
    ['keep', 'leave it as it is now'],
    ...(isUnknown
      ? []
      : [
          ['overwrite', 'go back anyway, and lose what was written since'],
          ...(screen.isMerged === true ? [] : [['merge', mergeAbout]]),
        ]),
  ].map(([choice, about]): Cell[] => [
    { text: `${screen.command} --${choice} ${path}`, paint: (it) => paint(it, 'name') },
    { text: about ?? '' },
  ]);
  const some = showCount(asking.length, 'path asks', 'paths ask');
  return [
    paint(`nothing was changed: ${some} what is to become of it`, 'bad'),
    ...layOut(choices, { indent: '  ', columns: undefined, yields: [] }),
    ...(asking.length === 1 ? [] : ['<path> may be a folder, and . everything from where you are']),
  ];
}

/** As a shell takes it, and as clew takes it for no option. */
export function quote(typed: string): string {
  const path = typed.startsWith('-') ? `./${typed}` : typed;
  return /^[\w./@%+,:=-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

function showDone(
  { undo, written = [], removed = [], skipped = [], conversation }: Result & { undo: string },
  paint: Paint,
): string[] {
  const done = [
    written.length === 0 ? undefined : `${showCount(written.length, 'path')} written`,
    removed.length === 0 ? undefined : `${showCount(removed.length, 'path')} removed`,
  ].filter((it) => it !== undefined);
  return [
    paint(`done: ${done.length === 0 ? 'nothing had to change' : done.join(', ')}`, 'good'),
    ...skipped.map((it) => paint(`left alone, it changed just now: ${showLine(it)}`, 'bad')),
    ...(conversation === undefined ? [] : [showLine(conversation)]),
    `to take this back: ${paint(`clew undo ${shortId(undo)}`, 'name')}`,
  ];
}
