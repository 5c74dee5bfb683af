/**
 * Writes changes into the text of a list of tasks. Only the places that must change do; that nothing
 * else is read differently afterwards is checked, and what cannot be done so is not done.
 */
import { isMap, isSeq, type YAMLMap } from 'yaml';
import { applyChange, type Change } from './change.ts';
import { readTasks, type TaskNode, type TasksRead, taskKeys } from './read-tasks.ts';
import {
  addPairs,
  appendItems,
  applySplices,
  insertLines,
  openPage,
  type Page,
  pairAt,
  removeItem,
  removePair,
  replaceValue,
  type Splice,
  type Value,
  valueAt,
  writeItem,
} from './splices.ts';
import { evidenceKinds, type Flaw, type Mark, type Task } from './task.ts';

export type Edited =
  | { readonly kind: 'edited'; readonly text: string }
  /** It is no list of tasks, or would be none any more: a circle, or nobody to wait for. */
  | { readonly kind: 'flawed'; readonly flaws: readonly Flaw[] }
  /** The way it is written leaves no place for it that changes nothing else. */
  | { readonly kind: 'unwritable'; readonly line: number };

const opening = [
  '# What there is to do here. `clew tasks` reads and changes it, and so may you:',
  '# comments, order and everything else that you write stay as they are.',
];

/** The text of a list that is not there yet. */
export const newList = `${opening.join('\n')}\nversion: 1\ntasks:\n`;

export function addTask(text: string, task: Task): Edited {
  const read = readTasks(text);
  if (0 < read.flaws.length) return { kind: 'flawed', flaws: read.flaws };
  const page = openPage(text);
  const splices = placeTask(read, page, tellTask(task));
  return check(read, applySplices(text, splices), {
    tasks: [...read.tasks.map((it) => it.task), task],
    line: 1,
  });
}

export function changeTask(text: string, id: string, change: Change): Edited {
  const read = readTasks(text);
  if (0 < read.flaws.length) return { kind: 'flawed', flaws: read.flaws };
  const found = read.tasks.find((it) => it.task.id === id);
  if (found === undefined) return { kind: 'unwritable', line: 1 };
  const splices = placeChange(openPage(text), found, change);
  return check(read, applySplices(text, splices), {
    tasks: read.tasks.map(({ task }) => (task.id === id ? applyChange(task, change) : task)),
    line: found.line,
  });
}

function check(
  before: TasksRead,
  text: string,
  wanted: { tasks: readonly Task[]; line: number },
): Edited {
  const { flaws, tasks, doubts } = readTasks(text);
  const found = tasks.map((it) => it.task);
  const isAsWanted = isSame(found, wanted.tasks) && doubts.length === before.doubts.length;
  if (!isAsWanted) return { kind: 'unwritable', line: wanted.line };
  return flaws.length === 0 ? { kind: 'edited', text } : { kind: 'flawed', flaws };
}

/** By what is in them, whatever the order of their keys. */
function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return one === other;
  const [left, right] = [one, other] as Record<string, unknown>[];
  const keys = Object.keys(left ?? {});
  return (
    keys.length === Object.keys(right ?? {}).length &&
    keys.every((it) => isSame(left?.[it], right?.[it]))
  );
}

function placeTask({ root, list }: TasksRead, page: Page, task: Value): Splice[] {
  const { text, newline } = page;
  if (root === null) {
    const lines = `version: 1${newline}tasks:${newline}${writeItem(task, '  ', newline)}`;
    return [insertLines(page, text.length, lines)];
  }
  if (list !== null && (0 < list.items.length || root.flow === true))
    return appendItems(page, list, [task]);
  if (root.flow === true) return [];
  const item = writeItem(task, '  ', newline);
  const pair = pairAt(root, 'tasks');
  // Also where comments stand below `tasks:`, it begins right there.
  const key = pair?.key.range?.[1] ?? text.length;
  const empty = list === null ? [] : [withoutEmpty(page, list.range[0], list.range[1])];
  if (pair === undefined) return [insertLines(page, key, `tasks:${newline}${item}`)];
  return [...empty, insertLines(page, list?.range[1] ?? key, item)];
}

/** `[]` goes, with the space before it. */
function withoutEmpty({ text }: Page, from: number, to: number): Splice {
  return { from: text[from - 1] === ' ' ? from - 1 : from, to, text: '' };
}

