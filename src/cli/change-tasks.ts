/** The words of `clew tasks` that change something: add, edit, start, done, promote. */
import type { TaskAdd, TaskDone, TaskEdit } from '../contract/types.gen.ts';
import { refuse } from './arguments.ts';
import { ask, printJson } from './ask.ts';
import type { Call } from './command.ts';
import { showLine } from './printable.ts';
import { readTaskStatus } from './read-task-status.ts';
import { showProposed, showTask, showTasks } from './show-tasks.ts';

/** What shows that a task is done, by the options that name it. */
export const evidence = ['commit', 'checkpoint', 'session', 'file'] as const;

const textOf = ({ options }: Call, key: string): string | undefined => {
  const value = options[key];
  return typeof value === 'string' ? value : undefined;
};

export async function runAdd(call: Call, words: readonly string[]): Promise<number> {
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

export async function runEdit(call: Call, [id = '']: readonly string[]): Promise<number> {
  const { io, options, lists } = call;
  const status = textOf(call, 'status');
  const params: TaskEdit['params'] = {
    id,
    ...said(call, { title: 'title', by: 'by' }),
    ...(status !== undefined && { status: readTaskStatus(status) }),
    ...orNone(said(call, { owner: 'owner', notes: 'notes', milestone: 'milestone' })),
    ...orNone(said(call, { commit: 'for-commit' })),
    ...(lists['after'] && { addDependsOn: [...lists['after']] }),
    ...(lists['not-after'] && { removeDependsOn: [...lists['not-after']] }),
    ...evidenceIn(call, 'addEvidence'),
  };
  const isChanged = Object.keys(params).some((it) => it !== 'id' && it !== 'by');
  if (!isChanged) throw refuse({ name: 'tasks' }, `tasks edit ${id} changes nothing`);
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

export async function runStart(call: Call, [id = '']: readonly string[]): Promise<number> {
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

export async function runDone(call: Call, words: readonly string[]): Promise<number> {
  const { io, options } = call;
  const accept = options['accept'] === true;
  if (words.length === 0 && !accept)
    throw refuse({ name: 'tasks' }, 'tasks done needs an id', 'or --accept: all that is proposed');
  const results: TaskDone['result'][] = [];
  for await (const id of words.length === 0 ? listProposed(call) : words) {
    const params = {
      id,
      accept,
      bare: options['bare'] === true,
      anyway: options['anyway'] === true,
      ...evidenceIn(call, 'evidence'),
      ...said(call, { by: 'by' }),
    };
    const result = await ask(call, 'task/done', params);
    results.push(result);
    if (options['json'] !== true) io.write(showTask(result.task, io) + showProposed(result, io));
  }
  if (options['json'] === true) printJson(io, words.length === 1 ? results[0] : results);
  else if (results.length === 0)
    io.write('no commit is proposed for a task that waits for nothing\n');
  else {
    const ready = results.at(-1)?.ready ?? [];
    if (0 < ready.length) io.write(`ready now:\n${showTasks(ready, io)}`);
  }
  return 0;
}

/** Looks again after each: what waited for it may be proposed too. */
async function* listProposed(call: Call): AsyncGenerator<string> {
  const given = new Set<string>();
  for (;;) {
    const { tasks } = await ask(call, 'task/list', {});
    const next = tasks.find(
      (it) => it.proposed !== undefined && it.blockedBy.length === 0 && !given.has(it.id),
    );
    if (next === undefined) return;
    given.add(next.id);
    yield next.id;
  }
}

export async function runPromote(call: Call, words: readonly string[]): Promise<number> {
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
