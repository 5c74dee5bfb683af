/** Lays out who wrote each line: in columns for people, in fields for programs. */
import type { BlameCommit, BlameFile, LineRange, LineTotals } from '../contract/types.gen.ts';
import { explainGrades } from './explain-grades.ts';
import { type Cell, layOut } from './grid.ts';
import type { Io } from './io.ts';
import { showAge } from './moments.ts';
import { openPaint, type Paint } from './paint.ts';
import { showLine } from './printable.ts';

type Result = Pick<BlameFile['result'], 'ranges' | 'lines' | 'authors' | 'totals'>;
type Screen = Pick<Io, 'columns' | 'usesColor' | 'now'>;

/** Enough of an id to lead on. */
const idLetters = 6;

export function showBlame({ ranges, lines, authors, totals }: Result, screen: Screen): string {
  if (lines.length === 0) return 'the file is empty\n';
  const paint = openPaint(screen);
  const names = new Map(authors.map((it) => [it.session, it.agent]));
  const first = ranges[0]?.start ?? 1;
  const rows = ranges.flatMap((range) => {
    const cells = headOf(range, { names, now: screen.now(), paint });
    const rows: Cell[][] = [];
    for (let line = range.start; line <= range.end; line += 1)
      rows.push([
        ...cells,
        { text: String(line).padStart(String(lines.length + first - 1).length), paint: faint },
        { text: showLine(lines[line - first] ?? '') },
      ]);
    return rows;
  });
  function faint(text: string): string {
    return paint(text, 'faint');
  }
  const layout = { indent: '', columns: screen.columns, yields: [[7, 20]] as const };
  return `${[...layOut(rows, layout), ...explainGrades(totals, screen)].join('\n')}\n`;
}

type Look = {
  readonly names: ReadonlyMap<string, string | undefined>;
  readonly now: number;
  readonly paint: Paint;
};

function headOf(range: LineRange, { names, now, paint }: Look): Cell[] {
  const { session, turn, step, among, at } = range;
  const who = whoOf(range, names);
  return [
    { text: who, paint: (text) => paint(text, session === undefined ? 'faint' : 'name') },
    { text: endOf(session) },
    { text: endOf(turn) },
    { text: step === undefined ? (among ?? []).map(endOf).join(' ') : endOf(step) },
    { text: gradeOf(range), paint: (text) => paint(text, tones[range.grade]) },
    { text: at === undefined ? '' : showAge(at, now) },
  ];
}

const tones = { W: 'good', L: 'good', X: 'odd', C: 'bad', U: 'faint' } as const;

function whoOf({ session, grade }: LineRange, names: Look['names']): string {
  if (session !== undefined) return showLine(names.get(session) ?? 'agent');
  return grade === 'C' ? 'contested' : '-';
}

function endOf(id: string | undefined): string {
  return id === undefined ? '' : showLine(id.slice(-idLetters).toLowerCase());
}

export function gradeOf({ grade, flags = [] }: Pick<LineRange, 'grade' | 'flags'>): string {
  const letters = { formatter: '+F', moved: '+M', file: '+file' } as const;
  return grade + flags.map((it) => letters[it]).join('');
}

/** For each line its number, grade and ids, then the text behind a tab. */
export function writePorcelain({ ranges, lines }: Result): string {
  const first = ranges[0]?.start ?? 1;
  const rows = ranges.flatMap((range) => {
    const { session = '-', turn = '-', step = '-', seen = '-', among = [] } = range;
    const fields = [gradeOf(range), session, turn, step, seen, among.join(',') || '-'];
    const head = fields.join(' ');
    return Array.from({ length: range.end - range.start + 1 }, (_, at) => {
      const line = range.start + at;
      return `${line} ${head}\n\t${lines[line - first] ?? ''}`;
    });
  });
  return rows.length === 0 ? '' : `${rows.join('\n')}\n`;
}

export function showCommitBlame(result: BlameCommit['result'], screen: Screen): string {
  const { commit, title, author, files, totals, authors } = result;
  const paint = openPaint(screen);
  const names = new Map(authors.map((it) => [it.session, it.agent]));
  const rows = files.map((file): Cell[] => [
    { text: showLine(file.path) },
    {
      text: file.excluded === undefined ? sumUp(file.totals) : `not counted: ${file.excluded}`,
      ...(file.excluded === undefined ? {} : { paint: (text) => paint(text, 'faint') }),
    },
    { text: listWho(file.ranges, names) },
  ]);
  const layout = { indent: '  ', columns: screen.columns, yields: [[0, 20]] as const };
  return `${[
    `${paint(commit.slice(0, 12), 'strong')} ${showLine(title)}`,
    `committed by ${showLine(author)}`,
    '',
    ...layOut(rows, layout),
    '',
    `${totals.lines} lines added: ${sumUp(totals)}`,
    ...explainGrades(totals, screen),
  ].join('\n')}\n`;
}

const grades = ['W', 'L', 'X', 'C', 'U'] as const;

function sumUp(totals: LineTotals): string {
  const known = grades.filter((it) => totals[it] > 0).map((it) => `${it} ${totals[it]}`);
  const flags = [
    ...(totals.formatter > 0 ? [`+F ${totals.formatter}`] : []),
    ...(totals.moved > 0 ? [`+M ${totals.moved}`] : []),
  ];
  return [...known, ...flags].join('  ') || 'nothing';
}

function listWho(ranges: readonly LineRange[], names: Look['names']): string {
  const counts = new Map<string, number>();
  for (const { session, start, end } of ranges) {
    if (session === undefined) continue;
    const who = `${names.get(session) ?? 'agent'} ${endOf(session)}`;
    counts.set(who, (counts.get(who) ?? 0) + end - start + 1);
  }
  return [...counts].map(([who, count]) => `${showLine(who)}: ${count}`).join(', ');
}
