/** Editing a list of tasks: what is written by hand stays, to the byte, but for the lines of that task. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Change } from '../../src/tasks/change.ts';
import { addTask, changeTask, type Edited, newList } from '../../src/tasks/edit-tasks.ts';
import { readTasks } from '../../src/tasks/read-tasks.ts';
import { noEvidence, type Task } from '../../src/tasks/task.ts';

const byHand = readFileSync(new URL('cases/hand-written.yaml', import.meta.url), 'utf8');

function textOf(edited: Edited): string {
  if (edited.kind !== 'edited') throw new Error(JSON.stringify(edited));
  return edited.text;
}

/** The lines that went and came, as a patch without its context. */
function differ(before: string, after: string): string {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  let top = 0;
  while (top < old.length && old[top] === fresh[top]) top += 1;
  let end = 0;
  while (
    end < old.length - top &&
    end < fresh.length - top &&
    old.at(-1 - end) === fresh.at(-1 - end)
  )
    end += 1;
  return [
    ...old.slice(top, old.length - end).map((it) => `-${it}`),
    ...fresh.slice(top, fresh.length - end).map((it) => `+${it}`),
  ].join('\n');
}

const updated = { by: 'ada', at: '2026-11-21T10:00:00Z' };
const done: Change = { set: { status: 'done' }, add: { commits: ['abc1234'] }, updated };

test('the file by hand is read', () => {
  const { tasks, flaws, doubts } = readTasks(byHand);
  expect(flaws).toEqual([]);
  expect(doubts).toMatchObject([
    { line: 18, column: 5, message: 'a task has no estimate; it is left alone' },
  ]);
  expect(tasks.map((it) => [it.task.id, it.task.status, it.line])).toEqual([
    ['t-spool01', 'done', 8],
    ['t-spool02', 'active', 20],
    ['t-rest001', 'open', 30],
    ['t-rest002', 'open', 32],
    ['t-rest003', 'open', 39],
  ]);
});

test.each<[string, string, Change]>([
  ['done where much is written', 't-spool01', done],
  ['done where the title is first', 't-spool02', done],
  ['done in braces', 't-rest001', done],
  ['done with wide indentation', 't-rest002', done],
  ['done at the end', 't-rest003', done],
  ['a title in double quotes', 't-spool01', { set: { title: 'It\'s "new"' } }],
  ['a title in single quotes', 't-spool02', { set: { title: "It's new" } }],
  ['nobody owns it', 't-spool02', { set: { owner: null } }],
  ['nobody owns what nobody owned', 't-rest003', { set: { owner: null } }],
  ['notes in place of folded ones', 't-spool01', { set: { notes: 'one\n\ntwo: # no comment\n' } }],
  ['no notes', 't-spool01', { set: { notes: null } }],
  ['one less in lines', 't-spool02', { remove: { dependsOn: ['t-spool01'] } }],
  ['one less in brackets', 't-rest001', { remove: { dependsOn: ['t-spool01'] } }],
  ['the last less in brackets', 't-rest001', { remove: { dependsOn: ['t-spool02'] } }],
  ['none left in brackets', 't-rest001', { remove: { dependsOn: ['t-spool01', 't-spool02'] } }],
  ['one more in wide brackets', 't-rest003', { add: { dependsOn: ['t-spool02'] } }],
  ['one more in lines', 't-rest003', { add: { files: ['src/a b.ts', 'x, y', '[z]', '日本.md'] } }],
  ['a target', 't-rest002', { set: { commit: '1e10', milestone: 'v 2.0' } }],
])('%s', (_, id, change) => {
  const after = textOf(changeTask(byHand, id, change));
  expect(differ(byHand, after)).toMatchSnapshot();
  const crlf = byHand.replaceAll('\n', '\r\n');
  expect(textOf(changeTask(crlf, id, change))).toBe(after.replaceAll('\n', '\r\n'));
  const marked = `\ufeff${byHand}`;
  expect(textOf(changeTask(marked, id, change))).toBe(`\ufeff${after}`);
});

const task: Task = {
  id: 't-new0001',
  title: 'yes: a new one',
  status: 'open',
  dependsOn: ['t-spool01'],
  evidence: noEvidence,
  notes: 'two\nlines',
  created: updated,
};
const alone: Task = { ...task, dependsOn: [] };

test('a new task comes after the last, with the empty line that is between the others', () => {
  expect(differ(byHand, textOf(addTask(byHand, task)))).toMatchSnapshot();
});

test.each([
  ['made', newList],
  ['empty', ''],
  ['only a comment', '# mine'],
  ['no tasks key', 'version: 1 # x'],
  ['nothing behind tasks', 'version: 1\ntasks:\n# below\n'],
  ['an empty list', 'version: 1\ntasks: [] # none\n# below\n'],
  ['no line break at the end', 'version: 1\ntasks:\n- id: a\n  title: b'],
  ['a list in brackets', 'version: 1\ntasks: [{id: a, title: b}, {id: c, title: d}] # all\n'],
  ['JSON', '{"version": 1, "tasks": []}\n'],
])('a new task in a file: %s', (_, text) => {
  const after = textOf(addTask(text, alone));
  expect(after).toMatchSnapshot();
  expect(readTasks(after).tasks.at(-1)?.task).toEqual(alone);
});

test('an anchor stays where it is', () => {
  const text = 'version: 1\ntasks:\n  - &first\n    id: a\n    title: &name b\n';
  expect(textOf(changeTask(text, 'a', { set: { title: 'c' } }))).toBe(
    text.replace('name b', 'name c'),
  );
});

test('what would break the list is refused, with what is wrong', () => {
  expect(changeTask(byHand, 't-spool01', { add: { dependsOn: ['t-rest003'] } })).toMatchObject({
    kind: 'flawed',
    flaws: [{ message: expect.stringContaining('wait for each other') }],
  });
  expect(changeTask(byHand, 't-spool01', { add: { dependsOn: ['nobody'] } })).toMatchObject({
    kind: 'flawed',
    flaws: [{ message: 't-spool01 depends on nobody, which is no task here' }],
  });
  expect(addTask(byHand, { ...task, id: 't-spool01' })).toMatchObject({ kind: 'flawed' });
});

test('what cannot be written without touching more is not written', () => {
  const ends = `${newList}  - id: a\n    title: b\n...\n`;
  expect(changeTask(ends, 'a', { set: { title: 'c' } }).kind).toBe('edited');
  const braces = 'version: 1\ntasks:\n  - {\n    id: a, title: b # says it\n    }\n';
  const edited = changeTask(braces, 'a', { set: { owner: 'x' } });
  expect(edited).toMatchObject({ kind: 'edited' });
  expect(addTask('{version: 1}', alone)).toEqual({ kind: 'unwritable', line: 1 });
  expect(changeTask(byHand, 'nobody', {})).toEqual({ kind: 'unwritable', line: 1 });
});
