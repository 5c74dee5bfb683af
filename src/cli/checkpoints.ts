/** clew checkpoints: lists them, keeps some for good, forgets old ones. */
import type { CheckpointList, CheckpointPrune } from '../contract/types.gen.ts';
import { readBytes } from './amounts.ts';
import { refuse } from './arguments.ts';
import { ask, printJson } from './ask.ts';
import { type Call, type Command, jsonOption, workspaceOption } from './command.ts';
import { showCheckpoints, showPinned, showPruned } from './show-checkpoints.ts';

const name = 'checkpoints';

/** What each of its actions takes besides --workspace and --json. */
const actions = {
  list: { words: 0, options: ['number', 'session'] },
  prune: { words: 0, options: ['keep-last', 'older-than', 'limit', 'dry-run'] },
  pin: { words: 1, options: [] },
  unpin: { words: 1, options: [] },
} as const;
type Action = keyof typeof actions;

export const command: Command = {
  name,
  summary: 'list checkpoints; keep some for good, forget old ones',
  takes: '[prune | pin <id> | unpin <id>]',
  words: { min: 0, max: 2 },
  choices: ['prune', 'pin', 'unpin'],
  options: [
    { name: 'number', short: 'n', value: 'N', about: 'list at most so many; 50 unless told' },
    { name: 'session', value: 'ID', about: 'list only those of this session', offers: 'sessions' },
    { name: 'keep-last', value: 'N', about: 'prune: the newest N stay; 200 unless told' },
    { name: 'older-than', value: 'DAYS', about: 'prune: only what is older than that' },
    { name: 'limit', value: 'SIZE', about: 'prune: the oldest go until all fit in it, such as 2G' },
    { name: 'dry-run', about: 'prune: only say which would go by number and age' },
    workspaceOption,
    jsonOption,
  ],
  about:
    'Lists the checkpoints of this workspace, newest first: when and why each was taken, for which ' +
    'turn, step or undo. The letters in front are the end of an id: give them to `clew restore` ' +
    'or `clew checkpoints pin`. Pinned ones stay until they are unpinned, whatever `prune` is told.',
  examples: [
    ['clew checkpoints -n 10', 'the newest ten'],
    ['clew checkpoints pin 7k2f9q', 'keep that one'],
    ['clew checkpoints prune --older-than 30', 'but for the newest 200'],
    ['clew checkpoints --json', 'for programs: see schemas/rpc/checkpoint/list.json'],
  ],
  exits: [
    [5, 'there is no such checkpoint, or more than one'],
    [7, 'another process has the checkpoints, and does not answer'],
  ],
  async run(call) {
    const action = readAction(call);
    if (action === 'prune') return prune(call);
    return action === 'list' ? list(call) : pin(call, action === 'pin');
  },
};

function readAction({ words: [word, ...others], options }: Call): Action {
  const action = word === undefined ? 'list' : (word as Action);
  if (action === ('list' as string) && word !== undefined) throw refuseAction(word);
  if (!Object.hasOwn(actions, action)) throw refuseAction(action);
  const { words, options: own } = actions[action];
  if (others.length < words)
    throw refuse({ name }, `${action} needs an id`, `try: clew checkpoints ${action} <id>`);
  if (words < others.length) throw refuse({ name }, `${action} does not take ${others[words]}`);
  const allowed: readonly string[] = [...own, 'workspace', 'json'];
  const foreign = Object.keys(options).find((it) => !allowed.includes(it));
  if (foreign === undefined) return action;
  const what = action === 'list' ? 'the list' : action;
  throw refuse({ name }, `${what} has no option --${foreign}`);
}

function refuseAction(word: string) {
  return refuse({ name }, `there is no checkpoints ${word}`, 'there is prune, pin and unpin');
}

async function list(call: Call): Promise<number> {
  const { io, options } = call;
  const { number, session } = options;
  const params: CheckpointList['params'] = {
    ...(typeof number === 'string' ? { limit: countOf('number', number) } : {}),
    ...(typeof session === 'string' ? { session } : {}),
  };
  const listed = await ask(call, 'checkpoint/list', params, 'reading the checkpoints');
  if (options['json'] === true) printJson(io, listed);
  else io.write(showCheckpoints(listed, io));
  return 0;
}

async function pin(call: Call, pinned: boolean): Promise<number> {
  const { io, options, words } = call;
  const params = { id: words[1] ?? '', pinned };
  const { checkpoint } = await ask(call, 'checkpoint/pin', params, 'reading the checkpoints');
  if (options['json'] === true) printJson(io, { checkpoint });
  else io.write(showPinned(checkpoint, io));
  return 0;
}

async function prune(call: Call): Promise<number> {
  const { io, options } = call;
  const params = readPrune(call);
  const pruned = await ask(call, 'checkpoint/prune', params, 'giving space back');
  if (options['json'] === true) printJson(io, pruned);
  else io.write(showPruned(pruned, params, io));
  return 0;
}

function readPrune({ options }: Call): CheckpointPrune['params'] {
  const { 'keep-last': keepLast, 'older-than': olderThan, limit, 'dry-run': dryRun } = options;
  const params: CheckpointPrune['params'] = {};
  if (typeof keepLast === 'string') params.keepLast = countOf('keep-last', keepLast);
  if (typeof olderThan === 'string') params.olderThanDays = daysOf(olderThan);
  if (typeof limit === 'string') params.limitBytes = sizeOf(limit);
  if (dryRun === true) params.dryRun = true;
  return params;
}

function countOf(option: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw refuse({ name }, `--${option} is no number: ${text}`, 'say how many: 1, 50, 200');
}

function daysOf(text: string): number {
  if (/^\d{1,6}(\.\d+)?d?$/.test(text)) return Number.parseFloat(text);
  throw refuse({ name }, `--older-than is no number of days: ${text}`, 'say how many: 7, 30, 0.5');
}

function sizeOf(text: string): number {
  const bytes = readBytes(text);
  if (bytes !== undefined) return bytes;
  throw refuse({ name }, `--limit is no size: ${text}`, 'say how much: 500M, 2G');
}
