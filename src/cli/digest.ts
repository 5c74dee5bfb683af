/** clew digest: what came of a session, for people, and what the next session should be told. */
import { readBytes } from './amounts.ts';
import { refuse } from './arguments.ts';
import { ask, printJson } from './ask.ts';
import { type Call, type Command, jsonOption, workspaceOption } from './command.ts';
import { showBlock } from './printable.ts';

export const command: Command = {
  name: 'digest',
  summary: 'tell what came of a session, in Markdown',
  takes: '[SESSION]',
  words: { min: 0, max: 1 },
  offers: 'sessions',
  options: [
    { name: 'resume', about: 'print what a new session here should be told first' },
    { name: 'max-bytes', value: 'SIZE', about: 'of that; 4K unless told' },
    workspaceOption,
    jsonOption,
  ],
  about:
    'Tells what was asked, what was done, which files were edited and whose their lines are now, ' +
    'what was decided, which commits landed, which tests ran after the last edit, and what is ' +
    'open. It is made of what was recorded alone: the same session has the same digest. The ' +
    'session is an id, the end of one, or @session, which is meant without a word. With --resume it ' +
    'is what `clew acp --resume` puts before the first prompt of a new session: of the session ' +
    'that ended nearest to this branch and commit.',
  examples: [
    ['clew digest', 'the last session'],
    ['clew digest 7k2f9q > notes.md', 'one session, to keep'],
    ['clew digest --resume --max-bytes 2K', 'for an agent that is to go on'],
    ['clew digest --json', 'for programs: see schemas/rpc/state/digest.json'],
  ],
  exits: [[5, 'there is no such session, or more than one']],
  async run(call) {
    const { io, options, words } = call;
    const [session] = words;
    const resume = options['resume'] === true;
    const params = {
      ...(session === undefined ? {} : { session }),
      ...(resume ? { resume } : {}),
      ...readMaxBytes(call),
    };
    const result = await ask(call, 'state/digest', params, 'counting lines');
    if (options['json'] === true) printJson(io, result);
    else io.write(showBlock(result.resume ?? result.markdown));
    return 0;
  },
};

function readMaxBytes({ options }: Call): { maxBytes?: number } {
  const text = options['max-bytes'];
  if (typeof text !== 'string') return {};
  if (options['resume'] !== true) throw refuse(command, '--max-bytes goes with --resume');
  const maxBytes = readBytes(text);
  if (maxBytes !== undefined && 200 <= maxBytes && maxBytes <= 65_536) return { maxBytes };
  throw refuse(command, `--max-bytes is no such size: ${text}`, 'say from 200 to 64K');
}
