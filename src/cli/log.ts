/** clew log: sessions and their turns, newest first. */
import { resolve } from 'node:path';
import type { LogQuery } from '../contract/types.gen.ts';
import { refuse } from './arguments.ts';
import { ask, printJson } from './ask.ts';
import { type Call, type Command, jsonOption, workspaceOption } from './command.ts';
import { readMoment } from './moments.ts';
import { showLog } from './show-log.ts';

const name = 'log';

export const command: Command = {
  name,
  summary: 'list sessions and turns, newest first',
  words: { min: 0, max: 0 },
  options: [
    {
      name: 'session',
      value: 'ID',
      about: 'only this session: its id, the end of it, or @session',
      offers: 'sessions',
    },
    { name: 'agent', value: 'NAME', about: 'only agents or labels with this in their name' },
    { name: 'since', value: 'WHEN', about: 'only turns begun since: 30m, 2h, 3d, or 2026-01-31' },
    { name: 'until', value: 'WHEN', about: 'only turns begun before' },
    {
      name: 'path',
      value: 'PATH',
      about: 'only turns that say they changed it, or something under it',
      offers: 'files',
    },
    {
      name: 'grep',
      value: 'WORDS',
      about: 'only turns in whose prompts and messages all words occur',
    },
    { name: 'limit', value: 'N', about: 'turns at most; 50 unless told' },
    workspaceOption,
    jsonOption,
  ],
  about:
    'Lists what agents did in this workspace: each session with its agent, branch and cost, and ' +
    'under it its turns with their time, tools, the files that tools named, and outcome; a hole is ' +
    'where what was told and what the disk has do not meet. The letters in front are the end of an ' +
    'id: `clew show` with them tells also what commands changed.',
  examples: [
    ['clew log', 'the newest 50 turns'],
    ['clew log --since 2d --path src', 'who changed src/ in the last two days'],
    ["clew log --grep 'rename parser' --json", 'for programs: see schemas/rpc/log/query.json'],
  ],
  exits: [[5, 'there is no such session, or more than one']],
  async run(call) {
    const { io, options } = call;
    const result = await ask(call, 'log/query', readParams(call));
    if (options['json'] === true) printJson(io, result);
    else io.write(showLog(result, io));
    return 0;
  },
};

function readParams({ io, options }: Call): LogQuery['params'] {
  const params: LogQuery['params'] = {};
  for (const plain of ['session', 'agent', 'grep'] as const) {
    const value = options[plain];
    if (typeof value === 'string') params[plain] = value;
  }
  for (const when of ['since', 'until'] as const) {
    const value = options[when];
    if (typeof value === 'string') params[when] = momentOf(when, value, io.now());
  }
  const { path, limit } = options;
  if (typeof path === 'string') params.path = resolve(io.cwd, path);
  if (typeof limit === 'string') params.limit = countOf(limit);
  return params;
}

function momentOf(option: string, text: string, now: number): number {
  const moment = readMoment(text, now);
  if (moment !== undefined) return moment;
  const hint = 'say how long ago (30m, 2h, 3d, 1w) or a date (2026-01-31, 2026-01-31T14:00)';
  throw refuse({ name }, `--${option} is no time: ${text}`, hint);
}

function countOf(text: string): number {
  const count = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (1 <= count && count <= 1000) return count;
  throw refuse({ name }, `--limit is no number from 1 to 1000: ${text}`, 'say how many turns');
}
