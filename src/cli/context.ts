/** clew context: what a session has seen of the files, and which of it is out of date. */
import type { ContextCheck } from '../contract/types.gen.ts';
import { showCount } from './amounts.ts';
import { ask, printJson } from './ask.ts';
import { type Command, jsonOption, workspaceOption } from './command.ts';
import { type Cell, layOut } from './grid.ts';
import type { Io } from './io.ts';
import { showAge } from './moments.ts';
import { openPaint } from './paint.ts';
import { showLine } from './printable.ts';
import { shortId } from './show-log.ts';

type Checked = ContextCheck['result'];
type CheckedFile = Checked['files'][number];

export const command: Command = {
  name: 'context',
  summary: 'tell which versions of files a session has seen, and which are stale',
  takes: '[<session>]',
  words: { min: 0, max: 1 },
  offers: 'sessions',
  options: [
    { name: 'stale', about: 'only files that have changed since' },
    workspaceOption,
    jsonOption,
  ],
  about:
    'Lists the files that a session has read or written, in whatever turn or run of it, and holds ' +
    'the last version that it has seen of each against what lies on the disk now. What is marked ' +
    '"best effort" was guessed from a command such as cat or sed: it may be wrong or missing.',
  examples: [
    ['clew context', 'the newest session'],
    ['clew context --stale 7k2f9q', 'what the agent should read again'],
    ['clew context --json', 'for programs: see schemas/rpc/context/check.json'],
  ],
  exits: [[5, 'there is no such session, or more than one']],
  async run(call) {
    const { io, options, words } = call;
    const [session] = words;
    const checked = await ask(call, 'context/check', session === undefined ? {} : { session });
    const isWanted = ({ state }: CheckedFile) => options['stale'] !== true || state === 'stale';
    const result = { ...checked, files: checked.files.filter(isWanted) };
    if (options['json'] === true) printJson(io, result);
    else io.write(showContext(result, io));
    return 0;
  },
};

function showContext(
  { session, files, stale }: Checked,
  io: Pick<Io, 'columns' | 'usesColor' | 'now'>,
): string {
  const paint = openPaint(io);
  const id = shortId(session);
  if (files.length === 0) return `session ${id}: no file, as far as is known\n`;
  const rows = files.map(({ seen, state, found, why }): Cell[] => [
    { text: tellState(state, found, why), paint: (it) => paint(it, paints[state]) },
    { text: showLine(seen.path) },
    { text: manners[seen.how] },
    { text: showAge(seen.at, io.now()) },
    { text: seen.turn === undefined ? '' : shortId(seen.turn), paint: (it) => paint(it, 'faint') },
  ]);
  const lines = layOut(rows, { indent: '  ', columns: io.columns, yields: [[1, 20]] });
  const head = `session ${id}: ${showCount(files.length, 'file')}, ${stale} stale`;
  return `${[head, ...lines].join('\n')}\n`;
}

const paints = { current: 'good', stale: 'bad', unknown: 'odd' } as const;

function tellState(state: CheckedFile['state'], found: CheckedFile['found'], why?: string): string {
  if (state === 'stale') return found === null ? 'stale: gone' : 'stale';
  return state === 'unknown' ? `unknown: ${why ?? ''}` : state;
}

const manners: Readonly<Record<CheckedFile['seen']['how'], string>> = {
  wire: 'read',
  disk: 'read',
  own: 'wrote',
  part: 'read in part',
  guess: 'seen (best effort)',
};
