/** clew state: its words, what it prints, and how it ends. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { recordWorkspace } from '../methods/recorded.ts';
import { smallStory } from '../methods/small-story.ts';
import { makeFolder } from '../scratch.ts';
import { type Ran, runHere } from './fake-io.ts';

let run: (...argv: string[]) => Promise<Ran>;
let root: string;
let editor: string;
beforeEach(() => {
  const recorded = recordWorkspace(smallStory);
  root = recorded.root;
  editor = join(makeFolder(), 'an-editor.sh').replaceAll(' ', '');
  mkdirSync(join(editor, '..'), { recursive: true });
  const env = { ...recorded.env, EDITOR: editor, PATH: process.env.PATH };
  run = (...argv) => runHere(['state', ...argv], { cwd: root, env });
});

function writeEditor(script: string): void {
  writeFileSync(editor, `#!/bin/sh\n${script}\n`);
  chmodSync(editor, 0o755);
}

test('sets, shows, shows for programs, and takes out again', async () => {
  expect((await run()).out).toContain('nothing is written down of the project yet');
  await run('set', 'purpose', 'A shop');
  const { out: id } = await run('set', 'milestone', 'first release', '--status', 'open');
  await run('set', 'milestone', '--id', id.trim(), '--status', 'done');
  const { out: question } = await run('set', 'question', 'Which port?');
  await run('set', 'question', '--id', question.trim(), '--answer', '80');
  expect((await run()).out).toMatch(/^A shop\n\nMilestones\n {2}- \[x\] first release /);
  await run('set', '--remove', 'purpose');
  const { project } = JSON.parse((await run('show', '--json')).out);
  expect(project).toMatchObject({ purpose: [], questions: [{ answer: '80', status: 'answered' }] });
});

test('edit opens the editor of the person, and takes over what came of it', async () => {
  await run('set', 'purpose', 'A shop');
  writeEditor('sed "s/A shop/A store/" "$1" > "$1.new" && mv "$1.new" "$1"');
  expect(await run('edit')).toMatchObject({ exit: 0, out: 'purpose changed: A store\n' });
  writeEditor('true');
  expect((await run('edit')).out).toBe('nothing was changed\n');
  writeEditor('echo "{" > "$1"');
  const broken = await run('edit');
  expect([broken.exit, broken.out]).toEqual([9, expect.stringContaining('it is no JSON')]);
  writeEditor('exit 3');
  expect(await run('edit')).toMatchObject({
    exit: 2,
    err: expect.stringContaining('ended with 3'),
  });
  expect((await run()).out).toMatch(/^A store\n/);
});

test('no editor of the workspace is ever run', async () => {
  writeFileSync(join(root, 'clew-ed'), '#!/bin/sh\ntouch pwned\n');
  chmodSync(join(root, 'clew-ed'), 0o755);
  for (const EDITOR of ['./clew-ed', 'src/../clew-ed', 'clew-ed']) {
    const env = { CLEW_HOME: join(makeFolder(), 's'), HOME: root, EDITOR, PATH: '.:' };
    const { exit } = await runHere(['state', 'edit'], { cwd: root, env });
    expect([exit, existsSync(join(root, 'pwned'))]).toEqual([2, false]);
  }
  const none = await runHere(['state', 'edit'], { cwd: root, env: { CLEW_HOME: makeFolder() } });
  expect(none.err).toContain('hint: set VISUAL or EDITOR');
});

test('conflicts are shown with both sides, and one is taken', async () => {
  await run('init');
  const file = join(root, '.clew', 'project_state.json');
  await run('set', 'purpose', 'A shop');
  const twice = readFileSync(file, 'utf8').replace(/^.*A shop.*$/m, (it) => {
    const [one, other] = ['A store', 'A market'].map((text) => it.replace('A shop', text));
    return `${one}\n${other}`;
  });
  writeFileSync(file, twice);
  const told = await run('import');
  expect(told).toMatchObject({ exit: 9, out: expect.stringContaining('1 conflict: ') });
  const shown = await run('conflicts');
  const [, version] = /^ {2}([0-9a-f]+) {2}A market/m.exec(shown.out) ?? [];
  expect((await run('conflicts', '--take', `purpose=${version}`)).out).toBe('no conflicts\n');
  expect((await run()).out).toMatch(/^A market\n/);
});

test.each([
  [['destroy'], 'state has no destroy'],
  [['show', 'it'], 'state show does not take it'],
  [['set', 'x', 'y'], 'state set needs one of purpose'],
  [['set', 'decision'], 'what is the decision?'],
  [['set', 'decision', ' '], 'what is the decision?'],
  [['set', 'decision', 'x', '--remove', 'y'], 'say either --remove or what to set'],
  [['show', '--take', 'a=b'], 'state show takes no --take'],
  [['conflicts', '--take', 'it'], '--take needs ID=VERSION'],
  [['show', '--limit', '0'], '--limit is no number'],
])('%j is refused', async (argv, said) => {
  const { exit, err } = await run(...argv);
  expect([exit, err]).toEqual([2, expect.stringContaining(said)]);
});
