/** clew tasks: what there is to do in this project, what waits for what, and what was done. */
import type { TaskAdd, TaskCard, TaskDone, TaskEdit, TaskList } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import { refuse } from './arguments.ts';
import { ask, printJson } from './ask.ts';
import { type Call, type Command, jsonOption, type Option, workspaceOption } from './command.ts';
import { openPaint } from './paint.ts';
import { showLine } from './printable.ts';
import { showPlanned } from './show-planned.ts';
import { showTaskTree } from './show-task-tree.ts';
import { showTask, showTasks } from './show-tasks.ts';
import { suggest } from './suggest.ts';

const name = 'tasks';
const statuses = ['open', 'active', 'blocked', 'done', 'dropped'] as const;
const evidence = ['commit', 'checkpoint', 'session', 'file'] as const;

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
    options: [...evidence, 'bare', 'anyway', 'by'],
    words: [1, any, 'an id'],
    run: runDone,
  },
  graph: { options: ['mermaid'], words: [0, 0, ''], run: runGraph },
  promote: { options: ['in-order', 'by'], words: [0, any, ''], run: runPromote },
};
const names = Object.keys(deeds);

const showing: Readonly<Record<string, string>> = {
  session: 'done, edit: shows it; start: where it is done; list: also what its agent planned',
};

const showsIt = (what: string): Option => ({
  name: what,
  value: what.toUpperCase(),
  repeats: true,
  about: showing[what] ?? `done, edit: this ${what} shows that it is done; may be given again`,
  ...(what === 'file' ? { offers: 'files' as const } : {}),
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
    'it, by default the last commit.',
  examples: [
    ['clew tasks add Read the spool', 'with a new id'],
    ['clew tasks add Test it --after t-4k7', 'waits for that one'],
    ['clew tasks ready', 'what can be begun'],
    ['clew tasks done t-4k7', 'the last commit shows it'],
    ['clew tasks graph --mermaid', 'for a page'],
    ['clew tasks list --session @last', 'also what the agent planned, and how far it came'],
    ['clew tasks promote @last', 'what it left open becomes tasks of the project'],
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

async function runList(call: Call): Promise<number> {
  const { io, options } = call;
  const status = options['status'];
  const wanted = typeof status === 'string' ? status.split(',').map(readStatus) : undefined;
  const session = call.lists['session']?.at(-1);
  const params = {
    ...(wanted === undefined ? {} : { status: wanted }),
    ...(session === undefined ? {} : { session }),
  };
  const result = await ask(call, 'task/list', params);
  for (const { line, message, hint } of result.doubts)
    io.warn(`clew: ${showLine(`${result.file}:${line}: ${message}${hint ? ` (${hint})` : ''}`)}\n`);
  if (options['json'] === true) {
    printJson(io, result);
    return 0;
  }
  if (!result.exists) io.write(showNone(result.file));
  else {
    const showsAll = wanted !== undefined || options['all'] === true;
    const shown = result.tasks.filter((it) => showsAll || !isOver(it));
    io.write(showTasks(shown, io) + showHidden(result.tasks.length - shown.length, call));
  }
  if (result.session !== undefined) io.write(showPlans(result, call));
  return 0;
}

function showPlans({ session, entries = [], behind }: TaskList['result'], { io }: Call): string {
  const paint = openPaint(io);
  const name = `session ${showLine(session?.id ?? '')}`;
  const state = paint(session?.state ?? '', session?.state === 'running' ? 'good' : 'faint');
  const lines = entries.length === 0 ? ['  nothing was planned'] : showPlanned(entries, paint);
  const late = behind === true ? ['The index is being built; this may not be all.'] : [];
  return `${['', `${paint(name, 'strong')}  ${state}`, ...lines, ...late].join('\n')}\n`;
}

const isOver = ({ status }: TaskCard) => status === 'done' || status === 'dropped';

function showHidden(count: number, { io }: Call): string {
  if (count === 0) return '';
  return `${openPaint(io)(`${count} done or dropped; --all shows them`, 'faint')}\n`;
}

const showNone = (file: string) =>
  `there is no ${showLine(file)} yet; \`clew tasks add <title>\` makes it\n`;

function readStatus(word: string): TaskCard['status'] {
  const known = statuses.find((it) => it === word);
  if (known !== undefined) return known;
  const near = suggest(word, statuses);
  const hint = near === undefined ? `there are ${statuses.join(', ')}` : `did you mean ${near}?`;
  throw refuse(command, `there is no status ${word}`, hint);
}

async function runReady(call: Call): Promise<number> {
  const { io, options } = call;
  const result = await ask(call, 'task/ready', {});
  if (options['json'] === true) printJson(io, result);
  else if (!result.exists) io.write(showNone(result.file));
  else if (result.tasks.length === 0) io.write('nothing is ready\n');
  else io.write(showTasks(result.tasks, io));
  return 0;
}

const textOf = ({ options }: Call, key: string): string | undefined => {
  const value = options[key];
  return typeof value === 'string' ? value : undefined;
};

async function runAdd(call: Call, words: readonly string[]): Promise<number> {
  const { io, options, lists } = call;
  const params: TaskAdd['params'] = {
    title: words.join(' '),
    ...said(call, { owner: 'owner', notes: 'notes', milestone: 'milestone' }),
    ...said(call, { commit: 'for-commit', by: 'by' }),
    ...(lists['after'] && { dependsOn: [...lists['after']] }),
  };
  const result = await ask(call, 'task/add', params);
  if (options['json'] === true) printJson(io, result);
  else
    io.write(`${result.made ? `made ${showLine(result.file)}\n` : ''}${showTask(result.task, io)}`);
  return 0;
}

async function runEdit(call: Call, [id = '']: readonly string[]): Promise<number> {
  const { io, options, lists } = call;
  const status = textOf(call, 'status');
  const params: TaskEdit['params'] = {
    id,
    ...said(call, { title: 'title', by: 'by' }),
    ...(status !== undefined && { status: readStatus(status) }),
    ...orNone(said(call, { owner: 'owner', notes: 'notes', milestone: 'milestone' })),
    ...orNone(said(call, { commit: 'for-commit' })),
    ...(lists['after'] && { addDependsOn: [...lists['after']] }),
    ...(lists['not-after'] && { removeDependsOn: [...lists['not-after']] }),
    ...evidenceIn(call, 'addEvidence'),
  };
  const isChanged = Object.keys(params).some((it) => it !== 'id' && it !== 'by');
  if (!isChanged) throw refuse(command, `tasks edit ${id} changes nothing`);
  const result = await ask(call, 'task/edit', params);
  if (options['json'] === true) printJson(io, result);
  else io.write(showTask(result.task, io));
  return 0;
}

/** A dash takes away what is there. */
function orNone<T extends Record<string, string>>(
  given: Partial<T>,
): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => [key, value === '-' ? null : (value as string)]),
  );
}

