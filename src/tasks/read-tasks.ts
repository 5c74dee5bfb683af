/** Reads the list of tasks: what is in it, where each stands, and everything that is wrong with it. */
import { isMap, isScalar, isSeq, type ParsedNode, type YAMLMap, type YAMLSeq } from 'yaml';
import { checkGraph } from './check-graph.ts';
import { openFields } from './fields.ts';
import { readYaml, type YamlRead } from './read-yaml.ts';
import { evidenceKinds, type Flaw, type Mark, statuses, type Task } from './task.ts';

const version = 1;

/** Where a task stands, for whoever changes it. */
export type TaskNode = {
  readonly task: Task;
  readonly node: YAMLMap.Parsed;
  readonly line: number;
};

export type TasksRead = {
  readonly tasks: readonly TaskNode[];
  /** With any of these the file is not used, and never written. */
  readonly flaws: readonly Flaw[];
  /** What was passed over, and perhaps meant otherwise. */
  readonly doubts: readonly Flaw[];
  readonly root: YAMLMap.Parsed | null;
  readonly list: YAMLSeq.Parsed | null;
};

const rootKeys = ['version', 'tasks'];
/** In the order in which they are written. */
export const taskKeys = [
  'id',
  'title',
  'status',
  'owner',
  'depends_on',
  'evidence',
  'target',
  'notes',
  'origin',
  'created',
  'updated',
] as const;
/** It is named in commit messages and on command lines, so it must be one word. */
const idForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export function readTasks(text: string): TasksRead {
  const yaml = readYaml(text);
  const none = { tasks: [], doubts: [], root: null, list: null };
  if (0 < yaml.flaws.length) return { ...none, flaws: yaml.flaws };
  const { root } = yaml;
  if (root === null || (isScalar(root) && root.value === null)) return { ...none, flaws: [] };
  return readRoot(root, yaml);
}

function readRoot(root: ParsedNode, yaml: YamlRead): TasksRead {
  const fields = openFields(yaml.placeOf);
  const { flaws, doubts } = fields;
  const none = { tasks: [], flaws, doubts, root: null, list: null };
  if (!isMap(root)) {
    fields.refuse(root, 'this is no list of tasks', 'it begins with `version: 1` and `tasks:`');
    return none;
  }
  const keys = fields.keysOf(root, rootKeys, 'the file');
  const said = keys.get('version');
  if (said === undefined) fields.refuse(root, 'version is missing', 'begin with `version: 1`');
  else if (!isScalar(said) || said.value !== version)
    fields.refuse(said, `version is not ${version}`, 'a newer clew may have written it');
  const list = keys.get('tasks');
  if (list !== undefined && !isSeq(list) && !fields.isEmpty(list))
    fields.refuse(list, 'tasks is no list', 'each begins with `- id:`');
  if (!isSeq(list)) return { ...none, root: root as YAMLMap.Parsed };
  const tasks = (list.items as ParsedNode[]).flatMap((it) => readTask(it, yaml, fields));
  if (flaws.length === 0) flaws.push(...checkGraph(tasks, fields.placeIn));
  return {
    tasks,
    flaws,
    doubts,
    root: root as YAMLMap.Parsed,
    list: list as unknown as YAMLSeq.Parsed,
  };
}

type Fields = ReturnType<typeof openFields>;

function readTask(node: ParsedNode | null, { placeOf }: YamlRead, fields: Fields): TaskNode[] {
  if (!isMap(node)) {
    fields.refuse(node, 'this is no task', 'a task has at least `id:` and `title:`');
    return [];
  }
  const own = fields.of(node as YAMLMap.Parsed, taskKeys, 'a task');
  const id = own.text('id');
  const title = own.text('title');
  if (!own.has('id')) own.refuse('id', 'a task without id', '`clew tasks add` makes one');
  else if (id !== undefined && !idForm.test(id))
    own.refuse('id', `${JSON.stringify(id)} is no id`, 'letters, digits, and . _ - between them');
  if (!own.has('title') || title?.trim() === '')
    own.refuse(
      'title',
      `task ${id ?? ''} has no title`.replace('  ', ' '),
      'say what is to be done',
    );
  const status = own.word('status', statuses) ?? 'open';
  const evidence = own.inner('evidence', evidenceKinds);
  const target = own.inner('target', ['commit', 'milestone']);
  const origin = own.inner('origin', ['session', 'entry']);
  if (id === undefined || title === undefined) return [];
  const task: Task = {
    id,
    title,
    status,
    ...given('owner', own.text('owner')),
    dependsOn: own.texts('depends_on'),
    evidence: {
      commits: evidence?.texts('commits') ?? [],
      checkpoints: evidence?.texts('checkpoints') ?? [],
      sessions: evidence?.texts('sessions') ?? [],
      files: evidence?.texts('files') ?? [],
    },
    ...given(
      'target',
      target &&
        filled({
          ...given('commit', target.text('commit')),
          ...given('milestone', target.text('milestone')),
        }),
    ),
    ...given('notes', own.text('notes')),
    ...given(
      'origin',
      origin &&
        filled({
          ...given('session', origin.text('session')),
          ...given('entry', origin.text('entry')),
        }),
    ),
    ...given('created', readMark(own.inner('created', ['by', 'at']))),
    ...given('updated', readMark(own.inner('updated', ['by', 'at']))),
  };
  const { line } = placeOf(node.range?.[0] ?? 0);
  return [{ task, node: node as YAMLMap.Parsed, line }];
}

type Own = ReturnType<Fields['of']>;

function readMark(own: Own | undefined): Mark | undefined {
  return own && filled({ ...given('by', own.text('by')), ...given('at', own.text('at')) });
}

/** A map that says nothing is none. */
function filled<T extends object>(value: T): T | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}

function given<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
}
