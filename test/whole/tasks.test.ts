/** clew tasks as a program of its own: several at once, odd paths, no git, no state, and a broken file. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeFolder } from '../scratch.ts';
import { sizeOf } from '../soak.ts';

const main = resolve(import.meta.dirname, '../../dist/main.js');
const program = [main, 'tasks'];

type Ended = { readonly code: number; readonly out: string; readonly err: string };

function openPlace() {
  const folder = makeFolder('aufgaben 日本 🗒');
  const root = join(folder, "it's a “project”");
  mkdirSync(root);
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    CLEW_HOME: join(folder, 'state'),
    USER: 'ada',
  };
  const file = join(root, '.clew', 'project_tasks.yaml');
  async function run(...argv: string[]): Promise<Ended> {
    const child = spawn(process.execPath, [...program, ...argv], { cwd: root, env });
    onTestFinished(() => void child.kill('SIGKILL'));
    const pieces: [stream: string, bytes: Buffer][] = [];
    const textOf = (stream: string) =>
      Buffer.concat(pieces.flatMap((it) => (it[0] === stream ? [it[1]] : []))).toString();
    child.stdout.on('data', (it) => pieces.push(['out', it]));
    child.stderr.on('data', (it) => pieces.push(['err', it]));
    const [code] = await once(child, 'close');
    return { code, out: textOf('out'), err: textOf('err') };
  }
  return { root, file, folder, run };
}

test('many add at once, and none is lost; nothing is left beside the file', async () => {
  const { file, folder, run } = openPlace();
  const rounds = sizeOf(1, 10);
  const titles: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const fresh = ['a', 'b', 'c', 'd'].map((it) => `${it}${round}: of many`);
    titles.push(...fresh);
    const ended = await Promise.all(fresh.map((it) => run('add', it)));
    expect(ended.map((it) => [it.code, it.err])).toEqual(fresh.map(() => [0, '']));
    // Just one of them made it.
    const made = ended.filter((it) => it.out.startsWith('made '));
    expect(made).toHaveLength(round === 0 ? 1 : 0);
  }
  const { tasks } = JSON.parse((await run('list', '--json')).out) as {
    tasks: { title: string; id: string }[];
  };
  expect(tasks.map((it) => it.title).toSorted()).toEqual(titles.toSorted());
  expect(new Set(tasks.map((it) => it.id)).size).toBe(titles.length);
  expect(readdirSync(join(file, '..'))).toEqual(['project_tasks.yaml']);
  // Who only keeps tasks has no state.
  expect(existsSync(join(folder, 'state', 'workspaces'))).toBe(false);
});

test('two who change one task at once: both changes are in, or one is told of the other', async () => {
  const { run, file } = openPlace();
  const added = await run('add', 'one');
  const id = /t-\w{7}/.exec(added.out)?.[0] ?? '';
  const ended = await Promise.all([
    run('edit', id, '--owner', 'eve'),
    run('edit', id, '--notes', 'n'),
    run('start', id),
  ]);
  expect(ended.map((it) => it.code).filter((it) => it !== 0 && it !== 8)).toEqual([]);
  const text = readFileSync(file, 'utf8');
  expect(text).toContain('notes: "n"');
  expect(text).toContain('status: active');
  for (const it of ended.filter(({ code }) => code === 8)) expect(it.err).toMatch(/meanwhile/);
});

test('a broken file is told of at its line, and stays as it is', async () => {
  const { run, file } = openPlace();
  mkdirSync(join(file, '..'));
  const broken = 'version: 1\ntasks:\n  - id: a\n\ttitle: b\n';
  writeFileSync(file, broken);
  for (const argv of [['list'], ['add', 'x'], ['done', 'a', '--bare']]) {
    const { code, out, err } = await run(...argv);
    expect([code, out]).toEqual([6, '']);
    expect(err).toContain(`${file}:4:1: tabs are not allowed as indentation`);
  }
  expect(readFileSync(file, 'utf8')).toBe(broken);
});
