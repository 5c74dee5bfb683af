/** Decides for each path of an undo what may happen to it: nothing, going back, or a question to a person. */
import { listEdits, splitLines } from '../snapshot/edit-lines.ts';
import {
  isSameContent,
  isSameVersion,
  type RestoreStep,
  type Version,
} from '../snapshot/restore-step.ts';
import { mergeInverse } from './merge-lines.ts';

/** What a path was before the undone range, right after it, and what it is on disk now. */
export type PathHistory = {
  readonly path: string;
  readonly before?: Version;
  readonly after?: Version;
  readonly now?: Version;
  /** What lies between before and after, where others wrote in between: only these are to be undone. */
  readonly parts?: readonly Part[];
  /** Others who may have made the change. */
  readonly contested?: readonly string[];
  /** Only some of its changes are meant, by their numbers. */
  readonly isNarrowed?: boolean;
  /** It changed in the range, and nobody said to have done it. */
  readonly unclaimed?: boolean;
  /** The store does not have it (not captured in time), or the disk cannot say. */
  readonly unknown?: 'before' | 'now';
};

export type Part = { readonly before?: Version; readonly after?: Version };

export type Choice = 'refuse' | 'keep' | 'overwrite' | 'merge';

export type PathPlan = {
  readonly path: string;
  /**
   * `foreign`: somebody wrote in or after the range. `unknown`: there is nothing to go back to.
   * `contested`: another may have written it. `unclaimed`: nobody said to have written it.
   */
  readonly kind: 'identical' | 'ours' | 'foreign' | 'unknown' | 'contested' | 'unclaimed';
  /** `asks`: nothing happens until a person has chosen. */
  readonly outcome: 'none' | 'back' | 'merged' | 'kept' | 'asks';
  /** Lines on disk now that going back would lose. */
  readonly lost: readonly string[];
  readonly why?: string;
};

export type RestorePlan = {
  readonly paths: readonly PathPlan[];
  readonly steps: readonly RestoreStep[];
  /** Texts that exist nowhere yet, by the id that steps name them by. */
  readonly merged: ReadonlyMap<string, string>;
  /** False when a path asks: then nothing at all is done. */
  readonly ready: boolean;
};

export type PlanSources = {
  /** One character a byte; nothing when it is not text, too large, or not there. */
  readonly readText: (oid: string) => string | undefined;
  /** Git's blob id of such a text. */
  readonly nameText: (text: string) => string;
  readonly chooseFor: (path: string) => Choice;
};

type Decision = {
  readonly plan: PathPlan;
  readonly want?: Version | 'nothing';
  readonly text?: string;
};

export function planRestore(histories: readonly PathHistory[], sources: PlanSources): RestorePlan {
  const paths: PathPlan[] = [];
  const steps: RestoreStep[] = [];
  const merged = new Map<string, string>();
  for (const history of histories) {
    const { plan, want, text } = decide(history, sources);
    paths.push(plan);
    if (want === undefined) continue;
    const { path, now } = history;
    steps.push({ path, ...(now ? { found: now } : {}), ...(want === 'nothing' ? {} : { want }) });
    if (text !== undefined && want !== 'nothing') merged.set(want.oid, text);
  }
  return { paths, steps, merged, ready: paths.every((plan) => plan.outcome !== 'asks') };
}

function decide(history: PathHistory, sources: PlanSources): Decision {
  const { path, before, after, now, unknown } = history;
  if (unknown !== undefined) return askUnknown(history, sources);
  const isBack = isSameContent(now, before);
  if (isBack && !hasRightsLeft(history)) {
    return { plan: { path, kind: 'identical', outcome: 'none', lost: [] } };
  }
  const doubt = decideDoubtful(history, sources);
  if (doubt !== undefined) return doubt;
  if (isBack || (isSameContent(now, after) && history.parts === undefined)) {
    const want = before && narrow(before, history);
    return { plan: { path, kind: 'ours', outcome: 'back', lost: [] }, want: want ?? 'nothing' };
  }
  return decideRights(history, sources) ?? decideForeign(history, sources);
}

/** The range left the text alone: whatever others made of it since is not at issue, and stays. */
function decideRights(history: PathHistory, sources: PlanSources): Decision | undefined {
  const { path, now } = history;
  const isOfRights = ({ before, after }: Part) =>
    before?.mode.startsWith('100') && after?.mode.startsWith('100') && before.oid === after.oid;
  const parts = history.parts ?? [history];
  if (!now?.mode.startsWith('100') || !parts.every(isOfRights)) return undefined;
  if (sources.chooseFor(path) === 'keep')
    return { plan: { path, kind: 'foreign', outcome: 'kept', lost: [] } };
  const mode = parts.reduceRight(takeModeBack, now.mode);
  const want = { mode, oid: now.oid, ...mergeRights(history, mode) };
  if (isSameVersion(want, now))
    return { plan: { path, kind: 'identical', outcome: 'none', lost: [] } };
  const why = 'only its rights go back: it changed nothing else';
  return { plan: { path, kind: 'foreign', outcome: 'merged', lost: [], why }, want };
}

/** The right to run goes back only if nobody changed it since. */
function takeModeBack(mode: Version['mode'], { before, after }: Part): Version['mode'] {
  return before && mode === after?.mode ? before.mode : mode;
}

/** The range gave the file other rights, and nobody has changed them since. */
function hasRightsLeft({ before, after, now }: PathHistory): boolean {
  const [was, left] = [before?.rights, after?.rights];
  const isChanged = typeof was === 'number' && typeof left === 'number' && was !== left;
  return isChanged && now?.rights === left;
}

