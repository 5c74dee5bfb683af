/** clew tasks: its words, what it prints, and how it ends. */
import { expect, test } from 'vitest';
import { git } from '../git.ts';
import { first, recordPlans, second, session } from '../methods/task/planned.ts';
import { openProject, three } from '../methods/task/project.ts';
import { runHere } from './fake-io.ts';

function openHere(text?: string) {
  const { root, env, file, write } = openProject(text);
  return {
    root,
    file,
    write,
    run: (argv: string[], more = {}) => runHere(['tasks', ...argv], { cwd: root, env, ...more }),
  };
}

test('from nothing to done', async () => {
  const { run, file } = openHere();
  expect((await run([])).out).toBe(
    `there is no ${file} yet; \`clew tasks add <title>\` makes it\n`,
  );
  const added = await run(['add', 'Read', 'the', 'spool']);
  const id = /t-\w{7}/.exec(added.out)?.[0] ?? '';
  expect([added.exit, added.out]).toEqual([0, `made ${file}\n${id}  ready  Read the spool\n`]);
  await run(['add', 'Ship it', '--after', id.slice(2, 6), '--owner', 'bob', '--milestone', 'v1']);
  const { out } = await run([]);
  expect(out).toMatch(
    new RegExp(
      `^${id}  ready  Read the spool\n(t-\\w{7})  open   Ship it  +waits for ${id}  bob\n$`,
    ),
  );
  expect((await run(['graph'])).out).toMatch(
    /^\[ \] t-\w{7} {2}Read the spool\n└─ \[ \] t-\w{7} {2}Ship it\n$/,
  );
  const done = await run(['done', id, '--file', 'src/a.ts', '--file', 'src/b.ts']);
  expect(done.out).toMatch(
    /^t-\w{7} {2}done {2}Read the spool\n {2}files: src\/a.ts, src\/b.ts\nready now:\nt-\w{7} {2}ready {2}Ship it {2}bob\n$/,
  );
  expect((await run([])).out).toMatch(/1 done or dropped; --all shows them\n$/);
  expect((await run(['list', '--all'])).out).toMatch(/^t-\w{7} {2}done/);
});

test('a tree shows each once in full, in the width that there is', async () => {
  const { run } = openHere(
    `${three}    notes: x\n  - {id: z, title: '${'long '.repeat(20)}', depends_on: [t-aaa1111, t-ccc3333]}\n  - {id: z2, title: after z, depends_on: [z]}\n`,
  );
  expect((await run(['graph'], { columns: 50 })).out).toMatchInlineSnapshot(`
    "[x] t-aaa1111  Write the spool
    ├─ [ ] t-aab2222  Read the spool
    │  └─ [ ] t-ccc3333  Ship it
    │     └─ [ ] z  long long long long long long lon…
    │        └─ [ ] z2  after z
    └─ [ ] z  long long long long long long long long…
    "
  `);
});

test('programs get all of it', async () => {
  const { run } = openHere(three);
  for (const argv of [
    ['list'],
    ['ready'],
    ['graph'],
    ['add', 'x'],
    ['start', 'aab'],
    ['edit', 'aab', '--notes', 'n'],
    ['done', 'aab', '--bare'],
  ]) {
    const { out, exit } = await run([...argv, '--json']);
    expect([exit, typeof JSON.parse(out).file]).toEqual([0, 'string']);
  }
});

test('commits that name tasks are shown, and taken when they are accepted', async () => {
  const { run, root } = openHere(three.replace('title: Ship it', 'title: Ship it  # t'));
  git(root, 'init', '-q');
  for (const id of ['t-ccc3333', 't-aab2222'])
    git(root, 'commit', '-q', '--allow-empty', '-m', `End ${id}`);
  const listed = await run(['list']);
  expect(listed.out).toMatch(
    /\nt-aab2222: commit \w{10} names it: End t-aab2222\nt-ccc3333: commit \w{10} names it: End t-ccc3333\n`clew tasks done --accept` takes them\n1 done or dropped/,
  );
  const done = await run(['done', '--accept']);
  expect([done.exit, done.err]).toEqual([0, '']);
  expect(done.out).toMatch(
    /^t-aab2222 {2}done {2}Read the spool\n {2}commits: \w{40}\nt-ccc3333 {2}done {2}Ship it\n {2}commits: \w{40}\n$/,
  );
  expect((await run(['done', '--accept'])).out).toBe(
    'no commit is proposed for a task that waits for nothing\n',
  );
});

