/** Reads a command's arguments: its options, its words, and what stands behind `--`. */
import { parseArgs } from 'node:util';
import { Failure } from '../errors.ts';
import type { Call, Command } from './command.ts';
import { suggest } from './suggest.ts';

export function readArguments(
  command: Command,
  args: readonly string[],
): Omit<Call, 'io' | 'commands' | 'wiring'> | 'help' {
  const end = args.indexOf('--');
  const own = end === -1 ? [...args] : args.slice(0, end);
  const behind = end === -1 ? [] : args.slice(end + 1);
  const { values, lists, words: before } = parse(command, own);
  if (values['help'] === true) return 'help';
  // Where nothing else stands behind it, `--` only ends the options: what follows may begin with a dash.
  const [words, rest] =
    command.behind === undefined ? [[...before, ...behind], []] : [before, behind];
  refuseEmpty(command, command.behind === 'program' ? words : [...words, ...rest]);
  if (words.length < command.words.min)
    throw refuse(command, `${command.name} needs ${command.takes ?? 'an argument'}`);
  if (command.words.max < words.length)
    throw refuse(command, `${command.name} does not take ${words[command.words.max]}`);
  return { options: values, lists, words, rest };
}

/** It would stand for the folder one is in, or for the newest of something: what nobody asked for. */
function refuseEmpty(command: Command, words: readonly string[]): void {
  if (!words.includes('')) return;
  const hint = `is a variable not set? \`clew ${command.name} --help\` tells how it is used`;
  throw refuse(command, `${command.name} was given an empty word`, hint);
}

type Parsed = {
  values: Record<string, string | true | undefined>;
  lists: Record<string, string[] | undefined>;
  words: string[];
};

function parse(command: Command, args: string[]): Parsed {
  const known = new Map(command.options.map((it) => [it.name, it]));
  const options = Object.fromEntries(
    command.options.map(({ name, value, short }) => [
      name,
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        ...(short === undefined ? {} : { short }),
      },
    ]),
  );
  const help = { type: 'boolean', short: 'h' } as const;
  const { tokens } = parseArgs({
    args,
    options: { ...options, help },
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const parsed: Parsed = {
    values: Object.create(null),
    lists: Object.create(null),
    words: [],
  };
  for (const token of tokens) {
    if (token.kind === 'positional') parsed.words.push(token.value);
    if (token.kind !== 'option') continue;
    const option = known.get(token.name);
    if (option === undefined && token.name !== 'help') throw unknown(command, token.rawName);
    const value = takeValue(command, option?.value, token);
    if (option?.repeats === true && value !== true) {
      parsed.lists[token.name] ??= [];
      parsed.lists[token.name]?.push(value);
    } else parsed.values[token.name] = value;
  }
  return parsed;
}

type Token = {
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
};

function takeValue(command: Command, wanted: string | undefined, token: Token): string | true {
  const { rawName, value } = token;
  if (wanted === undefined && value === undefined) return true;
  if (wanted === undefined) throw refuse(command, `${rawName} takes no value`);
  // What looks like an option is one; `--grep=--json` looks for it.
  const isOption = token.inlineValue !== true && value?.startsWith('-') === true;
  if (value === undefined || value === '' || isOption)
    throw refuse(command, `${rawName} needs a value: ${rawName} ${wanted}`);
  return value;
}

function unknown(command: Command, rawName: string): Failure {
  // The dashes are alike in all of them.
  const names = [...command.options.map((it) => it.name), 'help'];
  const near = suggest(rawName.replace(/^-+/, ''), names);
  const hint = near === undefined ? undefined : `did you mean --${near}?`;
  return refuse(command, `${command.name} has no option ${rawName}`, hint);
}

export function refuse(command: Pick<Command, 'name'>, message: string, hint?: string): Failure {
  return new Failure('usage', message, {
    data: { command: command.name },
    hint: hint ?? `\`clew ${command.name} --help\` tells how it is used`,
  });
}
