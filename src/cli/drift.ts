/** clew drift: tells whether the repository moved under a session, and takes what is decided about it. */
import type { DriftResolve, FoundDrift, Ground } from '../contract/types.gen.ts';
import { describeDrift } from '../drift/describe-drift.ts';
import { showCount } from './amounts.ts';
import { refuse } from './arguments.ts';
import { ask, printJson } from './ask.ts';
import { type Call, type Command, jsonOption, workspaceOption } from './command.ts';
import { openPaint, type Paint } from './paint.ts';
import { showLine } from './printable.ts';
import { shortId } from './show-log.ts';

const name = 'drift';
const ways = ['fork', 'fast-forward', 'rebuild', 'ignore'] as const;
const words = ['status', ...ways] as const;
/** For scripts: an alert is open, or the next prompt would find one. */
const alertExit = 9;

export const command: Command = {
  name,
  summary: 'tell whether git moved the ground under a session, and decide what then',
  takes: `[${words.join('|')}]`,
  words: { min: 0, max: 1 },
  choices: words,
  options: [
    {
      name: 'session',
      value: 'ID',
      about: 'this session: its id, the end of it, or the agent\u2019s id',
      offers: 'sessions',
    },
    { name: 'all', about: 'status: also sessions that nobody works in now' },
    workspaceOption,
    jsonOption,
  ],
  about:
    'Before each prompt clew holds the repository against what the session knows of it. Where ' +
    'somebody switched, rebased, reset or stashed meanwhile, and files that the session knows ' +
    'differ or its base is gone, that is an alert, until you decide: fork its state to the branch ' +
    'that is checked out now; fast-forward, so that it takes the ground as it is; rebuild, which ' +
    'lists what to read again; or ignore. Files are not changed by any of these.',
  examples: [
    ['clew drift', 'where each session stands'],
    ['clew drift rebuild', 'what the agent should read again'],
    ['clew drift fork --session 3vpefs', 'its state goes on under the branch of now'],
  ],
  exits: [
    [5, 'there is nothing to decide'],
    [8, 'that makes no sense here, as a fork to the same branch'],
    [alertExit, 'status: there is an alert'],
  ],
  async run(call) {
    const [word = 'status'] = call.words;
    const how = ways.find((it) => it === word);
    if (how !== undefined) return runResolve(call, how);
    if (word === 'status') return runStatus(call);
    throw refuse(command, `drift has no ${word}`, `it has ${words.join(', ')}`);
  },
};

async function runStatus(call: Call): Promise<number> {
  const { io, options } = call;
  const { session, all } = options;
  const result = await ask(call, 'drift/status', {
    ...(typeof session === 'string' ? { session } : {}),
    ...(all === true ? { all } : {}),
  });
  if (options['json'] === true) printJson(io, result);
  else {
    const paint = openPaint(io);
    const head = `${paint('here', 'strong')}  ${tellGround(result.ground)}\n`;
    const none =
      result.sessions.length === 0 ? 'no session is at work here, and no alert is open\n' : '';
    io.write(head + none + result.sessions.map((it) => showSession(it, paint)).join(''));
  }
  const isAlert = result.sessions.some(
    (it) => it.open !== undefined || it.ahead?.level === 'alert',
  );
  return isAlert ? alertExit : 0;
}

type Card = Awaited<ReturnType<typeof ask<'drift/status'>>>['sessions'][number];

function showSession(
  { session, agentSession, running, ground, files, open, ahead }: Card,
  paint: Paint,
): string {
  const about = [
    `the agent calls it ${showLine(agentSession)}`,
    running ? 'at work' : undefined,
    `stands on ${tellGround(ground)}`,
    `knows ${showCount(files, 'file')}`,
  ].filter((it) => it !== undefined);
  const lines = [
    `\n${paint(`session ${shortId(session)}`, 'strong')}  ${about.join(' \u00b7 ')}`,
    ...(open === undefined ? [] : showFound('alert', open, paint)),
    ...(ahead === undefined
      ? []
      : showFound(`the next prompt finds: ${ahead.level}`, ahead, paint)),
    ...(open === undefined && ahead === undefined ? [`  ${paint('on its ground', 'good')}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function showFound(word: string, found: FoundDrift, paint: Paint): string[] {
  const { title, description } = describeDrift(found);
  return [
    `  ${paint(word, found.level === 'alert' ? 'bad' : 'odd')}  ${showLine(title)}`,
    ...(description === '' ? [] : [`  ${showLine(description)}`]),
    ...found.files.map((it) => `    ${it.now.padEnd(8)}  ${showLine(it.path)}  (${it.known})`),
  ];
}

function tellGround({ branch, head, operation }: Ground): string {
  const at = head?.slice(0, 9) ?? 'no commit yet';
  const place = branch === undefined ? `detached at ${at}` : `${showLine(branch)} at ${at}`;
  return operation === undefined ? place : `${place}, in the middle of a ${operation}`;
}

async function runResolve(call: Call, how: DriftResolve['params']['how']): Promise<number> {
  const { io, options } = call;
  const { session } = options;
  if (options['all'] === true) throw refuse(command, `${how} does not take --all`);
  const result = await ask(call, 'drift/resolve', {
    how,
    ...(typeof session === 'string' ? { session } : {}),
  });
  if (options['json'] === true) printJson(io, result);
  else io.write(showResolved(result));
  return 0;
}

function showResolved({
  session,
  how,
  before,
  after,
  reread,
  gone,
}: DriftResolve['result']): string {
  const who = `session ${shortId(session)}`;
  const [was, is] = [tellGround(before), tellGround(after)];
  if (how === 'fork') return `${who} goes on under ${is}; what it was under ${was} stays\n`;
  if (how === 'fast-forward') return `${who} takes ${is} for its ground\n`;
  if (how === 'ignore') return `the alert of ${who} is over; it stands on ${is}\n`;
  const list = [
    ...reread.map((it) => `  ${showLine(it)}`),
    ...gone.map((it) => `  ${showLine(it)}  (gone)`),
  ];
  const head =
    list.length === 0 ? `${who} has nothing to read again\n` : `${who} should read again:\n`;
  return `${head}${list.map((it) => `${it}\n`).join('')}`;
}