/** Who changed a file's rights since meant them for what is in it now: what comes back gets no wider ones than it had. */
function narrow(before: Version, { after, now }: PathHistory): Version {
  const [was, is, left] = [before.rights, now?.rights, after?.rights];
  if (typeof was !== 'number' || typeof is !== 'number' || is === left) return before;
  return typeof left === 'number' ? { ...before, rights: was & is } : before;
}

/** Whether it is the range's at all is not sure: a person has to say so. */
function decideDoubtful(
  { path, contested, unclaimed }: PathHistory,
  sources: PlanSources,
): Decision | undefined {
  const choice = sources.chooseFor(path);
  if (choice === 'overwrite') return undefined;
  // To merge is to take back only what is the range's own: this is not, for all we know.
  if (unclaimed)
    return {
      plan: {
        path,
        kind: 'unclaimed',
        outcome: 'kept',
        lost: [],
        why: 'changed meanwhile, and nobody said to have done it',
      },
    };
  if (contested === undefined || choice === 'merge') return undefined;
  const why = 'another may have written it at the same time';
  const outcome = choice === 'keep' ? 'kept' : 'asks';
  return { plan: { path, kind: 'contested', outcome, lost: [], why } };
}

function askUnknown({ path, unknown, unclaimed }: PathHistory, sources: PlanSources): Decision {
  const why = unknown === 'before' ? 'was not captured before the change' : 'cannot be read now';
  const choice = sources.chooseFor(path);
  // It may only have come to light, as by a line less in an ignore file: nobody said to have touched it.
  const isLeft = choice === 'keep' || (unclaimed === true && choice !== 'overwrite');
  const outcome = isLeft ? 'kept' : 'asks';
  return { plan: { path, kind: 'unknown', outcome, lost: [], why } };
}

function decideForeign(history: PathHistory, sources: PlanSources): Decision {
  const { path, before } = history;
  const choice = sources.chooseFor(path);
  const lost = listLost(history, sources);
  const foreign = { path, kind: 'foreign', lost } as const;
  if (choice === 'keep') return { plan: { ...foreign, outcome: 'kept', lost: [] } };
  if (choice === 'overwrite')
    return { plan: { ...foreign, outcome: 'back' }, want: before ?? 'nothing' };
  if (choice === 'merge') return mergeForeign(history, sources, lost);
  return { plan: { ...foreign, outcome: 'asks', why: explainForeign(history) } };
}

function explainForeign({ parts, isNarrowed }: PathHistory): string {
  if (isNarrowed) return 'changed since: hunks are numbered as it left the file';
  return parts === undefined ? 'changed after what is to be undone' : 'others wrote in it as well';
}

function mergeForeign(
  history: PathHistory,
  sources: PlanSources,
  lost: readonly string[],
): Decision {
  const { path, before, now } = history;
  const asks = (why: string): Decision => ({
    plan: { path, kind: 'foreign', outcome: 'asks', lost, why },
  });
  const parts = history.parts ?? [history];
  const nowText = readAsText(now, sources);
  if (!now || nowText === undefined || !before) return asks(unmergeable(history));
  let text = nowText;
  let { mode } = now;
  for (const part of [...parts].reverse()) {
    const was = readAsText(part.before, sources);
    const became = readAsText(part.after, sources);
    if (was === undefined || became === undefined) return asks(unmergeable(history));
    const merge = mergeInverse({ before: was, after: became, now: text });
    if (merge.kind === 'conflict') return asks('the same lines were changed again');
    text = merge.text;
    mode = takeModeBack(mode, part);
  }
  const want = { mode, oid: sources.nameText(text), ...mergeRights(history, mode) };
  if (isSameVersion(want, now))
    return { plan: { path, kind: 'identical', outcome: 'none', lost: [] } };
  return { plan: { path, kind: 'foreign', outcome: 'merged', lost: [] }, want, text };
}

/** As they are on the disk, unless they are what the range made of them. */
function mergeRights(history: PathHistory, mode: Version['mode']): Pick<Version, 'rights'> {
  const source = hasRightsLeft(history) ? history.before : history.now;
  return source?.mode === mode && source.rights !== undefined ? { rights: source.rights } : {};
}

function unmergeable({ before, after, now }: PathHistory): string {
  const isAlways = before !== undefined && after !== undefined && now !== undefined;
  return isAlways
    ? 'not a text that can be merged'
    : 'made or removed: there is nothing to merge with';
}

function readAsText(version: Version | undefined, sources: PlanSources): string | undefined {
  return version?.mode.startsWith('100') ? sources.readText(version.oid) : undefined;
}

/** Lines that are on disk and were neither there before nor written by the range. */
function listLost(history: PathHistory, { readText }: PlanSources): string[] {
  const { before, after, now, parts } = history;
  const nowText = now && readText(now.oid);
  if (nowText === undefined) return [];
  const linesOf = (version: Version | undefined) =>
    splitLines((version && readText(version.oid)) ?? '');
  if (parts !== undefined) {
    const own = parts.flatMap((part) => listEdits(linesOf(part.before), linesOf(part.after)));
    const written = new Set(own.flatMap(({ lines }) => lines));
    return listEdits(linesOf(before), splitLines(nowText))
      .flatMap(({ lines }) => lines)
      .filter((line) => !written.has(line));
  }
  const afterText = (after && readText(after.oid)) ?? '';
  const beforeLines = new Set(splitLines((before && readText(before.oid)) ?? ''));
  return listEdits(splitLines(afterText), splitLines(nowText))
    .flatMap((edit) => edit.lines)
    .filter((line) => !beforeLines.has(line));
}
