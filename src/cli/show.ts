/** clew show: one session, turn or step in full. */
import { ask, printJson } from './ask.ts';
import { type Command, jsonOption, workspaceOption } from './command.ts';
import { showShown } from './show-shown.ts';

export const command: Command = {
  name: 'show',
  summary: 'show one session, turn or step in full',
  takes: '<id>',
  words: { min: 1, max: 1 },
  offers: 'ids',
  options: [workspaceOption, jsonOption],
  about:
    'Shows everything that is recorded of one session, turn or step: what was asked and answered, ' +
    'each tool with its outcome and the files that it names, each permission and who gave it, and what commands changed without naming it. The ' +
    'id is one that `clew log` shows, in full or its end; @session, @turn and @step are the newest ' +
    'ones, @turn~1 is the turn before.',
  examples: [
    ['clew show @turn', 'what happened just now'],
    ['clew show 7k2f9q', 'by the letters that `clew log` shows'],
    ['clew show @session --json', 'for programs: see schemas/rpc/log/show.json'],
  ],
  exits: [[5, 'there is no such id, or more than one']],
  async run(call) {
    const { io, options, words } = call;
    const result = await ask(call, 'log/show', { id: words[0] ?? '' });
    if (options['json'] === true) printJson(io, result);
    else io.write(showShown(result, io));
    return 0;
  },
};
