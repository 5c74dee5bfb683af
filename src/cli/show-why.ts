/** Lays out where one line comes from. */
import type { BlameWhy } from '../contract/types.gen.ts';
import type { Io } from './io.ts';
import { showAge } from './moments.ts';
import { openPaint } from './paint.ts';
import { showBlock, showLine } from './printable.ts';
import { gradeOf } from './show-blame.ts';
import { showStep } from './show-step.ts';

type Screen = Pick<Io, 'columns' | 'usesColor' | 'now'>;

/** More of a prompt is for `clew show`. */
const promptLines = 12;

/** Paths in `folder` are named from there. */
export function showWhy(
  result: BlameWhy['result'],
  screen: Screen,
  folder: string | undefined,
): string {
  const { path, text, range, metadata, prompt, step, evidence, commit } = result;
  const paint = openPaint(screen);
  const where = `${showLine(path)}:${range.start}`;
  const at = commit === undefined ? '' : ` in ${commit.slice(0, 12)}`;
  const { agent, model, session, turn } = metadata;
  const who = [agent ?? metadata.source, model].filter((it) => it !== undefined).map(showLine);
  const ids = [
    session === undefined ? undefined : `session ${session}`,
    turn === undefined ? undefined : `turn ${turn}`,
  ].filter((it) => it !== undefined);
  const age = range.at === undefined ? [] : [showAge(range.at, screen.now())];
  const width = screen.columns ?? Number.POSITIVE_INFINITY;
  const lines = [
    `${paint(`${where}${at}`, 'strong')}  ${showLine(text)}`,
    [paint(gradeOf(range), 'name'), ...who, ...age].join('  '),
    ...ids.map((it) => `  ${showLine(it)}`),
    ...quote(prompt),
    ...(step === undefined ? [] : showStep(step, { width, paint, isWhole: false, folder })),
    '',
    ...evidence.map((it) => `  ${showLine(it)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function quote(prompt: string | undefined): string[] {
  if (prompt === undefined) return [];
  const lines = showBlock(prompt.trimEnd()).split('\n');
  const cut = lines.slice(0, promptLines).map((it) => `> ${it}`);
  return ['', ...cut, ...(lines.length > promptLines ? ['> …'] : [])];
}
