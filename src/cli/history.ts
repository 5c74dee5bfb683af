/** clew history: how large the history is, and makes it shorter. */
import { readBytes, showBytes, showCount } from './amounts.ts';
import { refuse } from './arguments.ts';
import { ask, printJson } from './ask.ts';
import { type Call, type Command, jsonOption, workspaceOption } from './command.ts';

export const command: Command = {
  name: 'history',
  summary: 'keep the history within its budget',
  takes: '[shorten]',
  words: { min: 0, max: 1 },
  choices: ['shorten'],
  options: [
    { name: 'max-bytes', value: 'SIZE', about: 'instead of history.max_bytes, this once' },
    { name: 'dry-run', about: 'tell what would be dropped, and drop nothing' },
    workspaceOption,
    jsonOption,
  ],
  about:
    'Tells how large the journals and the index are. `clew history shorten` drops what was said in ' +
    'the oldest closed runs, and then what else is told of them, until that is within ' +
    'history.max_bytes (see `clew config`); a sidecar does the same while nothing happens. ' +
    'Checkpoints stay, and so do the state, tasks and all that says which sessions there were. ' +
    'Runs that go on are not touched. What was dropped is told in the journal, and `clew verify` ' +
    'finds it sound.',
  examples: [
    ['clew history', 'how large it is'],
    ['clew history shorten --max-bytes 200M --dry-run', 'what would go'],
  ],
  async run(call) {
    const { io, options, words } = call;
    const [deed] = words;
    if (deed !== undefined && deed !== 'shorten') throw refuse(command, `history has no ${deed}`);
    const dryRun = deed === undefined || options['dry-run'] === true;
    const result = await ask(call, 'history/shorten', { ...readLimit(call), dryRun }, 'reading');
    if (options['json'] === true) printJson(io, result);
    else io.write(showResult(result, deed !== undefined));
    return 0;
  },
};

type Result = Awaited<ReturnType<typeof ask<'history/shorten'>>>;

function showResult(result: Result, isAsked: boolean): string {
  const { limitBytes, bytesBefore, bytesAfter, files, bodies, entries, held, dryRun } = result;
  const budget = limitBytes === undefined ? 'no budget is set' : `budget ${showBytes(limitBytes)}`;
  const size = `${showBytes(bytesBefore)} of journals and index, ${budget}`;
  const live = held === 0 ? '' : `, ${showBytes(held)} of runs that go on`;
  if (files === 0) return `${size}${live}\n`;
  const what = `${showCount(bodies, 'entry', 'entries')} without what was said, ${showCount(entries, 'entry', 'entries')} gone`;
  const would = dryRun ? 'would be ' : '';
  const after = `${showBytes(bytesAfter)} of journals left in ${showCount(files, 'shortened file')}`;
  const hint = isAsked ? '' : '; `clew history shorten` does it';
  return `${size}${live}\n${would}shortened: ${what}; ${after}${hint}\n`;
}

function readLimit({ options }: Call): { maxBytes?: number } {
  const text = options['max-bytes'];
  if (typeof text !== 'string') return {};
  const maxBytes = readBytes(text);
  if (maxBytes !== undefined) return { maxBytes };
  throw refuse(command, `--max-bytes is no size: ${text}`, 'say how many bytes: 500000, 64M, 1G');
}
