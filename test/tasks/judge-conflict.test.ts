/** Two who change one task: who is in the other's way, and who is not. */
import { expect, test } from 'vitest';
import { judgeConflicts } from '../../src/tasks/judge-conflict.ts';
import { noEvidence, type Task } from '../../src/tasks/task.ts';

const before: Task = {
  id: 'a',
  title: 'x',
  status: 'open',
  dependsOn: [],
  evidence: noEvidence,
  target: { milestone: 'v1' },
};

test.each<[string, Partial<Task>, Parameters<typeof judgeConflicts>[2], unknown[]]>([
  ['nothing changed', {}, { set: { status: 'done' } }, []],
  ['another field', { owner: 'bob' }, { set: { status: 'done' } }, []],
  ['the same to the same', { status: 'done' }, { set: { status: 'done' } }, []],
  [
    'the same to another',
    { status: 'dropped' },
    { set: { status: 'done' } },
    [{ field: 'status', before: 'open', theirs: 'dropped', ours: 'done' }],
  ],
  [
    'taken away and set',
    { owner: 'bob' },
    { set: { owner: null } },
    [{ field: 'owner', before: null, theirs: 'bob', ours: null }],
  ],
  [
    'a milestone',
    { target: { milestone: 'v2' } },
    { set: { milestone: 'v3' } },
    [{ field: 'milestone', before: 'v1', theirs: 'v2', ours: 'v3' }],
  ],
  [
    'a milestone that is gone',
    { target: {} },
    { set: { milestone: 'v1' } },
    [{ field: 'milestone', before: 'v1', theirs: null, ours: 'v1' }],
  ],
  ['lists', { dependsOn: ['b'] }, { add: { dependsOn: ['c'] } }, []],
])('%s', (_, theirs, ours, conflicts) => {
  expect(judgeConflicts(before, { ...before, ...theirs }, ours)).toEqual(conflicts);
});
