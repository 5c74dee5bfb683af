/** Writes the help of a command, and the list of all. */
import type { Command, Group, Listed, Option } from './command.ts';
import { wrapToWidth } from './width.ts';

const width = 80;

const everyExit: readonly (readonly [number, string])[] = [
  [0, 'done'],
  [2, 'the command line was wrong'],
  [3, 'nothing is recorded here, or its state cannot be used'],
  [4, 'the index is unavailable'],
];

const unusable = 'the folder, or its state, cannot be used';

/** These look at no workspace. */
const stateless = new Set(['completion']);
/** These need nothing that was recorded. */
const beginning = new Set([
  ...['acp', 'exec', 'serve', 'checkpoint', 'status', 'doctor', 'config', 'import'],
  ...['state', 'tasks', 'hooks'],
]);

/** Only these ask the index. */
const indexed = new Set(['context', 'log', 'show', 'reindex']);

export function showHelp(command: Command): string {
  const { name, takes, options, about, examples } = command;
  const usage = ['clew', name, ...(options.length === 0 ? [] : ['[options]']), takes];
  const exits = listExits(command);
  return `${[
    ...wrapToWidth(`Usage: ${usage.filter((it) => it !== undefined).join(' ')}`, width),
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

function listExits({ name, exits = [] }: Command): (readonly [number, string])[] {
  return [...everyExit, ...exits]
    .filter(([code]) => (code !== 4 || indexed.has(name)) && (code !== 3 || !stateless.has(name)))
    .map(([code, why]) =>
      code === 3 && beginning.has(name) ? ([3, unusable] as const) : ([code, why] as const),
    )
    .sort(([one], [other]) => one - other);
}

const groups: readonly (readonly [Group, string])[] = [
  ['record', 'Put clew in front of an agent, or ask it from a program:'],
  ['look', 'See what happened:'],
  ['back', 'Go back:'],
  ['project', 'Know where the work stands:'],
  ['care', 'Look after clew:'],
];

export function showOverview(commands: readonly Listed[]): string {
  const longest = Math.max(...commands.map(({ name }) => name.length));
  return `${[
    'Usage: clew <command> [options]',
    '',
    ...wrapToWidth(
      'clew stands between an editor and a coding agent, records what happens, and answers ' +
        'questions about it.',
      width,
    ),
    '',
    ...groups.flatMap(([group, title]) => {
      const own = commands.filter((it) => it.group === group);
      const rows = own.map((it) => [it.name.padEnd(longest), it.summary] as const);
      return [title, ...showTable(rows), ''];
    }),
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
      ['clew undo @turn', 'take back what the newest turn did to files'],
      ['clew blame src/app.ts', 'who wrote each line, and how that is known'],
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
