/** The list of tasks that Claude Code keeps one by one, as a plan: each is made and changed by a call of its own. */
import { type Shape, shapeOf, textOf } from '../../journal/json.ts';

export type TaskList = {
  /** A call that may change it, which counts when it has succeeded. */
  ask(call: string, name: string, input: Shape): void;
  /** What the list is after that; undefined when it was no such call, or changed nothing. */
  answer(call: string, result: Shape, text: string): readonly Entry[] | undefined;
};

type Entry = { readonly content: string; readonly status: string; readonly id: string };
type Asked = { readonly name: string; readonly input: Shape };

const limit = 500;

export function openTaskList(): TaskList {
  const asked = new Map<string, Asked>();
  const entries = new Map<string, Entry>();

  function create({ input }: Asked, result: Shape, text: string): boolean {
    const id = textOf(shapeOf(result['task'])['id']) ?? /#(\S+) created/.exec(text)?.[1];
    const content = textOf(input['subject']);
    if (id === undefined || content === undefined || limit <= entries.size) return false;
    entries.set(id, { content, status: 'pending', id });
    return true;
  }

  function update({ input }: Asked): boolean {
    const known = entries.get(textOf(input['taskId']) ?? '');
    if (known === undefined) return false;
    const { id } = known;
    const status = textOf(input['status']) ?? known.status;
    if (status === 'deleted') return entries.delete(id);
    entries.set(id, { content: textOf(input['subject']) ?? known.content, status, id });
    return true;
  }

  return {
    ask(call, name, input) {
      if (name !== 'TaskCreate' && name !== 'TaskUpdate') return;
      if (asked.size < limit) asked.set(call, { name, input });
    },
    answer(call, result, text) {
      const it = asked.get(call);
      asked.delete(call);
      if (it === undefined || result['success'] === false) return undefined;
      const isChanged = it.name === 'TaskCreate' ? create(it, result, text) : update(it);
      return isChanged ? [...entries.values()] : undefined;
    },
  };
}
