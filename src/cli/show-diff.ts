/** Lays differences out: as a patch for programs, to the byte, and the same for people, safe to look at. */
import {
  splitType,
  writeHunkHead,
  writePatch,
  writePatchHead,
  writeRights,
} from '../compare/write-patch.ts';
import { layStat, writeSummary } from '../compare/write-stat.ts';
import type { CheckpointDiff, FileChange, Hunk } from '../contract/types.gen.ts';
import { readPath } from '../snapshot/raw-path.ts';
import type { Io } from './io.ts';
import { openPaint, type Paint } from './paint.ts';
import { showBlock, showLine } from './printable.ts';
import { measureWidth } from './width.ts';

type Result = CheckpointDiff['result'];
type Screen = Pick<Io, 'columns' | 'usesColor'>;

/** Where there is no terminal. */
const usualColumns = 80;
/** Enough of an object id for people. */
const idDigits = 7;

/** What `git apply` takes. */
export function writeDiff({ files }: Result): Uint8Array {
  return Buffer.from(readPath(writePatch(files)), 'latin1');
}

export function showDiff({ files }: Result, screen: Screen): string {
  const paint = openPaint(screen);
  if (files.length === 0) return 'nothing differs\n';
  const lines = files.flatMap(splitType).flatMap((it) => showFile(it, paint));
  return `${lines.join('\n')}\n`;
}

export function showDiffStat({ files }: Result, screen: Screen): string {
  const paint = openPaint(screen);
  const columns = screen.columns ?? usualColumns;
  const rows = layStat(files, { columns, spell: showLine, measure: measureWidth });
  const lines = rows.map(({ name, count, plus, minus }) =>
    ` ${name} | ${count} ${paint(plus, 'good')}${paint(minus, 'bad')}`.trimEnd(),
  );
  return `${[...lines, writeSummary(files)].join('\n')}\n`;
}

function showFile(file: FileChange, paint: Paint): string[] {
  const { hunks, kind, why } = file;
  const spell = (path: string) => showLine(path);
  // A patch knows no other word for what it does not have.
  const head = [...writePatchHead(file, { idDigits, spell }), ...writeRights(file)]
    .filter((it) => kind === 'binary' || !it.startsWith('Binary files'))
    .map((it) => paint(it.trimEnd(), 'strong'));
  const note = why === undefined ? [] : [paint(`(${showLine(why)})`, 'odd')];
  return [...head, ...note, ...(hunks ?? []).flatMap((it) => showHunk(it, paint))];
}

function showHunk(hunk: Hunk, paint: Paint): string[] {
  // Where every line ends in a carriage return, to see it at each of them is no help.
  const texts = hunk.lines.filter((it) => !it.startsWith('\\'));
  const isDos = texts.every((it) => it.endsWith('\r'));
  return [
    `${paint(writeHunkHead(hunk), 'name')} ${paint(nameChanges(hunk), 'faint')}`,
    ...hunk.lines.map((it) => showHunkLine(isDos ? it.replace(/\r$/, '') : it, paint)),
  ];
}

function nameChanges({ changes }: Hunk): string {
  const [first, last] = [changes[0] ?? 0, changes.at(-1) ?? 0];
  return first === last ? `hunk ${first}` : `hunks ${first} to ${last}`;
}

const signs = { '+': 'good', '-': 'bad', '\\': 'faint' } as const;

function showHunkLine(line: string, paint: Paint): string {
  const [sign, text] = [line.slice(0, 1), showBlock(line.slice(1))];
  if (sign === '+' || sign === '-' || sign === '\\') return paint(sign + text, signs[sign]);
  return sign + text;
}
