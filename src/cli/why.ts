/** clew why: where one line comes from, with the prompt, the tool call and the evidence. */
import { resolve } from 'node:path';
import { refuse } from './arguments.ts';
import { ask, printJson, rootOf } from './ask.ts';
import { type Command, jsonOption, workspaceOption } from './command.ts';
import { showLine } from './printable.ts';
import { showWhy } from './show-why.ts';

const name = 'why';

export const command: Command = {
  name,
  summary: 'tell where one line comes from, and how that is known',
  takes: '<file>:<line> [<rev>]',
  words: { min: 1, max: 2 },
  offers: 'files',
  options: [workspaceOption, jsonOption],
  about:
    'Shows what was asked in the turn that the line comes from, the tool call that wrote it, how ' +
    'that is known, and how sure it is.',
  examples: [
    ['clew why src/a.ts:12', 'of the file as it is now'],
    ['clew why src/a.ts:12 HEAD~3', 'as it was committed'],
    ['clew why src/a.ts:12 --json', 'for programs: see schemas/rpc/blame/why.json'],
  ],
  exits: [[5, 'there is no such file or revision']],
  async run(call) {
    const { io, options, words } = call;
    const [place = '', rev] = words;
    const [, file, line] = /^(.+):(\d{1,9})$/.exec(place) ?? [];
    if (file === undefined || Number(line) < 1)
      throw refuse({ name }, `${place} names no line`, 'say it as src/a.ts:12');
    const result = await ask(call, 'blame/why', {
      path: resolve(io.cwd, file),
      line: Number(line),
      ...(rev === undefined ? {} : { rev }),
    });
    if (options['json'] === true) printJson(io, result);
    else io.write(showWhy(result, io, rootOf(call)));
    if (options['json'] !== true)
      for (const note of result.notes ?? []) io.warn(`clew: ${showLine(note)}\n`);
    return 0;
  },
};
