/** Lays out one step for people: what it was, what became of it, which files it names. */
import type { Claim, Output, StepCard } from '../contract/types.gen.ts';
import { nameClaimedPath } from '../trace/claimed-path.ts';
import { showBytes } from './amounts.ts';
import { showDuration } from './moments.ts';
import { type Paint, paintOutcome } from './paint.ts';
import { showBlock, showLine } from './printable.ts';
import { shortId } from './show-log.ts';
import { cutToWidth, wrapToWidth } from './width.ts';

export type StepScreen = {
  readonly width: number;
  readonly paint: Paint;
  /** Paths inside it are named from there. */
  readonly folder: string | undefined;
  /** Nothing is shortened. */
  readonly isWhole: boolean;
};

const indent = '    ';
const outputLines = 12;

export function showStep(step: StepCard, screen: StepScreen): string[] {
  const { text, claims, output, problem } = step;
  return [
    showHead(step, screen),
    ...(text === undefined ? [] : showText(text, screen)),
    ...(step.cut === true ? [indent + screen.paint(sayCut(step), 'faint')] : []),
    // The announcement and the wire may name the same.
    ...new Set(claims.map((it) => indent + showClaim(it, screen))),
    ...(problem === undefined ? [] : [indent + screen.paint(showLine(problem), 'bad')]),
    ...(output === undefined ? [] : showOutput(output, step.exitCode, screen)),
  ];
}

function showHead(step: StepCard, { width, paint, isWhole }: StepScreen): string {
  const what = showLine(nameKind(step));
  const said = describe(step);
  const id = shortId(step.id);
  const room = isWhole ? Number.POSITIVE_INFINITY : width - what.length - id.length - 6;
  const shown = paintOutcome(paint, isTalk(step) ? 'completed' : step.state, what);
  const parts = [shown, cutToWidth(said, room), paint(id, 'faint')];
  return `  ${parts.filter((it) => it !== '').join('  ')}`;
}

function nameKind({ kind, toolKind, role }: StepCard): string {
  if (kind === 'tool') return toolKind ?? kind;
  return kind === 'message' ? (role ?? 'agent') : kind;
}

function isTalk({ kind }: StepCard): boolean {
  return kind === 'message' || kind === 'thought';
}

function describe(step: StepCard): string {
  const { state, title, toolName, durationMs, late, choice } = step;
  const ended = isTalk(step)
    ? [state === 'completed' ? undefined : state]
    : [state, durationMs === undefined ? undefined : showDuration(durationMs)];
  const about = [
    title ?? toolName,
    ...ended,
    choice === undefined ? undefined : `chose ${choice}`,
    late === true ? 'after its turn' : undefined,
  ];
  return about
    .filter((it) => it !== undefined && it !== '')
    .map((it) => showLine(it ?? ''))
    .join(' · ');
}

function sayCut({ id }: StepCard): string {
  return `… there is more: clew show ${shortId(id)}`;
}

function showText(text: string, { width }: StepScreen): string[] {
  return showBlock(text.trimEnd())
    .split('\n')
    .flatMap((it) => wrapToWidth(it, width - indent.length))
    .map((it) => (it === '' ? '' : indent + it));
}

function showClaim(claim: Claim, { paint, folder }: StepScreen): string {
  const name = (it: string) => showLine(nameClaimedPath(it, { workspace: folder }));
  const { operation, path, oldPath, added, removed, line } = claim;
  const from = oldPath === undefined ? '' : `${name(oldPath)} → `;
  const where = line === undefined || operation !== 'read' ? '' : `:${line}`;
  const lines =
    added === undefined && removed === undefined
      ? ''
      : `  ${paint(`+${added ?? 0}`, 'good')} ${paint(`-${removed ?? 0}`, 'bad')}`;
  const guess = isGuess(claim) ? `  ${paint('(best effort)', 'faint')}` : '';
  return `${showLine(operation)} ${from}${name(path)}${where}${lines}${guess}`;
}

/** Read out of the text of a command: nobody said that it was so. */
function isGuess({ source }: Claim): boolean {
  return source === 'command';
}

function showOutput(output: Output, exitCode: number | undefined, screen: StepScreen): string[] {
  const { bytes, text, cut } = output;
  const exit = exitCode === undefined ? '' : `exit ${exitCode}, `;
  const head = `${indent}${screen.paint(`${exit}${showBytes(bytes)} of output`, 'faint')}`;
  if (text === undefined || text.trim() === '') return [head];
  const lines = showBlock(text.trimEnd()).split('\n');
  const shown = screen.isWhole ? lines : lines.slice(0, outputLines);
  const left = lines.length - shown.length;
  return [
    head,
    ...shown.map((it) => `${indent}│ ${it}`),
    ...(left === 0 ? [] : [`${indent}│ … ${left} more lines: \`clew show\` this step`]),
    ...(cut === true ? [`${indent}│ (only its beginning and its end are kept)`] : []),
  ];
}
