/** clew state: what is known of the project and of its sessions, kept from one session to the next. */
import { refuse } from './arguments.ts';
import { ask, printJson } from './ask.ts';
import { type Call, type Command, jsonOption, workspaceOption } from './command.ts';
import { showSessionLayer, showSessionLayers } from './show-layers.ts';

const name = 'state';
const deeds = ['show'] as const;
type Deed = (typeof deeds)[number];

export const command: Command = {
  name,
  summary: 'tell where the work stands: what was done, and what is open',
  takes: `[${deeds.join('|')}]`,
  words: { min: 0, max: 1 },
  choices: deeds,
  options: [
    { name: 'session', value: 'ID', about: 'show this session: its id, the end of it, or @last' },
    { name: 'sessions', about: 'list the sessions that have a layer, newest first' },
    { name: 'limit', value: 'N', about: 'sessions to list at most; 50 unless told' },
    workspaceOption,
    jsonOption,
  ],
  about:
    'Shows what a session asked for, what came of it, which files it read and edited, whether ' +
    'tests ran after the last edit, and what its plan says is left. It is kept beside the journal ' +
    'after each turn, and the workspace stays as it is.',
  examples: [
    ['clew state', 'the last session of this workspace'],
    ['clew state show --sessions', 'which sessions there are'],
    ['clew state show --session 7k2f9q --json', 'for programs: see schemas/rpc/state/get.json'],
  ],
  exits: [[5, 'there is no such session, or more than one']],
  async run(call) {
    const [deed = 'show'] = call.words;
    if (!isDeed(deed)) throw refuse(command, `state has no ${deed}`, `it has ${deeds.join(', ')}`);
    return runShow(call);
  },
};

const isDeed = (word: string): word is Deed => deeds.some((it) => it === word);

async function runShow(call: Call): Promise<number> {
  const { io, options } = call;
  const { session, sessions, limit } = options;
  const result = await ask(call, 'state/get', {
    ...(typeof session === 'string' ? { session } : {}),
    ...(sessions === true ? { sessions } : {}),
    ...(typeof limit === 'string' ? { limit: countOf(limit) } : {}),
  });
  if (options['json'] === true) printJson(io, result);
  else if (result.sessions !== undefined) io.write(showSessionLayers(result.sessions, io));
  else if (result.session === undefined) io.write('no session has a layer here yet\n');
  else io.write(showSessionLayer(result.session, io));
  return 0;
}

function countOf(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw refuse({ name }, `--limit is no number: ${text}`, 'say how many sessions, from 1 to 1000');
}
