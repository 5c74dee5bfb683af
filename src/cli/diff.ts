/** clew diff: what differs between two checkpoints, or between one and the files as they are now. */
import { resolve } from 'node:path';
import type { CheckpointDiff } from '../contract/types.gen.ts';
import { refuse } from './arguments.ts';
import { ask, printJson } from './ask.ts';
import { type Call, type Command, jsonOption, workspaceOption } from './command.ts';
import { showLine } from './printable.ts';
import { showDiff, showDiffStat, writeDiff } from './show-diff.ts';

const name = 'diff';

/** As much as a method gives. */
const wholeBytes = 256 << 20;

export const command: Command = {
  name,
  summary: 'show what differs between two checkpoints, or one and now',
  takes: '<checkpoint> [<checkpoint>] [-- paths]',
  words: { min: 1, max: 2 },
  behind: 'files',
  offers: 'checkpoints',
  options: [
    { name: 'stat', about: 'only how many lines of each file' },
    { name: 'unified', short: 'U', value: 'N', about: 'lines around each change; 3 unless told' },
    workspaceOption,
    jsonOption,
  ],
  about:
    'Shows what changed from one checkpoint to another, or to the files as they are now: renamed ' +
    'files as such, and each change of a text with the number by which `clew undo --hunk` takes ' +
    'it; -U 0 shows each by itself. What is not printed to a terminal is a patch that `git apply` ' +
    'takes; binary files are only named in it, and it refuses those. A difference says what ' +
    'changed in between, not who changed it.',
  examples: [
    ['clew diff @turn', 'what changed since the last turn began'],
    ['clew diff 7k2f9q 3m8x1c -- src', 'between two, and only in src/'],
    ['clew diff 7k2f9q --stat', 'how much in which file'],
    ['clew diff 3m8x1c 7k2f9q | git apply', 'makes the files what they were'],
    ['clew diff 7k2f9q --json', 'for programs: see schemas/rpc/checkpoint/diff.json'],
  ],
  exits: [[5, 'there is no such checkpoint, or more than one']],
  async run(call) {
    const { io, options } = call;
    const isStat = options['stat'] === true;
    const result = await ask(call, 'checkpoint/diff', readParams(call));
    if (options['json'] === true) printJson(io, result);
    else if (isStat) io.write(showDiffStat(result, io));
    else if (io.columns === undefined) io.write(writeDiff(result));
    else io.write(showDiff(result, io));
    if (options['json'] !== true) warnOf(call, result, isStat);
    return 0;
  },
};

function readParams({ io, options, words, rest }: Call): CheckpointDiff['params'] {
  const [from = '', to] = words;
  const { unified, stat, json } = options;
  return {
    from,
    ...(to === undefined ? {} : { to }),
    ...(rest.length === 0 ? {} : { paths: rest.map((it) => resolve(io.cwd, it)) }),
    ...(typeof unified === 'string' ? { context: countOf(unified) } : {}),
    ...(json === true ? {} : { limitBytes: stat === true ? 0 : wholeBytes }),
  };
}

function countOf(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw refuse({ name }, `--unified is no number: ${text}`, 'say how many lines, 0 or more');
}

/** On standard error, where it does not get into a patch. */
function warnOf({ io }: Call, { files, notes = [] }: CheckpointDiff['result'], isStat: boolean) {
  for (const note of notes) io.warn(`clew: ${showLine(note)}\n`);
  if (isStat) return;
  const unsaid = files.filter((it) => it.hunks === undefined && it.before?.oid !== it.after?.oid);
  for (const { path, kind, why } of unsaid)
    io.warn(`clew: the lines of ${showLine(path)} are not shown: ${why ?? kind}\n`);
}
