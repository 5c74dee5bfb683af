/** Checks that tasks wait for each other in one direction only, and only for tasks that there are. */
import type { Node, YAMLMap } from 'yaml';
import { isMap, isScalar, isSeq } from 'yaml';
import { findCycle } from './find-cycle.ts';
import type { Place } from './read-yaml.ts';
import type { Flaw, Task } from './task.ts';

type Standing = { readonly task: Task; readonly node: YAMLMap };

export function checkGraph(
  tasks: readonly Standing[],
  placeIn: (node: Node | null | undefined) => Place,
): Flaw[] {
  const flaws: Flaw[] = [];
  const known = new Map<string, Standing>();
  for (const it of tasks) {
    const { id } = it.task;
    const first = known.get(id);
    if (first === undefined) known.set(id, it);
    else
      flaws.push({
        ...placeIn(valueAt(it.node, 'id')),
        message: `${id} is the id of two tasks`,
        hint: `the other is in line ${placeIn(first.node).line}; give one another id`,
      });
  }
  for (const { task, node } of tasks)
    for (const [at, id] of task.dependsOn.entries()) {
      if (known.has(id)) continue;
      flaws.push({
        ...placeIn(waitedFor(node, at)),
        message: `${task.id} depends on ${id}, which is no task here`,
        hint: 'take it out of depends_on, or bring the task back',
      });
    }
  const cycle = flaws.length === 0 ? findCycle(tasks.map((it) => it.task)) : undefined;
  if (cycle !== undefined) flaws.push(tellCycle(cycle));
  return flaws;

  function tellCycle(ids: readonly string[]): Flaw {
    const [first = '', second = first] = ids;
    const { task, node } = known.get(first) as Standing;
    return {
      ...placeIn(waitedFor(node, task.dependsOn.indexOf(second))),
      message: `these wait for each other: ${[...ids, first].join(' → ')}`,
      hint: 'take one of them out of depends_on',
    };
  }
}

/** The n-th entry of depends_on. */
function waitedFor(node: YAMLMap, n: number): Node | undefined {
  const list = valueAt(node, 'depends_on');
  return isSeq(list) ? (list.items[n] as Node) : list;
}

function valueAt(node: YAMLMap, key: string): Node | undefined {
  const pair = node.items.find((it) => isScalar(it.key) && it.key.value === key);
  const value = pair?.value as Node | null | undefined;
  return value ?? (isMap(node) ? node : undefined);
}
