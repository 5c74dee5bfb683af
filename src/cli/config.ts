/** clew config: what is set, for this workspace or for you. */
import type { Setting } from '../contract/types.gen.ts';
import { refuse } from './arguments.ts';
import { ask, printJson } from './ask.ts';
import { type Call, type Command, jsonOption, workspaceOption } from './command.ts';
import { showLine } from './printable.ts';

export const command: Command = {
  name: 'config',
  summary: 'tell and change what is set, such as history.max_bytes',
  takes: '[KEY [VALUE]]',
  words: { min: 0, max: 2 },
  options: [
    { name: 'user', about: 'set it for all your workspaces; what one has set itself counts more' },
    { name: 'unset', about: 'set it no longer' },
    workspaceOption,
    jsonOption,
  ],
  about:
    'Without a value it tells what is set and where; with one it sets it for this workspace. There ' +
    'are history.max_bytes, which bounds the journals and the index by dropping what was said in ' +
    'the oldest sessions, and resume, which is what `clew acp --resume` asks for.',
  examples: [
    ['clew config', 'everything'],
    ['clew config history.max_bytes 500M', 'for this workspace'],
    ['clew config --user resume true', 'wherever you work'],
    ['clew config --unset history.max_bytes', 'no limit any more'],
  ],
  async run(call) {
    const { io, options, words } = call;
    const [key, value] = words;
    const settings =
      key !== undefined && (value !== undefined || options['unset'] === true)
        ? [await change(call, key, value)]
        : await read(call, key);
    if (options['json'] === true) printJson(io, { settings });
    else for (const it of settings) io.write(showSetting(it));
    return 0;
  },
};

async function read(call: Call, key: string | undefined): Promise<readonly Setting[]> {
  const { user, unset } = call.options;
  if (user === true || unset === true) throw refuse(command, 'say what to set');
  return (await ask(call, 'config/get', key === undefined ? {} : { key })).settings;
}

async function change(call: Call, key: string, value: string | undefined): Promise<Setting> {
  const { user, unset } = call.options;
  if (unset === true && value !== undefined) throw refuse(command, 'say either --unset or a value');
  const params = { key, ...(value === undefined ? {} : { value }), user: user === true };
  return (await ask(call, 'config/set', params)).setting;
}

function showSetting({ key, value, from, about }: Setting): string {
  const told = value === undefined ? 'not set' : `${showLine(String(value))} (${from})`;
  return `${key}: ${told}\n    ${about}\n`;
}
