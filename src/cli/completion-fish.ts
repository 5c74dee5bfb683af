/** Completion for fish. */
import type { Command, Option } from './command.ts';

export function writeFish(all: readonly Command[]): string {
  const first = '__fish_use_subcommand';
  return `${[
    '# clew completion for fish',
    'complete -c clew -f',
    `complete -c clew -n ${first} -l help -d 'show help'`,
    `complete -c clew -n ${first} -l version -d 'show the version'`,
    `complete -c clew -n ${first} -a help -d 'show the help of a command'`,
    ...all.map((it) => `complete -c clew -n ${first} -a ${it.name} -d ${quote(it.summary)}`),
    ...all.flatMap(writeCommand),
  ].join('\n')}\n`;
}

function writeCommand({ name, options, choices, offers, behind }: Command): string[] {
  const when = `complete -c clew -n '__fish_seen_subcommand_from ${name}'`;
  return [
    ...options.map((it) => `${when} ${writeOption(it)}`),
    `${when} -l help -d 'show help'`,
    ...(choices === undefined ? [] : [`${when} -a ${quote(choices.join(' '))}`]),
    ...(offers === undefined ? [] : [`${when} ${offer(offers)}`]),
    ...(behind === undefined
      ? []
      : [`${when.slice(0, -1)}; and contains -- -- (commandline -opc)' -F`]),
  ];
}

function writeOption({ name, short, value, about, offers }: Option): string {
  const takes = value === undefined ? '' : ' -r';
  const action = offers === undefined ? '' : ` ${offer(offers)}`;
  const letter = short === undefined ? '' : ` -s ${short}`;
  return `-l ${name}${letter}${takes}${action} -d ${quote(about)}`;
}

function offer(offers: NonNullable<Option['offers']>): string {
  if (typeof offers === 'object') return `-a ${quote(offers.join(' '))}`;
  if (offers === 'files') return '-F';
  if (offers === 'folders') return "-a '(__fish_complete_directories)'";
  return `-a '(clew completion ${offers} 2>/dev/null)'`;
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
