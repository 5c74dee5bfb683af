/** Writes the help of a command, and the list of all. */
import type { Command, Listed, Option } from './command.ts';
import { wrapToWidth } from './width.ts';

const width = 80;

const everyExit: readonly (readonly [number, string])[] = [
  [0, 'done'],
  [2, 'the command line was wrong'],
  [3, 'nothing is recorded here, or its state cannot be used'],
  [4, 'the index is unavailable'],
];

/** Only these ask the index. */
const indexed = new Set(['context', 'log', 'show', 'reindex']);

export function showHelp(command: Command): string {
  const { name, takes, options, about, examples } = command;
  const usage = ['clew', name, ...(options.length === 0 ? [] : ['[options]']), takes];
  const exits = [...everyExit, ...(command.exits ?? [])].filter(
    ([code]) => code !== 4 || indexed.has(name),
  );
  return `${[
    `Usage: ${usage.filter((it) => it !== undefined).join(' ')}`,
    '',
    ...wrapToWidth(about, width),
    '',
    'Options:',
    ...showTable([
      ...options.map((it) => [nameOption(it), it.about] as const),
      ['--help', 'show this'],
    ]),
    '',
    'Examples:',
    ...showTable(examples),
    '',
    'Exit codes:',
    ...showTable(exits.map(([code, why]) => [String(code), why] as const)),
  ].join('\n')}\n`;
}

export function showOverview(commands: readonly Listed[]): string {
  return `${[
    'Usage: clew <command> [options]',
    '',
    ...wrapToWidth(
      'clew stands between an editor and a coding agent, records what happens, and answers ' +
        'questions about it.',
      width,
    ),
    '',
    'Commands:',
    ...showTable(commands.map((it) => [it.name, it.summary] as const)),
    '',
    'Options:',
    ...showTable([
      ['--help', 'show this, or after a command its help'],
      ['--version', 'show the version'],
    ]),
    '',
    'Examples:',
    ...showTable([
      ['clew acp -- codex-acp', 'what an editor runs instead of the agent'],
      ['clew log', 'what agents did in this workspace'],
      ['clew show @last-turn', 'the newest turn in full'],
    ]),
  ].join('\n')}\n`;
}

function nameOption({ name, short, value }: Option): string {
  const called = short === undefined ? `--${name}` : `-${short}, --${name}`;
  return value === undefined ? called : `${called} ${value}`;
}

/** Past this the second column begins on the next line. */
const firstLimit = 46;

export function showTable(rows: readonly (readonly [string, string])[]): string[] {
  const lengths = rows.map(([name]) => name.length);
  const first = Math.max(...lengths.filter((it) => it <= firstLimit), 4);
  return rows.flatMap(([name, about]) => {
    const lines = wrapToWidth(about, width - first - 4);
    const rest = (it: string) => ' '.repeat(first + 4) + it;
    if (first < name.length) return [`  ${name}`, ...lines.map(rest)];
    return [`  ${name.padEnd(first)}  ${lines[0]}`, ...lines.slice(1).map(rest)];
  });
}
