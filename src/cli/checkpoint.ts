/** clew checkpoint: keeps the workspace as it is now. */
import type { CheckpointTake } from '../contract/types.gen.ts';
import { showCount } from './amounts.ts';
import { ask, printJson } from './ask.ts';
import { type Call, type Command, jsonOption, workspaceOption } from './command.ts';
import type { Io } from './io.ts';
import { showDuration } from './moments.ts';
import { openPaint } from './paint.ts';
import { fromHere } from './paths-from-here.ts';
import { showLine } from './printable.ts';
import { shortId } from './show-log.ts';

export const command: Command = {
  name: 'checkpoint',
  summary: 'keep the workspace as it is now',
  takes: '[-- <path>...]',
  words: { min: 0, max: 0 },
  behind: 'files',
  options: [
    { name: 'message', short: 'm', value: 'TEXT', about: 'what to call it in `clew checkpoints`' },
    { name: 'pin', about: 'keep it whatever its age' },
    workspaceOption,
    jsonOption,
  ],
  about:
    'Takes a checkpoint of the workspace: of every file in it, also of those that git does not ' +
    'know, but for what is ignored. Nothing in the workspace changes, and nothing is written into ' +
    'its .git. With paths behind --, only these are looked at, and the rest stays as last seen: ' +
    'that is quicker, and takes ignored files too.',
  examples: [
    ["clew checkpoint -m 'before the release' --pin", 'and keep it for good'],
    ['clew checkpoint -- .env build/out.bin', 'also what is ignored, when it is named'],
    ['clew restore @checkpoint', 'goes back to the newest one'],
  ],
  exits: [
    [7, 'another process has the checkpoints, and does not answer'],
    [8, 'there is no space left for it'],
  ],
  async run(call) {
    const { io, options } = call;
    const taken = await ask(call, 'checkpoint/take', readParams(call), 'looking at the workspace');
    if (options['json'] === true) printJson(io, taken);
    else io.write(showTaken(taken, io));
    return 0;
  },
};

function readParams({ io, options, rest }: Call): CheckpointTake['params'] {
  const { message, pin } = options;
  return {
    ...(typeof message === 'string' ? { label: message } : {}),
    ...(pin === true ? { pinned: true } : {}),
    ...(rest.length === 0 ? {} : { paths: fromHere(io, rest) }),
  };
}

function showTaken(taken: CheckpointTake['result'], io: Pick<Io, 'usesColor'>): string {
  const paint = openPaint(io);
  const { checkpoint, changed, uncaptured, tookMs } = taken;
  const about = [
    checkpoint.label === undefined ? undefined : showLine(checkpoint.label),
    checkpoint.pinned ? 'pinned' : undefined,
    `${showCount(changed, 'path')} read`,
    showDuration(tookMs),
  ].filter((it) => it !== undefined);
  const lines = [`checkpoint ${paint(shortId(checkpoint.id), 'strong')}  ${about.join(' · ')}`];
  if (0 < uncaptured)
    lines.push(
      paint(
        `${showCount(uncaptured, 'path')} could not be kept: too large, or not readable`,
        'odd',
      ),
    );
  return `${lines.join('\n')}\n`;
}
