/** clew undo: takes back what a session, a turn, a step or an undo did to files; what others wrote stays. */
import { normalize } from 'node:path';
import type { Choices, UndoPlan } from '../contract/types.gen.ts';
import { refuse } from './arguments.ts';
import { ask, printJson, rootOf } from './ask.ts';
import {
  type Call,
  type Command,
  jsonOption,
  outsideLinksOption,
  workspaceOption,
} from './command.ts';
import { fromHere, openPathsToHere } from './paths-from-here.ts';
import { shortId } from './show-log.ts';
import { judgePlan, quote, showPlan } from './show-plan.ts';

const name = 'undo';
const kinds = ['keep', 'overwrite', 'merge'] as const;

export const command: Command = {
  name,
  summary: 'take back what a turn, step or session did to files',
  takes: '[<turn|session|step|undo>]',
  words: { min: 0, max: 1 },
  offers: 'ids',
  options: [
    {
      name: 'path',
      value: 'P',
      repeats: true,
      about: 'only this file, or what is in this folder; may be given again',
      offers: 'files',
    },
    {
      name: 'hunk',
      value: 'N',
      repeats: true,
      about: 'only this hunk of the one file, as `clew diff` numbers them; may be given again',
    },
    {
      name: 'lost',
      value: 'ALERT',
      about:
        'instead, give back the lines of somebody else that an agent overwrote; @last: the newest',
    },
    { name: 'dry-run', about: 'only show what would happen' },
    {
      name: 'keep',
      value: 'P',
      repeats: true,
      about: 'leave what others wrote there since; a folder stands for all in it',
      offers: 'files',
    },
    {
      name: 'overwrite',
      value: 'P',
      repeats: true,
      about: 'go back there anyway, and lose what was written since',
      offers: 'files',
    },
    {
      name: 'merge',
      value: 'P',
      repeats: true,
      about: 'take only its own lines back out there, and leave all others',
      offers: 'files',
    },
    outsideLinksOption,
    workspaceOption,
    jsonOption,
  ],
  about:
    'Takes back what one turn, step or session did to the files of this workspace, or an earlier ' +
    'undo; without an id, whatever was done last. What others wrote stays: where somebody changed ' +
    'the same file since, nothing at all happens until you say what is to become of it. A ' +
    'checkpoint is taken first, so that every undo can itself be undone. Only files go back: the ' +
    'agent still remembers what it did.',
  examples: [
    ['clew undo --dry-run', 'what taking back the last turn would do'],
    ['clew undo 7k2f9q --path src/a.ts', 'only in that file'],
    ['clew undo @turn~1 --merge .', 'the turn before the last, around later edits'],
    ['clew undo --lost @last', 'the lines back that an agent overwrote unseen'],
    ['clew undo', 'after an undo: does again what it took back'],
  ],
  exits: [
    [5, 'there is no such id, or more than one'],
    [7, 'another process has the checkpoints, and does not answer'],
    [8, 'a path asks for a choice, or stands in the way: nothing was changed'],
  ],
  async run(call) {
    const { io, options } = call;
    const isTrial = options['dry-run'] === true;
    const method = isTrial ? 'undo/plan' : 'undo/apply';
    if (options['lost'] !== undefined && call.words.length > 0)
      throw refuse({ name }, '--lost takes no turn or step', 'name the alert alone');
    const result = await ask(call, method, readParams(call), 'looking at the workspace');
    if (options['json'] === true) printJson(io, result);
    else io.write(showPlan(result, { ...screenOf(call, result), isTrial }));
    return judgePlan(result);
  },
};

function screenOf(call: Call, { of, paths }: UndoPlan['result']) {
  const { io, lists } = call;
  const { columns, usesColor } = io;
  const toHere = openPathsToHere(io, rootOf(call));
  const asking = paths.filter(({ outcome }) => outcome === 'asks').map(({ path }) => toHere(path));
  // What was chosen for a path that still asks did not do, and of two choices neither would count.
  const rest = kinds.map((it) => [
    it,
    (lists[it] ?? []).filter((named) => !asking.includes(normalize(named))),
  ]);
  const isWithin = (path: string, named: string) =>
    ['.', path].includes(named) || path.startsWith(`${named}/`);
  const isMerged = asking.every((path) =>
    (lists['merge'] ?? []).some((named) => isWithin(path, normalize(named))),
  );
  const command = wordOf({ ...call, lists: { ...lists, ...Object.fromEntries(rest) } }, of.id);
  return { columns, usesColor, toHere, command, isMerged };
}

/**
 * What to type again, with a choice behind it: what is last by then may be something else. All that narrowed it
 * and all that was chosen already is said again: without it, more would happen than was asked for.
 */
function wordOf({ words: [word], options, lists }: Call, of: string): string {
  const { workspace, lost } = options;
  const named = word === undefined || word.startsWith('@') ? shortId(of) : word;
  return [
    'clew undo',
    lost === undefined ? undefined : '--lost',
    named,
    ...['path', 'hunk', ...kinds].flatMap((it) =>
      (lists[it] ?? []).map((value) => `--${it} ${quote(value)}`),
    ),
    ...(options['outside-links'] === true ? ['--outside-links'] : []),
    ...(typeof workspace === 'string' ? ['--workspace', quote(workspace)] : []),
  ]
    .filter((it) => it !== undefined)
    .join(' ');
}

function readParams({ io, lists, options, words: [of] }: Call): UndoPlan['params'] {
  const { path, hunk } = lists;
  const { lost } = options;
  const choices: Choices = {};
  for (const kind of kinds) {
    const chosen = lists[kind];
    if (chosen !== undefined) choices[kind] = fromHere(io, chosen);
  }
  return {
    ...(of === undefined ? {} : { of }),
    ...(typeof lost === 'string' ? { lost } : {}),
    ...(path === undefined ? {} : { paths: fromHere(io, path) }),
    ...(hunk === undefined ? {} : { hunks: hunk.map(readHunk) }),
    ...(options['outside-links'] === true ? { outsideLinks: true } : {}),
    ...(Object.keys(choices).length === 0 ? {} : { choices }),
  };
}

function readHunk(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw refuse({ name }, `--hunk is no number: ${text}`, 'say which: 1 is the first of the file');
}
