/** clew reindex: builds the index anew from the journals. */
import { showCount } from './amounts.ts';
import { ask, printJson } from './ask.ts';
import { type Command, jsonOption, workspaceOption } from './command.ts';
import { showDuration } from './moments.ts';

export const command: Command = {
  name: 'reindex',
  summary: 'build the index anew from the journals',
  words: { min: 0, max: 0 },
  options: [workspaceOption, jsonOption],
  about:
    'Throws the index away and builds it anew. Nothing is lost: everything in it comes from the ' +
    'journals. It is not needed in daily use, since the index notices damage by itself.',
  examples: [
    ['clew reindex', 'the index of the workspace that you are in'],
    ['clew reindex --json', 'for programs: see schemas/rpc/journal/reindex.json'],
  ],
  exits: [[7, 'another process is building it']],
  async run(call) {
    const { io, options } = call;
    const built = await ask(call, 'journal/reindex', {});
    if (options['json'] === true) {
      printJson(io, built);
      return 0;
    }
    const what = showCount(built.entries, 'entry', 'entries');
    const from = showCount(built.files, 'journal file');
    io.write(`indexed ${what} of ${from} in ${showDuration(built.tookMs)}\n`);
    return 0;
  },
};
