/** clew tasks: what there is to do in this project, what waits for what, and what was done. */
import { Failure } from '../errors.ts';
import { refuse } from './arguments.ts';
import { evidence, runAdd, runDone, runEdit, runPromote, runStart } from './change-tasks.ts';
import { type Call, type Command, jsonOption, type Option, workspaceOption } from './command.ts';
import { runGraph, runList, runReady } from './look-at-tasks.ts';
import { statuses } from './read-task-status.ts';
import { suggest } from './suggest.ts';

const name = 'tasks';

type Deed = {
  /** What it takes besides --workspace and --json. */
  readonly options: readonly string[];
  /** How many words must follow, and how many may. */
  readonly words: readonly [least: number, most: number, what: string];
  readonly run: (call: Call, words: readonly string[]) => Promise<number>;
};

const any = Number.POSITIVE_INFINITY;
const deeds: Readonly<Record<string, Deed>> = {
  list: { options: ['all', 'status', 'session'], words: [0, 0, ''], run: runList },
  ready: { options: [], words: [0, 0, ''], run: runReady },
  add: {
    options: ['owner', 'after', 'notes', 'milestone', 'for-commit', 'by'],
    words: [1, any, 'a title'],
    run: runAdd,
  },
  edit: {
    options: [
      ...['title', 'status', 'owner', 'notes', 'milestone', 'for-commit', 'after', 'not-after'],
      ...[...evidence, 'by'],
    ],
    words: [1, 1, 'an id'],
    run: runEdit,
  },
  start: { options: ['owner', 'session', 'anyway', 'by'], words: [1, 1, 'an id'], run: runStart },
  done: {
    options: [...evidence, 'accept', 'bare', 'anyway', 'by'],
    words: [0, any, 'an id'],
    run: runDone,
  },
  graph: { options: ['mermaid'], words: [0, 0, ''], run: runGraph },
  promote: { options: ['in-order', 'by'], words: [0, any, ''], run: runPromote },
};
const names = Object.keys(deeds);

const showing: Readonly<Record<string, string>> = {
  session: 'done, edit: shows it; start: where it is done; list: also what its agent planned',
};

const kinds: Readonly<Record<string, Option['offers']>> = {
  ...{ file: 'files', session: 'sessions', checkpoint: 'checkpoints' },
};

const showsIt = (what: string): Option => ({
  name: what,
  value: what.toUpperCase(),
  repeats: true,
  about: showing[what] ?? `done, edit: this ${what} shows that it is done; may be given again`,
  ...(kinds[what] === undefined ? {} : { offers: kinds[what] }),
});

export const command: Command = {
  name,
  summary: 'tell what there is to do here, and what comes next',
  takes:
    '[list|ready|add <title>|edit <id>|start <id>|done <id…>|graph|promote [session] [entry…]]',
  words: { min: 0, max: any },
  choices: names,
  options: [
    { name: 'all', about: 'list: also what is done or dropped' },
    { name: 'status', value: 'STATUS', about: `list: only these; edit: ${statuses.join(', ')}` },
    { name: 'after', value: 'ID', repeats: true, about: 'add, edit: it waits for this one' },
    { name: 'not-after', value: 'ID', repeats: true, about: 'edit: it no longer waits for this' },
    { name: 'title', value: 'TEXT', about: 'edit: what it is' },
    {
      name: 'owner',
      value: 'NAME',
      about: "add, edit, start: whose it is; edit: '-' for nobody's",
    },
    { name: 'notes', value: 'TEXT', about: "add, edit: what to know of it; edit: '-' for none" },
    { name: 'milestone', value: 'NAME', about: 'add, edit: what it is to be in' },
    { name: 'for-commit', value: 'COMMIT', about: 'add, edit: the commit it is to be in' },
    ...evidence.map(showsIt),
    { name: 'accept', about: 'done: the commits that are proposed show it; without ids, all such' },
    { name: 'bare', about: 'done: without evidence' },
    { name: 'anyway', about: 'start, done: though it waits for others' },
    { name: 'by', value: 'NAME', about: 'who does this, instead of you' },
    { name: 'in-order', about: 'promote: each waits for the one before it' },
    { name: 'mermaid', about: 'graph: as a flowchart in the language of Mermaid' },
    workspaceOption,
    jsonOption,
  ],
  about:
    'Keeps what there is to do in .clew/project_tasks.yaml, which people may edit as well: comments, ' +
    'order and all that is not changed stay as they are, byte for byte. The file is made by the ' +
    'first `clew tasks add`. A task may wait for others (depends_on); it is ready when all of them ' +
    'are done. Ids may be shortened to what no other begins with. A task is done with what shows ' +
    'it, by default the last commit. A commit whose message has the id of a task, or that changes ' +
    'exactly its files, is proposed for it; --accept takes what is proposed.',
  examples: [
    ['clew tasks add Read the spool', 'with a new id'],
    ['clew tasks add Test it --after t-4k7', 'waits for that one'],
    ['clew tasks ready', 'what can be begun'],
    ['clew tasks done t-4k7', 'the last commit shows it'],
    ['clew tasks done --accept', 'all for which commits are proposed'],
    ['clew tasks graph --mermaid', 'for a page'],
    ['clew tasks list --session @session', 'also what the agent planned, and how far it came'],
    ['clew tasks promote @session', 'what it left open becomes tasks of the project'],
    ['clew tasks --json', 'for programs: see schemas/rpc/task/list.json'],
  ],
  exits: [
    [5, 'there is no such task, or more than one'],
    [6, 'the file of tasks cannot be read whole; it is said where'],
    [8, 'it cannot be done: a task waits, or somebody else was quicker'],
  ],
  async run(call) {
    const [word = 'list', ...words] = call.words;
    const deed = Object.hasOwn(deeds, word) ? deeds[word] : undefined;
    if (deed === undefined) {
      const near = suggest(word, names);
      throw refuse(
        command,
        `tasks has no ${word}`,
        near === undefined ? `it has ${names.join(', ')}` : `did you mean \`clew tasks ${near}\`?`,
      );
    }
    checkWords(call, word, words);
    return await deed.run(call, words).catch((error) => {
      throw withGuess(error);
    });
  },
};

function checkWords({ options, lists }: Call, deed: string, words: readonly string[]): void {
  const {
    options: own,
    words: [least, most, what],
  } = deeds[deed] as Deed;
  const given = [...Object.keys(options), ...Object.keys(lists)];
  const stranger = given.find((it) => !own.includes(it) && it !== 'workspace' && it !== 'json');
  if (stranger !== undefined) throw refuse(command, `tasks ${deed} takes no --${stranger}`);
  if (words.length < least) throw refuse(command, `tasks ${deed} needs ${what}`);
  if (most < words.length) throw refuse(command, `tasks ${deed} does not take ${words[most]}`);
}

/** An id with a slip of the finger. */
function withGuess(error: unknown): unknown {
  if (!(error instanceof Failure) || error.code !== 'unknown-id') return error;
  const { id, known } = error.data;
  if (typeof id !== 'string' || !Array.isArray(known)) return error;
  const near = suggest(id, known as string[]) ?? suggest(`t-${id}`, known as string[]);
  const { known: _, ...data } = error.data;
  const hint = near === undefined ? error.hint : `did you mean ${near}?`;
  return new Failure(error.code, error.message, { data, ...(hint && { hint }) });
}
