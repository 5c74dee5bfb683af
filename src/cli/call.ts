/** clew call: asks one method, and prints its answer. */
import type { Methods } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import { methods } from '../methods/table.ts';
import { refuse } from './arguments.ts';
import { ask, printJson } from './ask.ts';
import { type Call, type Command, workspaceOption } from './command.ts';
import { suggest } from './suggest.ts';

const name = 'call';
const names = Object.keys(methods);
/** What a server takes in one message, too. */
const limitBytes = 16 << 20;

export const command: Command = {
  name,
  summary: 'ask any method, and print its answer as JSON',
  takes: '<method> [-]',
  words: { min: 1, max: 2 },
  choices: names,
  options: [
    { name: 'json', value: 'PARAMS', about: 'the parameters, as a JSON object; {} unless told' },
    workspaceOption,
  ],
  about:
    'Asks a method as `clew serve` would, once. `-` reads the parameters from standard input. ' +
    '`clew help rpc` lists the methods, `clew help rpc <method>` says what one takes and answers.',
  examples: [
    ['clew call workspace/status', 'what is recorded here'],
    [`clew call log/query --json '{"limit": 3}'`, 'the newest three turns'],
    ['clew call undo/plan - < params.json', 'with parameters from a file'],
  ],
  exits: [
    [5, 'there is no such thing, or more than one'],
    [7, 'somebody else is at it'],
    [8, 'it was refused, or could not be done'],
  ],
  async run(call) {
    const [method = ''] = call.words;
    if (!isMethod(method)) throw unknown(method);
    const params = parse(await readParams(call), method);
    printJson(call.io, await ask(call, method, params as never));
    return 0;
  },
};

function isMethod(method: string): method is keyof Methods {
  return Object.hasOwn(methods, method);
}

async function readParams({ options, words, io }: Call): Promise<string> {
  const [method, dash] = words;
  const { json } = options;
  if (dash === undefined) return typeof json === 'string' ? json : '{}';
  if (dash !== '-')
    throw refuse({ name }, `${method} takes no word: ${dash}`, `give --json '{…}', or -`);
  if (json !== undefined) throw refuse({ name }, '--json and - are two ways to say the same');
  return io.readInput(limitBytes);
}

function parse(text: string, method: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new Failure('usage', `the parameters are no JSON: ${text.slice(0, 60)}`, {
      data: { method },
      hint: `quote them from the shell: clew call ${method} --json '{"name": "value"}'`,
      cause,
    });
  }
}

function unknown(method: string): Failure {
  const near = suggest(method, names);
  return new Failure('unknown-method', `there is no method ${method}`, {
    data: { method },
    hint: near === undefined ? '`clew help rpc` lists the methods' : `did you mean ${near}?`,
  });
}
