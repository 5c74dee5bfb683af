/** Which commits are proposed for which tasks. */
import { expect, test } from 'vitest';
import { proposeEvidence, type SeenCommit } from '../../src/tasks/propose-evidence.ts';
import { noEvidence, type Task } from '../../src/tasks/task.ts';

const commit: SeenCommit = { id: 'a'.repeat(40), message: 'x', authoredAt: 2_000_000_000_000 };
const task: Task = {
  id: 't-abc1234',
  title: 'x',
  status: 'active',
  dependsOn: [],
  evidence: noEvidence,
};
const propose = (it: Partial<Task>, by: Partial<SeenCommit>) =>
  proposeEvidence([{ ...task, ...it }], [{ ...commit, ...by }]).get(it.id ?? task.id)?.[0]?.why;

test.each<[string, string, boolean]>([
  ['t-abc1234', 'Do it (t-abc1234)', true],
  ['t-abc1234', 'Do it\n\nTask: T-ABC1234\n', true],
  ['t-abc1234', 'Ends t-abc1234.', true],
  ['t-abc1234', 'see t-abc12345', false],
  ['t-abc1234', 'see xt-abc1234', false],
  ['t-abc1234', 'see t-abc1234-2 and t-abc1234.md', false],
  ['t-abc1234', 'abc1234', false],
  ['t-abcdefg', 'Do t-abcdefg', true],
  ['fix', 'fix the parser', false],
  ['fix', 'the parser (task: fix)', true],
  ['fix', 'Closes #fix', true],
  ['a.b', 'Closes #axb', false],
  ['v2', 'release v2', false],
  ['v2', 'release [v2]', true],
])('%s is named by %j: %s', (id, message, isNamed) => {
  expect(propose({ id }, { message })).toBe(isNamed ? 'named' : undefined);
});

test.each<[string[], string[] | undefined, boolean]>([
  [['a', 'b'], ['b', 'a'], true],
  [['a', 'b'], ['a'], false],
  [['a'], ['a', 'b'], false],
  [[], [], false],
  [['a'], undefined, false],
])('files %j are those of a commit of %j: %s', (files, changed, isSame) => {
  const evidence = { ...noEvidence, files };
  const found = propose({ evidence }, changed === undefined ? {} : { files: changed });
  expect(found).toBe(isSame ? 'same-files' : undefined);
});

test('an older commit with the same files was not made for it; one that names it is said to be', () => {
  const made = {
    evidence: { ...noEvidence, files: ['a'] },
    created: { at: '2040-01-01T00:00:00Z' },
  };
  expect(propose(made, { files: ['a'] })).toBeUndefined();
  expect(propose(made, { files: ['a'], message: 't-abc1234' })).toBe('named');
  expect(propose({ ...made, created: { at: 'once' } }, { files: ['a'] })).toBe('same-files');
});

test.each(['done', 'dropped'] as const)('nothing for what is %s', (status) => {
  expect(propose({ status }, { message: 't-abc1234' })).toBeUndefined();
});

test('nothing that is its evidence already, also by a short id', () => {
  const evidence = { ...noEvidence, commits: ['aaaaaaaaaa'] };
  expect(propose({ evidence }, { message: 't-abc1234' })).toBeUndefined();
});
