/** clew verify: checks every journal file and says what is wrong where. */
import { resolve } from 'node:path';
import type { AttributionVerify, JournalVerify } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import { showBytes, showCount } from './amounts.ts';
import { refuse } from './arguments.ts';
import { ask, printJson } from './ask.ts';
import { type Call, type Command, jsonOption, workspaceOption } from './command.ts';
import type { Io } from './io.ts';
import { openPaint } from './paint.ts';
import { showLine } from './printable.ts';

type Verdict = JournalVerify['result'];

const damaged = new Failure('damaged', 'some journals are damaged').exitCode;

const name = 'verify';

export const command: Command = {
  name,
  summary: 'check every journal file, or what is told of lines',
  words: { min: 0, max: 0 },
  options: [
    {
      name: 'attribution',
      about: 'check instead what is told of lines: exported records, and what is kept of versions',
    },
    {
      name: 'file',
      value: 'FILE',
      about: 'with --attribution: these records, not .agent-trace/traces.jsonl',
      offers: 'files',
    },
    workspaceOption,
    jsonOption,
  ],
  about:
    'Reads every journal of this workspace from end to end and checks each line against its ' +
    'checksum and the line before it. Nothing is changed. What is damaged is passed over by all ' +
    'other commands; everything else stays readable.',
  examples: [
    ['clew verify', 'the journals of the workspace that you are in'],
    ['clew verify --attribution', 'every hash of exported records is recomputed'],
    ['clew verify --json', 'for programs: see schemas/rpc/journal/verify.json'],
  ],
  exits: [[damaged, 'something is damaged']],
  async run(call) {
    const { io, options } = call;
    if (options['attribution'] === true) return verifyAttribution(call);
    if (options['file'] !== undefined) throw refuse({ name }, '--file is for --attribution');
    const verdict = await ask(call, 'journal/verify', {});
    if (options['json'] === true) printJson(io, verdict);
    else io.write(showVerdict(verdict, io));
    return verdict.sound ? 0 : damaged;
  },
};

async function verifyAttribution(call: Call): Promise<number> {
  const { io, options } = call;
  const { file } = options;
  const place = typeof file === 'string' ? { file: resolve(io.cwd, file) } : {};
  const verdict = await ask(call, 'attribution/verify', place);
  if (options['json'] === true) printJson(io, verdict);
  else io.write(showAttribution(verdict, io));
  return verdict.sound ? 0 : damaged;
}

function showAttribution(verdict: AttributionVerify['result'], io: Pick<Io, 'usesColor'>): string {
  const { records, ranges, superseded, unknown, versions, problems, sound } = verdict;
  const paint = openPaint(io);
  const all = [
    showCount(records, 'record'),
    `${showCount(ranges, 'hash', 'hashes')} recomputed`,
    ...(superseded === 0 ? [] : [`${superseded} superseded`]),
    ...(unknown === 0 ? [] : [`${unknown} of no known kind`]),
    `${showCount(versions, 'version')} folded anew`,
  ].join(', ');
  const end = sound ? paint('sound', 'good') : paint(showCount(problems.length, 'problem'), 'bad');
  return `${[`${all}: ${end}`, ...problems.map((it) => `  ${showLine(it)}`)].join('\n')}\n`;
}

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
