/** clew import: takes an agent's own log as a second witness of who wrote which line. */
import { resolve } from 'node:path';
import { showCount } from './amounts.ts';
import { ask, printJson } from './ask.ts';
import { type Command, jsonOption, workspaceOption } from './command.ts';

export const command: Command = {
  name: 'import',
  summary: "take an agent's own log as a witness of who wrote which line",
  takes: '<log>',
  words: { min: 1, max: 1 },
  offers: 'files',
  options: [workspaceOption, jsonOption],
  about:
    'Reads a log of Claude Code, Codex or Qwen Code, as it lies in ~/.claude/projects, ' +
    '~/.codex/sessions or ~/.qwen/projects, and keeps what it says of files of this workspace. `clew blame` then credits lines with grade L where the text fits to the ' +
    'letter; also of a time when clew was not there.',
  examples: [
    ['clew import ~/.claude/projects/-home-ada-work/1.jsonl', 'one session'],
    ['clew import LOG --json', 'for programs: see schemas/rpc/attribution/import.json'],
  ],
  exits: [[5, 'there is no such file']],
  async run(call) {
    const { io, options, words } = call;
    const file = resolve(io.cwd, words[0] ?? '');
    const result = await ask(call, 'attribution/import', { file });
    if (options['json'] === true) printJson(io, result);
    else {
      const { agent, edits, outside, known } = result;
      const left = [
        ...(known === 0 ? [] : [`${known} known already`]),
        ...(outside === 0 ? [] : [`${outside} of files elsewhere passed over`]),
      ];
      io.write(`${[`${showCount(edits, 'edit')} of ${agent} taken`, ...left].join(', ')}\n`);
    }
    return 0;
  },
};
