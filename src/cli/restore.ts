/** clew restore: goes back to a checkpoint, with all files or some. */
import type { CheckpointRestore } from '../contract/types.gen.ts';
import { ask, printJson } from './ask.ts';
import {
  type Call,
  type Command,
  jsonOption,
  outsideLinksOption,
  workspaceOption,
} from './command.ts';
import { fromHere } from './paths-from-here.ts';
import { judgePlan, type PlanScreen, showPlan } from './show-plan.ts';

export const command: Command = {
  name: 'restore',
  summary: 'go back to a checkpoint, with all files or some',
  takes: '<checkpoint> [-- <path>...]',
  words: { min: 1, max: 1 },
  behind: 'files',
  offers: 'checkpoints',
  options: [
    { name: 'dry-run', about: 'only show what would happen' },
    outsideLinksOption,
    workspaceOption,
    jsonOption,
  ],
  about:
    'Makes the files of the workspace what they were at a checkpoint, whoever changed them since; ' +
    'to take back only what one turn did, use `clew undo`. A turn, step or session stands for the ' +
    'checkpoint before it. Files that are as they were are not touched, and neither is what was ' +
    'ignored then, nor anything in .git. A checkpoint is taken first: `clew undo` takes the whole ' +
    'back.',
  examples: [
    ['clew restore @checkpoint', 'the newest one that was not taken for an undo'],
    ['clew restore 7k2f9q -- src', 'only what lies in src'],
    ['clew restore @turn~2 --dry-run', 'what it would do'],
  ],
  exits: [
    [5, 'there is no such checkpoint, or more than one'],
    [7, 'another process has the checkpoints, and does not answer'],
    [8, 'something stands in the way: nothing was changed'],
  ],
  async run(call) {
    const { io, options } = call;
    const isTrial = options['dry-run'] === true;
    const method = isTrial ? 'checkpoint/plan' : 'checkpoint/restore';
    const result = await ask(call, method, readParams(call), 'looking at the workspace');
    if (options['json'] === true) printJson(io, result);
    else io.write(showPlan(result, screenOf(call, isTrial)));
    return judgePlan(result);
  },
};

function readParams({ io, options, words: [word = ''], rest }: Call): CheckpointRestore['params'] {
  return {
    checkpoint: word,
    ...(rest.length === 0 ? {} : { paths: fromHere(io, rest) }),
    ...(options['outside-links'] === true ? { outsideLinks: true } : {}),
  };
}

/** It never asks, so that there is nothing to type again. */
function screenOf({ io }: Call, isTrial: boolean): PlanScreen {
  const { columns, usesColor } = io;
  return { columns, usesColor, isTrial, command: 'clew restore', toHere: (path) => path };
}
