/** clew serve: answers a host that drives clew itself, over standard input and output. */
import { resolve } from 'node:path';
import { readBytes } from './amounts.ts';
import { refuse } from './arguments.ts';
import type { Call, Command } from './command.ts';

const name = 'serve';
const framings = ['content-length', 'ndjson'] as const;
const usualBodyBytes = 16 << 20;
const usualTimeLimitS = 120;

export const command: Command = {
  name,
  summary: 'answer a host over standard input and output',
  words: { min: 0, max: 0 },
  options: [
    { name: 'stdio', about: 'over standard input and output, which is the only way there is' },
    {
      name: 'framing',
      value: 'NAME',
      about: 'content-length (as language servers do, unless told) or ndjson: one message a line',
    },
    {
      name: 'workspace',
      value: 'DIR',
      about: 'any folder of the workspace that requests mean which name none',
      offers: 'folders',
    },
    { name: 'body-limit', value: 'BYTES', about: 'longer messages are refused; 16M unless told' },
    {
      name: 'time-limit',
      value: 'SECONDS',
      about: 'longer nobody waits for an answer; 120 unless told, 0 for ever',
    },
  ],
  about:
    'Speaks JSON-RPC 2.0 with the lifecycle of language servers: initialize, initialized, ' +
    'shutdown, exit. Every method is there that commands use; `clew help rpc` lists them, and ' +
    'rpc.discover answers the same for programs. Standard output is protocol only; what a person ' +
    'should know goes to standard error.',
  examples: [
    ['clew serve --stdio', 'what an editor or an agent host starts'],
    ['clew serve --stdio --framing ndjson --workspace .', 'one message a line, about this project'],
  ],
  exits: [[1, 'the connection ended without shutdown']],
  async run(call) {
    const { options, io, wiring } = call;
    const { workspace } = options;
    return wiring.startServer({
      framing: readFraming(call),
      workspace: typeof workspace === 'string' ? resolve(io.cwd, workspace) : undefined,
      bodyBytes: readBodyLimit(call),
      timeLimitMs: readTimeLimit(call) * 1_000,
      env: io.env,
      command: ['clew', name, '--stdio'],
    });
  },
};

function readFraming({ options: { framing } }: Call): (typeof framings)[number] {
  if (framing === undefined) return 'content-length';
  const known = framings.find((it) => it === framing);
  if (known !== undefined) return known;
  throw refuse({ name }, `there is no framing ${framing}`, `there is ${framings.join(' and ')}`);
}

function readBodyLimit({ options }: Call): number {
  const text = options['body-limit'];
  if (typeof text !== 'string') return usualBodyBytes;
  const bytes = readBytes(text);
  if (bytes !== undefined && 0 < bytes && bytes <= 256 << 20) return bytes;
  throw refuse({ name }, `--body-limit is no size: ${text}`, 'say how many bytes, up to 256M');
}

function readTimeLimit({ options }: Call): number {
  const text = options['time-limit'];
  if (typeof text !== 'string') return usualTimeLimitS;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw refuse({ name }, `--time-limit is no number: ${text}`, 'say how many seconds');
}