/** As it is written: what is not known is left out. */
function tellTask(task: Task): Value {
  const { id, title, status, owner, dependsOn, evidence, target, notes, origin } = task;
  const kinds = evidenceKinds.filter((it) => 0 < evidence[it].length);
  const told: [(typeof taskKeys)[number], Value | undefined][] = [
    ['id', id],
    ['title', title],
    ['status', status],
    ['owner', owner],
    ['depends_on', dependsOn.length === 0 ? undefined : dependsOn],
    [
      'evidence',
      kinds.length === 0 ? undefined : Object.fromEntries(kinds.map((it) => [it, evidence[it]])),
    ],
    ['target', target],
    ['notes', notes],
    ['origin', origin],
    ['created', task.created && tellMark(task.created)],
    ['updated', task.updated && tellMark(task.updated)],
  ];
  return Object.fromEntries(
    told.filter((it): it is [(typeof taskKeys)[number], Value] => it[1] !== undefined),
  );
}

const tellMark = ({ by, at }: Mark): Value => ({
  ...(by === undefined ? {} : { by }),
  ...(at === undefined ? {} : { at }),
});

function placeChange(page: Page, { task, node }: TaskNode, change: Change): Splice[] {
  const { set = {}, updated } = change;
  const after = applyChange(task, change);
  const { commit, milestone, ...plain } = set;
  const fields = openFields(page, node, taskKeys);
  for (const [key, value] of Object.entries(plain)) fields.put(key, value);
  fields.list('depends_on', task.dependsOn, after.dependsOn);
  if (task.target !== undefined && after.target === undefined) fields.put('target', null);
  else
    placeInner(fields, 'target', ['commit', 'milestone'], (inner) => {
      inner.put('commit', commit);
      inner.put('milestone', milestone);
    });
  placeInner(fields, 'evidence', evidenceKinds, (inner) => {
    for (const kind of evidenceKinds) inner.list(kind, task.evidence[kind], after.evidence[kind]);
  });
  if (updated !== undefined)
    placeInner(fields, 'updated', ['by', 'at'], (inner) => {
      inner.put('by', updated.by);
      inner.put('at', updated.at);
    });
  return fields.splices();
}

type Fields = {
  put(key: string, value: Value | null | undefined): void;
  list(key: string, before: readonly string[], after: readonly string[]): void;
  inner(key: string): YAMLMap | undefined;
  take(splices: readonly Splice[]): void;
  /** Of keys that are new: with their values, where there is no map for them yet. */
  fresh(): { readonly [key: string]: Value };
  splices(): Splice[];
  readonly page: Page;
};

/** Gathers what becomes of the keys of one map. */
function openFields(page: Page, map: YAMLMap | undefined, order: readonly string[]): Fields {
  const gathered: Splice[] = [];
  const added = new Map<string, Value>();
  const gather = (...splices: (Splice | undefined)[]) => {
    for (const it of splices) if (it !== undefined) gathered.push(it);
  };

  function put(key: string, value: Value | null | undefined): void {
    if (value === undefined) return;
    const isThere = map !== undefined && pairAt(map, key) !== undefined;
    if (!isThere && value !== null) added.set(key, value);
    else if (isThere && value === null && valueAt(map, key) !== undefined)
      gather(removePair(page, map, key) ?? replaceValue(page, map, key, null));
    else if (isThere && value !== null) gather(replaceValue(page, map, key, value));
  }

  function list(key: string, before: readonly string[], after: readonly string[]): void {
    const gone = before.flatMap((it, at) => (after.includes(it) ? [] : [at]));
    const fresh = after.filter((it) => !before.includes(it));
    if (gone.length === 0 && fresh.length === 0) return;
    const node = map === undefined ? undefined : valueAt(map, key);
    if (!isSeq(node)) put(key, after);
    else if (after.length === 0) put(key, null);
    else if (gone.length === before.length || (node.flow === true && 1 < gone.length))
      put(key, after);
    else {
      gather(...gone.map((at) => removeItem(page, node, at)));
      if (0 < fresh.length) gather(...appendItems(page, node, fresh));
    }
  }

  return {
    page,
    put,
    list,
    inner(key) {
      const value = map === undefined ? undefined : valueAt(map, key);
      return isMap(value) ? (value as YAMLMap) : undefined;
    },
    take: (splices) => gather(...splices),
    fresh: () => Object.fromEntries(added),
    splices: () =>
      map === undefined ? gathered : [...gathered, ...addPairs(page, map, order, [...added])],
  };
}

/** A map within the map: changed in place, or added whole. */
function placeInner(
  outer: Fields,
  key: string,
  order: readonly string[],
  change: (inner: Fields) => void,
): void {
  const map = outer.inner(key);
  const inner = openFields(outer.page, map, order);
  change(inner);
  if (map !== undefined) outer.take(inner.splices());
  else if (0 < Object.keys(inner.fresh()).length) outer.put(key, inner.fresh());
}