/** Parameters by the names of the options that say them; those that were not given are left out. */
function said<K extends string>(call: Call, by: Record<K, string>): { [P in K]?: string } {
  const pairs = (Object.entries(by) as [K, string][]).map(([key, it]) => [key, textOf(call, it)]);
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
}

function evidenceIn<K extends string>(
  { lists }: Call,
  key: K,
): { [P in K]?: NonNullable<TaskDone['params']['evidence']> } {
  const given = evidence.filter((it) => lists[it] !== undefined);
  if (given.length === 0) return {};
  const named = Object.fromEntries(given.map((it) => [`${it}s`, [...(lists[it] ?? [])]]));
  return { [key]: named } as { [P in K]?: NonNullable<TaskDone['params']['evidence']> };
}

async function runStart(call: Call, [id = '']: readonly string[]): Promise<number> {
  const { io, options } = call;
  const anyway = options['anyway'] === true;
  const session = call.lists['session']?.at(-1);
  const more = {
    ...said(call, { owner: 'owner', by: 'by' }),
    ...(session === undefined ? {} : { session }),
  };
  const result = await ask(call, 'task/start', { id, anyway, ...more });
  if (options['json'] === true) printJson(io, result);
  else io.write(showTask(result.task, io));
  return 0;
}

async function runDone(call: Call, ids: readonly string[]): Promise<number> {
  const { io, options } = call;
  const results: TaskDone['result'][] = [];
  for (const id of ids) {
    const params = {
      id,
      bare: options['bare'] === true,
      anyway: options['anyway'] === true,
      ...evidenceIn(call, 'evidence'),
      ...said(call, { by: 'by' }),
    };
    const result = await ask(call, 'task/done', params);
    results.push(result);
    if (options['json'] !== true) io.write(showTask(result.task, io));
  }
  if (options['json'] === true) printJson(io, ids.length === 1 ? results[0] : results);
  else {
    const ready = results.at(-1)?.ready ?? [];
    if (0 < ready.length) io.write(`ready now:\n${showTasks(ready, io)}`);
  }
  return 0;
}

async function runGraph(call: Call): Promise<number> {
  const { io, options } = call;
  const result = await ask(call, 'task/graph', {});
  if (options['json'] === true) printJson(io, result);
  else if (!result.exists) io.write(showNone(result.file));
  else io.write(options['mermaid'] === true ? result.mermaid : showTaskTree(result.tasks, io));
  return 0;
}

async function runPromote(call: Call, words: readonly string[]): Promise<number> {
  const { io, options } = call;
  const [session = '@last', ...entries] = words;
  const result = await ask(call, 'task/promote', {
    session,
    ...(entries.length === 0 ? {} : { entries }),
    inOrder: options['in-order'] === true,
    ...said(call, { by: 'by' }),
  });
  const { promoted, skipped, made, file } = result;
  if (options['json'] === true) printJson(io, result);
  else {
    const lines = skipped.map((it) => `${showLine(it.id)} is ${showLine(it.task)} already\n`);
    const none =
      promoted.length === 0 && skipped.length === 0 ? 'nothing is left to promote\n' : '';
    const shown = promoted.length === 0 ? none : showTasks(promoted, io);
    io.write(`${made ? `made ${showLine(file)}\n` : ''}${lines.join('')}${shown}`);
  }
  return 0;
}
