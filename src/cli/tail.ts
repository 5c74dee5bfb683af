/** clew tail: follows what agents do in this workspace, as it happens. */
import type { Entry } from '../journal/entry.ts';
import { openContext } from '../methods/context.ts';
import { tellMoves } from '../methods/tell-moves.ts';
import { followJournals } from '../store/follow.ts';
import { readLastEntries } from '../store/last-entries.ts';
import { refuse } from './arguments.ts';
import { folderOf } from './ask.ts';
import { type Call, type Command, jsonOption, workspaceOption } from './command.ts';
import { showJson } from './printable.ts';
import { openTeller } from './tell-entry.ts';

const usualLines = 10;
const exits = { SIGINT: 130, SIGTERM: 143 } as const;

export const command: Command = {
  name: 'tail',
  summary: 'follow what agents do, as it happens',
  words: { min: 0, max: 0 },
  options: [
    { name: 'lines', value: 'N', about: 'begin with the last N lines; 10 unless told' },
    { name: 'session', value: 'ID', about: 'only this session: its id or the end of it' },
    workspaceOption,
    jsonOption,
  ],
  about:
    'Prints a line for everything that any agent of this workspace does, from all recorders at ' +
    'once, until you end it with Ctrl-C.',
  examples: [
    ['clew tail', 'the last 10 lines, and then what comes'],
    ['clew tail --lines 0 --json', 'one journal entry a line: see schemas/cli/tail-line.json'],
  ],
  exits: [[130, 'ended by Ctrl-C']],
  async run(call) {
    const { io } = call;
    const context = openContext({ folder: folderOf(call), env: io.env });
    const { journal } = context.folder();
    await tellMoves(context);
    const lines = readLines(call);
    const isWanted = readWanted(call);
    const print = openPrinter(call);
    const interrupted = io.untilInterrupted();

    // From now on nothing is missed; what is older is printed first, and nothing twice.
    let early: Entry[] | undefined = [];
    const following = followJournals({
      folder: journal,
      from: 'now',
      onEntry(entry) {
        if (early !== undefined) early.push(entry);
        else if (isWanted(entry)) print(entry);
      },
    });
    const seen = new Set<string>();
    for (const entry of [...readLastEntries(journal, lines, isWanted), ...early.filter(isWanted)]) {
      const name = `${entry.writer} ${entry.seq}`;
      if (!seen.has(name)) print(entry);
      seen.add(name);
    }
    early = undefined;
    const signal = await interrupted;
    following.close();
    await context.close();
    return exits[signal];
  },
};

function readLines({ options }: Call): number {
  const { lines } = options;
  if (typeof lines !== 'string') return usualLines;
  if (/^\d{1,5}$/.test(lines)) return Number(lines);
  throw refuse(command, `--lines is no number: ${lines}`);
}

function readWanted({ options }: Call): (entry: Entry) => boolean {
  const { session } = options;
  if (typeof session !== 'string') return () => true;
  const end = session.toUpperCase();
  return (entry) => entry.session?.toUpperCase().endsWith(end) === true;
}

function openPrinter({ io, options }: Call): (entry: Entry) => void {
  if (options['json'] === true) return (entry) => io.write(`${showJson(entry)}\n`);
  const tell = openTeller(io);
  return (entry) => io.write(`${tell(entry)}\n`);
}