test('what an agent planned, followed and taken over', async () => {
  const { root, env } = recordPlans(first, second);
  const run = (argv: string[]) => runHere(argv, { cwd: root, env });
  const { out } = await run(['tasks', 'list', '--session', '@last']);
  expect(out.replace(/^there is no .*\n/, '').replaceAll(/p-\w{7}/g, 'p-1234567')).toBe(`
session ${session}  interrupted
  [x] p-1234567  Read it
  [x] p-1234567  Write the parser
  [>] p-1234567  Test the parser  (stalled)
  [ ] p-1234567  Ship
`);
  const promoted = await run(['tasks', 'promote', '--in-order']);
  expect(promoted.out).toMatch(
    /^made .*\nt-\w{7} {2}ready {2}Test the parser\nt-\w{7} {2}open {3}Ship {13}waits for t-\w{7}\n$/,
  );
  const again = await run(['tasks', 'promote', '@last']);
  expect(again.out).toMatch(/^(?:p-\w{7} is t-\w{7} already\n){2}$/);
  expect((await run(['show', '@last'])).out).toMatch(/planned\n {2}\[x\] p-\w{7} {2}Read it\n/);
  const json = await run(['tasks', 'promote', 'nobody', '--json']);
  expect([json.exit, JSON.parse(json.err).error.code]).toEqual([5, 'unknown-id']);
});

test.each<[string[], number, string]>([
  [['lsit'], 2, 'did you mean `clew tasks list`?'],
  [['frobnicate'], 2, 'it has list, ready, add, edit, start, done, graph, promote'],
  [['add'], 2, 'tasks add needs a title'],
  [['done'], 2, 'tasks done needs an id'],
  [['ready', 'x'], 2, 'tasks ready does not take x'],
  [['list', '--owner', 'x'], 2, 'tasks list takes no --owner'],
  [['list', '--status', 'opne'], 2, 'did you mean open?'],
  [['edit', 'aab'], 2, 'tasks edit aab changes nothing'],
  [['start', 't-aab2223'], 5, 'did you mean t-aab2222?'],
  [['start', 'ab9999'], 5, '`clew tasks list` shows their ids'],
  [['start', 't-aa'], 5, 'say more of it: t-aaa1111 (Write the spool), t-aab2222 (Read the spool)'],
  [['start', 'ccc'], 8, 't-ccc3333 waits for t-aab2222'],
  [['done', 'aab'], 8, 'there is no commit to show that t-aab2222 is done'],
])('%j', async (argv, code, said) => {
  const { exit, err } = await openHere(three).run(argv);
  expect([exit, err]).toEqual([code, expect.stringContaining(said)]);
});

test('all that is wrong in a file is said, each with its place', async () => {
  const { run, file } = openHere(`${three}    owner: 1\n    notes: [x]\n`);
  const { exit, err } = await run(['list']);
  expect(exit).toBe(6);
  expect(err).toBe(
    `clew: ${file}:13:12: owner is no text (and 1 more)\n  13:12: owner is no text (put it in quotes)\n  14:12: notes is no text (write one text)\nhint: put it in quotes\n`,
  );
});

test('nothing that others wrote moves the terminal', async () => {
  const { run } = openHere(
    'version: 1\ntasks:\n  - id: a\n    title: "x\\e[2Jy\\u202ez"\n    owner: "\\a"\n',
  );
  for (const argv of [['list'], ['graph'], ['list', '--json'], ['edit', 'a', '--notes', 'n']])
    expect((await run(argv)).out).not.toMatch(/(?!\n)\p{Cc}|\u202e/u);
});
