/** clew blame: who wrote each line, how that is known, and how sure it is. */
import { resolve } from 'node:path';
import type { BlameFile } from '../contract/types.gen.ts';
import { refuse } from './arguments.ts';
import { ask, printJson } from './ask.ts';
import { type Call, type Command, jsonOption, workspaceOption } from './command.ts';
import { showLine } from './printable.ts';
import { showBlame, showCommitBlame, writePorcelain } from './show-blame.ts';

const name = 'blame';

export const command: Command = {
  name,
  summary: 'show who wrote each line of a file, and how that is known',
  takes: '<file> [<rev>]',
  words: { min: 0, max: 2 },
  offers: 'files',
  options: [
    { name: 'lines', short: 'L', value: 'A,B', about: 'only lines A to B' },
    { name: 'commit', value: 'REV', about: 'who wrote the lines that a commit added, with totals' },
    { name: 'porcelain', about: 'one line of fields, then the text, for each line of the file' },
    workspaceOption,
    jsonOption,
  ],
  about:
    'Tells each line by content, not by time. Grades: W the wire told this very text; L the ' +
    "agent's own log told it; X nothing told it, and only one agent can have been it; C more " +
    'than one can; U nobody knows. +F: somebody else set its spaces or breaks. +M: it was moved. ' +
    'The ids lead on: `clew show`, `clew diff` and `clew undo` take them.',
  examples: [
    ['clew blame src/a.ts', 'the file as it is now'],
    ['clew blame src/a.ts HEAD~3', 'as it was committed'],
    ['clew blame --commit HEAD', 'how much of a commit who wrote'],
    ['clew blame src/a.ts -L 10,20', 'some of its lines'],
    ['clew blame src/a.ts --json', 'for programs: see schemas/rpc/blame/file.json'],
  ],
  exits: [[5, 'there is no such file']],
  async run(call) {
    const { io, options, words } = call;
    const { commit } = options;
    if (typeof commit === 'string') return showCommit(call, commit);
    const [file, rev] = words;
    if (file === undefined) throw refuse({ name }, 'blame needs a file, or --commit REV');
    const path = resolve(io.cwd, file);
    const result = await ask(call, 'blame/file', {
      path,
      ...(rev === undefined ? {} : { rev }),
      ...readLines(options['lines']),
    });
    if (options['json'] === true) printJson(io, result);
    else if (options['porcelain'] === true) io.write(writePorcelain(result));
    else io.write(showBlame(result, io));
    if (options['json'] !== true)
      for (const note of result.notes ?? []) io.warn(`clew: ${showLine(note)}\n`);
    return 0;
  },
};

async function showCommit(call: Call, rev: string): Promise<number> {
  const { io, options, words } = call;
  const [word] = words;
  if (word !== undefined) throw refuse({ name }, `--commit takes no file: ${word}`);
  const result = await ask(call, 'blame/commit', { rev });
  if (options['json'] === true) printJson(io, result);
  else io.write(showCommitBlame(result, io));
  if (options['json'] !== true)
    for (const note of result.notes ?? []) io.warn(`clew: ${showLine(note)}\n`);
  return 0;
}

function readLines(text: Call['options'][string]): Pick<BlameFile['params'], 'from' | 'to'> {
  if (typeof text !== 'string') return {};
  const [, from = '', , to] = /^(\d{1,9})(,(\d{1,9})?)?$/.exec(text) ?? [];
  if (from === '' || Number(from) < 1)
    throw refuse({ name }, `--lines is no range of lines: ${text}`, 'say it as 10,20');
  const end = text.includes(',') ? to : from;
  return { from: Number(from), ...(end === undefined ? {} : { to: Number(end) }) };
}
