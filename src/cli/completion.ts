/** clew completion: what a shell needs to complete commands and options, from the table. */

import { refuse } from './arguments.ts';
import { type Command, idKinds } from './command.ts';
import { writeBash } from './completion-bash.ts';
import { writeFish } from './completion-fish.ts';
import { writeZsh } from './completion-zsh.ts';
import { offerIds } from './offer-ids.ts';

const writers: Readonly<Record<string, (all: readonly Command[]) => string>> = {
  bash: writeBash,
  zsh: writeZsh,
  fish: writeFish,
};
const shells = Object.keys(writers);

export const command: Command = {
  name: 'completion',
  summary: 'print completion for bash, zsh or fish',
  takes: shells.join('|'),
  words: { min: 1, max: 1 },
  choices: shells,
  options: [],
  about:
    'Prints a script that makes the shell complete the commands and options of clew, files, and ' +
    'the ids of sessions, turns and checkpoints.',
  examples: [
    ['source <(clew completion bash)', 'in ~/.bashrc'],
    ['source <(clew completion zsh)', 'in ~/.zshrc, after compinit'],
    ['clew completion fish > ~/.config/fish/completions/clew.fish', 'once'],
  ],
  async run(call) {
    const { io, commands, words } = call;
    const [shell = ''] = words;
    // The scripts ask for these.
    const kind = idKinds.find((it) => it === shell);
    if (kind !== undefined) {
      io.write(`${(await offerIds(call, kind)).join('\n')}\n`);
      return 0;
    }
    const write = Object.hasOwn(writers, shell) ? writers[shell] : undefined;
    if (write === undefined)
      throw refuse(
        command,
        `there is no completion for ${shell}`,
        `there is one for ${shells.join(', ')}`,
      );
    const all = await Promise.all(commands.map(async (it) => (await it.load()).command));
    io.write(write(all));
    return 0;
  },
};
