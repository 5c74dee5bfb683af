/** clew tail: follows what agents do in this workspace, as it happens. */
import { Failure } from '../errors.ts';
import type { Entry } from '../journal/entry.ts';
import { askIndex } from '../methods/ask-index.ts';
import { type Context, openContext } from '../methods/context.ts';
import { tellMoves } from '../methods/tell-moves.ts';
import { type Writers, watchWriters } from '../methods/watch-writers.ts';
import { followJournals } from '../store/follow.ts';
import { findSession } from '../store/index/find-id.ts';
import { readLastEntries } from '../store/last-entries.ts';
import type { Progress } from '../store/serve-progress.ts';
import { refuse } from './arguments.ts';
import { folderOf } from './ask.ts';
import { type Call, type Command, jsonOption, workspaceOption } from './command.ts';
import { showClock } from './moments.ts';
import { openPaint } from './paint.ts';
import { showJson, showLine } from './printable.ts';
import { shortId } from './show-log.ts';
import { openTeller } from './tell-entry.ts';
import { cutToWidth } from './width.ts';

const usualLines = 10;
/** Of a message that was said, three. */
const entriesPerLine = 3;
const exits = { SIGINT: 130, SIGTERM: 143 } as const;

export const command: Command = {
  name: 'tail',
  summary: 'follow what agents do, as it happens',
  words: { min: 0, max: 0 },
  options: [
    { name: 'lines', value: 'N', about: 'begin with the last N lines; 10 unless told' },
    { name: 'progress', about: 'also what steps say while they go on, which is in no journal' },
    {
      name: 'session',
      value: 'ID',
      about: 'only this session: its id, the end of it, or @session',
      offers: 'sessions',
    },
    workspaceOption,
    jsonOption,
  ],
  about:
    'Prints a line for everything that any agent of this workspace does, from all recorders at ' +
    'once, until you end it with Ctrl-C.',
  examples: [
    ['clew tail', 'the last 10 lines, and then what comes'],
    ['clew tail --lines 0 --json', 'one journal entry a line: see schemas/cli/tail-line.json'],
    ['clew tail --progress', 'and with it what is being said'],
  ],
  exits: [
    [5, 'there is no such session, or more than one'],
    [130, 'ended by Ctrl-C'],
  ],
  async run(call) {
    const { io, options } = call;
    const context = openContext({ folder: folderOf(call), env: io.env });
    const { journal } = context.folder();
    await tellMoves(context);
    const lines = readLines(call);
    const isWanted = await openWanted(call, context);
    const tell = openSpeller(call, context.workspace.root);
    const print = (entry: Entry): void => {
      const line = tell(entry);
      if (line !== undefined) io.write(line);
    };
    const interrupted = io.untilInterrupted();

    // From now on nothing is missed; what is older is printed first, and nothing twice.
    let early: Entry[] | undefined = [];
    const progress =
      options['progress'] === true ? followProgress(call, journal, isWanted) : undefined;
    const following = followJournals({
      folder: journal,
      from: 'now',
      onEntry(entry) {
        // Who is heard of for the first time may have something to tell.
        progress?.isGone(entry.writer);
        if (early !== undefined) early.push(entry);
        else if (isWanted(entry)) print(entry);
      },
    });
    // Not every entry has a line.
    const older = readLastEntries(journal, lines * entriesPerLine, isWanted);
    const seen = new Set(older.map(nameEntry));
    const told = older.map(tell).filter((it) => it !== undefined);
    for (const line of told.slice(Math.max(0, told.length - lines))) io.write(line);
    for (const entry of early) if (isWanted(entry) && !seen.has(nameEntry(entry))) print(entry);
    early = undefined;
    const signal = await interrupted;
    following.close();
    progress?.close();
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

function followProgress(call: Call, journal: string, isWanted: IsWanted): Writers {
  const tell = openProgressPrinter(call);
  return watchWriters({
    journal,
    isBusy: () => true,
    gone: () => undefined,
    hear(_, progress) {
      if (isWanted(progress)) tell(progress);
    },
  });
}

/** Whole with --json; else the line that is being said, when it is another than before. */
function openProgressPrinter({ io, options }: Call): (progress: Progress) => void {
  if (options['json'] === true) return (progress) => io.write(`${showJson({ progress })}\n`);
  const paint = openPaint(io);
  let last = '';
  return ({ session, step, content }) => {
    const said = showLine(content.trimEnd().split('\n').at(-1) ?? '');
    const head = `${showClock(io.now())}  ${shortId(session)}  … ${shortId(step)}  `;
    const shown = cutToWidth(said, (io.columns ?? Number.POSITIVE_INFINITY) - head.length);
    if (`${step} ${said}` === last || said === '') return;
    last = `${step} ${said}`;
    io.write(`${paint(head + shown, 'faint')}\n`);
  };
}

type IsWanted = (of: { readonly session?: string }) => boolean;

/** Nobody is to wait for a session that does not exist. */
async function openWanted({ options }: Call, context: Context): Promise<IsWanted> {
  const { session } = options;
  if (typeof session !== 'string') return () => true;
  const wanted = await findWanted(context, session);
  return (of) => of.session?.endsWith(wanted) === true;
}

async function findWanted(context: Context, asked: string): Promise<string> {
  try {
    const { found } = await askIndex(context, (index) => ({ found: findSession(index, asked) }));
    return found;
  } catch (error) {
    // Without an index nobody can say what there is; what is written still ends like this or does not.
    if (error instanceof Failure && error.code === 'index-unavailable') return asked.toUpperCase();
    throw error;
  }
}

function openSpeller(
  { io, options }: Call,
  workspace: string,
): (entry: Entry) => string | undefined {
  if (options['json'] === true) return (entry) => `${showJson(entry)}\n`;
  const tell = openTeller(io, workspace);
  return (entry) => {
    const line = tell(entry);
    return line === undefined ? undefined : `${line}\n`;
  };
}

function nameEntry({ writer, seq }: Entry): string {
  return `${writer} ${seq}`;
}
