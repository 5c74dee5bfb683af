/** clew doctor: looks whether everything that clew needs is there and works. */
import type { DoctorCheck } from '../contract/types.gen.ts';
import { showBytes } from './amounts.ts';
import { ask, printJson } from './ask.ts';
import { type Command, jsonOption, workspaceOption } from './command.ts';
import { layOut } from './grid.ts';
import type { Io } from './io.ts';
import { openPaint } from './paint.ts';
import { showLine } from './printable.ts';
import { shortId } from './show-log.ts';

type Result = DoctorCheck['result'];

/** Something is in the way. */
const badExit = 9;

export const command: Command = {
  name: 'doctor',
  summary: 'look whether everything that clew needs is there and works',
  words: { min: 0, max: 0 },
  options: [workspaceOption, jsonOption],
  about:
    'Looks at Node, at SQLite, at the state folder and its disk, at the index, at who records, at ' +
    'git, at each of its hooks (which file should have it, whether that would run, when it was ' +
    'heard last, what it costs), and at alerts that are open. Changes nothing, and runs nothing ' +
    'that a repository names.',
  examples: [
    ['clew doctor', 'about the workspace that you are in'],
    ['clew doctor --json', 'for programs, and for reports of bugs'],
  ],
  exits: [[badExit, 'something does not work']],
  async run(call) {
    const { io, options } = call;
    const result = await ask(call, 'doctor/check', {}, 'looking');
    if (options['json'] === true) printJson(io, result);
    else io.write(showResult(result, io));
    return result.findings.some((it) => it.level === 'bad') ? badExit : 0;
  },
};

const marks = { fine: 'ok', odd: 'look', bad: 'BAD' } as const;
const colours = { fine: 'good', odd: 'odd', bad: 'bad' } as const;

function showResult(result: Result, io: Pick<Io, 'usesColor' | 'columns'>): string {
  const { clew, node, platform, state, findings, hooks = [], recorders } = result;
  const paint = openPaint(io);
  const free = state.freeBytes === undefined ? '' : `, ${showBytes(state.freeBytes)} free`;
  const lines = [
    paint(`clew ${clew}, Node ${node.version}, ${platform}${free}`, 'faint'),
    ...findings.flatMap(({ level, text, hint }) => [
      `${paint(marks[level].padEnd(4), colours[level])}  ${showLine(text)}`,
      ...(hint === undefined ? [] : [`      ${paint(showLine(hint), 'faint')}`]),
    ]),
    ...recorders.map((it) =>
      `      ${shortId(it.writer)}  process ${it.pid}  ${showLine(it.label ?? '')}`.trimEnd(),
    ),
  ];
  // Where none is installed, that was said.
  const isAnyThere = hooks.some((it) => it.state !== 'missing');
  const rows = (isAnyThere ? hooks : []).map(({ hook, state: how, route, path, movesSince }) => [
    ...[hook, how, route, tellHeard(movesSince), showLine(path)],
  ]);
  const table = layOut(
    rows.map((row) => row.map((text) => ({ text }))),
    { indent: '', columns: undefined, yields: [] },
  );
  return `${[...lines, ...(rows.length === 0 ? [] : ['', ...table])].join('\n')}\n`;
}

function tellHeard(movesSince: number | undefined): string {
  if (movesSince === undefined) return 'not heard yet';
  return movesSince === 0 ? 'heard just now' : `heard ${movesSince} events ago`;
}
