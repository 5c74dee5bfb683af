/** Writes what a new session should know of the one before it, within a number of bytes. */
import type { LayerOrigin, LongLayer, SessionDigest } from '../contract/types.gen.ts';
import { tellAfter } from './spell-digest.ts';

export type Resume = {
  readonly digest: SessionDigest;
  readonly after: LayerOrigin | undefined;
  readonly project?: LongLayer | undefined;
  /** Files that the earlier session knew and that are others by now. */
  readonly stale: readonly string[];
  /** Where HEAD is now. */
  readonly here: { readonly branch?: string | undefined; readonly head?: string | undefined };
};

/** How many bytes a text has. */
type Measure = (text: string) => number;

/** Whole lines, the most needed first; what there was no room for is said. */
export function writeResume(resume: Resume, limitBytes: number, measure: Measure): string {
  const { digest, after, project, stale, here } = resume;
  const last = digest.asked.at(-1);
  const open = digest.open.map(({ text }) => `- open: ${oneLine(text)}`);
  const decided = [...(project?.decisions ?? [])].map(({ text }) => text ?? '');
  const said = [...new Set([...digest.decisions.map((it) => it.text), ...decided])];
  const lines = [
    'Where the work stands (from clew, about earlier sessions; nobody has asked for anything here):',
    ...(after === undefined ? [] : [tellAfter(after)]),
    ...tellMoved(digest, here),
    ...(project?.purpose ?? []).map(({ text }) => `Purpose: ${oneLine(text ?? '')}`),
    ...(last?.prompt === undefined ? [] : [`Last asked: ${oneLine(last.prompt)}`]),
    ...(last?.said === undefined ? [] : [`Last answered: ${oneLine(last.said)}`]),
    ...open,
    ...tellConflicts(project),
    ...tellStale(stale),
    ...tellTests(digest),
    ...(digest.tasks ?? []).map(({ title, how }) => `- task ${how}: ${oneLine(title)}`),
    ...said.map((text) => `- decided: ${oneLine(text)}`),
    ...listOpen(project),
    ...digest.commits.map(
      ({ commit, message }) => `- commit ${commit.slice(0, 12)} ${oneLine(message ?? '')}`,
    ),
    ...digest.files.map(({ path }) => `- edited: ${oneLine(path)}`),
    ...digest.asked.slice(0, -1).map(({ prompt }) => `- asked before: ${oneLine(prompt ?? '')}`),
  ];
  return fitLines(lines, limitBytes, measure);
}

function fitLines(lines: readonly string[], limitBytes: number, measure: Measure): string {
  const tell = (left: number) => `(${left} more lines: clew digest)\n`;
  const room = limitBytes - measure(tell(lines.length));
  let text = '';
  for (const [at, line] of lines.entries()) {
    const next = `${text}${line}\n`;
    if (measure(next) > room) return `${text}${tell(lines.length - at)}`;
    text = next;
  }
  return text;
}

function tellMoved({ branch, head }: SessionDigest, here: Resume['here']): string[] {
  const was = nameOf({ branch, head });
  const is = nameOf(here);
  return was === is ? [] : [`It was on ${was}; now HEAD is on ${is}.`];
}

function nameOf({ branch, head }: Resume['here']): string {
  const at = head === undefined ? '' : ` at ${head.slice(0, 12)}`;
  return `${branch ?? 'no branch'}${at}`;
}

function tellConflicts(project: LongLayer | undefined): string[] {
  return (project?.conflicts ?? []).map(
    ({ id, sides }) =>
      `- not agreed: ${id}: ${sides.map((it) => oneLine(it.value?.text ?? '(removed)')).join(' / ')}`,
  );
}

function tellStale(stale: readonly string[]): string[] {
  return stale.map((path) => `- changed since it was seen: ${oneLine(path)}`);
}

function tellTests({ tests, files }: SessionDigest): string[] {
  const { afterLastEdit } = tests;
  if (afterLastEdit.length === 0 && files.length > 0) return ['No tests ran after the last edit.'];
  return afterLastEdit.map(({ command, outcome, exitCode }) => {
    const ended = exitCode === undefined ? outcome : `exit code ${exitCode}`;
    return `- tested: ${oneLine(command)}: ${ended}`;
  });
}

function listOpen(project: LongLayer | undefined): string[] {
  const questions = (project?.questions ?? []).filter((it) => it.status !== 'answered');
  const milestones = (project?.milestones ?? []).filter((it) => it.status !== 'done');
  return [
    ...questions.map(({ text }) => `- question: ${oneLine(text ?? '')}`),
    ...milestones.map(({ text }) => `- milestone: ${oneLine(text ?? '')}`),
  ];
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
