/** clew verify: checks every journal file and says what is wrong where. */
import type { JournalVerify } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import { showBytes, showCount } from './amounts.ts';
import { ask, printJson } from './ask.ts';
import { type Command, jsonOption, workspaceOption } from './command.ts';
import type { Io } from './io.ts';
import { openPaint } from './paint.ts';
import { showLine } from './printable.ts';

type Verdict = JournalVerify['result'];

const damaged = new Failure('damaged', 'some journals are damaged').exitCode;

export const command: Command = {
  name: 'verify',
  summary: 'check every journal file',
  words: { min: 0, max: 0 },
  options: [workspaceOption, jsonOption],
  about:
    'Reads every journal of this workspace from end to end and checks each line against its ' +
    'checksum and the line before it. Nothing is changed. What is damaged is passed over by all ' +
    'other commands; everything else stays readable.',
  examples: [
    ['clew verify', 'the journals of the workspace that you are in'],
    ['clew verify --json', 'for programs: see schemas/rpc/journal/verify.json'],
  ],
  exits: [[damaged, 'something is damaged']],
  async run(call) {
    const { io, options } = call;
    const verdict = await ask(call, 'journal/verify', {});
    if (options['json'] === true) printJson(io, verdict);
    else io.write(showVerdict(verdict, io));
    return verdict.sound ? 0 : damaged;
  },
};

export function showVerdict(
  { files, problems, sound }: Verdict,
  io: Pick<Io, 'usesColor'>,
): string {
  const paint = openPaint(io);
  const bytes = files.reduce((sum, it) => sum + it.bytes, 0);
  const entries = files.reduce((sum, it) => sum + it.entries, 0);
  const open = files.filter((it) => it.open).length;
  const all = [
    showCount(files.length, 'journal file'),
    showCount(entries, 'entry', 'entries'),
    showBytes(bytes),
    ...(open === 0 ? [] : [`${open} being written`]),
  ].join(', ');
  const told = problems.map(({ kind, message, line, offset }) => {
    const at = line === undefined ? offset && `byte ${offset}` : `line ${line}`;
    return `  ${paint(kind, 'bad')}  ${showLine(message)}${at === undefined ? '' : ` (${at})`}`;
  });
  const verdict = sound
    ? paint('sound', 'good')
    : paint(showCount(problems.length, 'problem'), 'bad');
  return `${[`${all}: ${verdict}`, ...told].join('\n')}\n`;
}
