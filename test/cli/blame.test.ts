/** clew blame, why, export and verify --attribution as people and scripts see them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { Io } from '../../src/cli/io.ts';
import { git } from '../git.ts';
import { playAt } from '../methods/checkpointed.ts';
import { runHere } from './fake-io.ts';

const made = 'one\n\ttwo of the agent \x1b[31m\n';

async function record() {
  const played = await playAt({ git: true, files: { f: 'one\n' } });
  const claims = [{ path: 'f', before: 'one\n', after: made }];
  const { turn, step } = await played.play('01SESSION7K2F9Q', { f: made }, { claims });
  git(played.root, 'commit', '-qam', 'Work');
  const blame = (argv: string[], world: Partial<Io> = {}) =>
    runHere(['blame', ...argv], { cwd: played.root, env: played.env, ...world });
  const clew = (argv: string[]) => runHere(argv, { cwd: played.root, env: played.env });
  return { ...played, turn, step, blame, clew };
}

test('columns: who, session, turn, tool call, grade, age, number, text; nothing that moves the cursor', async () => {
  const { blame, turn, step } = await record();
  const { out, exit } = await blame(['f'], { columns: 100, usesColor: true });
  const [, line = ''] = out.split('\n');
  const ids = ['7k2f9q', turn.slice(-6).toLowerCase(), step.slice(-6).toLowerCase()];
  expect(
    stripVTControlCharacters(line)
      .split(/\s{2,}/)
      .slice(0, 5),
  ).toEqual(['agent', ...ids, 'W']);
  expect(stripVTControlCharacters(line)).toContain('two of the agent');
  expect(stripVTControlCharacters(out)).toMatch(
    /\n\nW: the wire told this very text · U: nobody knows\n$/,
  );
  expect(line).not.toContain('\x1b[31m\n');
  expect(exit).toBe(0);
});

test('from a folder below, of a commit, some lines, for scripts', async () => {
  const { blame, root, turn, step } = await record();
  mkdirSync(join(root, 'below'));
  const { out } = await blame(['../f', 'HEAD', '-L', '2', '--porcelain'], {
    cwd: join(root, 'below'),
  });
  expect(out).toMatch(
    new RegExp(
      `^2 W 01SESSION7K2F9Q ${turn} ${step} \\w+ -\\n\\ttwo of`.replace('\\ttwo', '\\t\\ttwo'),
    ),
  );
  expect(JSON.parse((await blame(['f', '--json'])).out).totals).toMatchObject({ W: 1, U: 1 });
});

test('a commit with totals by grade', async () => {
  const { blame } = await record();
  const { out } = await blame(['--commit', 'HEAD']);
  expect(out).toMatch(
    /^\w{12} Work\ncommitted by a <a@example.org>\n\n {2}f {2}W 1 {2}agent 7k2f9q: 1\n\n1 lines added: W 1\n$/,
  );
});

test.each([
  [[], 2, 'blame needs a file, or --commit REV'],
  [['f', '-L', 'x'], 2, '--lines is no range of lines: x'],
  [['f', '--commit', 'HEAD'], 2, '--commit takes no file: f'],
  [['nowhere'], 5, 'there is no file nowhere; clew never saw it'],
  [['f', 'nosuch'], 5, 'there is no branch, tag or commit nosuch'],
  [['/etc/passwd'], 2, '/etc/passwd is outside of the workspace'],
])('%j is refused', async (argv, code, why) => {
  const { blame } = await record();
  const { exit, err, out } = await blame(argv);
  expect({ exit, out }).toEqual({ exit: code, out: '' });
  expect(err).toContain(why);
});

test('why: the line, the ids that lead on, the evidence, how sure', async () => {
  const { clew, turn } = await record();
  const { out, exit } = await clew(['why', 'f:2', 'HEAD']);
  expect(exit).toBe(0);
  expect(out).toMatch(/^f:2 in \w{12} {2}.*two of the agent/);
  expect(out).toContain(`turn ${turn}`);
  expect(out).toMatch(
    /the tool call told this very text, and checkpoint \w{6} has it\n {2}sure\n$/,
  );
  expect((await clew(['why', 'f'])).err).toContain('f names no line');
  expect((await clew(['why', 'f:9'])).err).toContain('f has no line 9');
});

test('export into a file, twice, then verified; and found out when it was changed', async () => {
  const { clew, root } = await record();
  const exported = ['export', 'agent-trace', '--out', '.agent-trace/traces.jsonl'];
  const file = join(root, '.agent-trace/traces.jsonl');
  expect((await clew(exported)).out).toBe(`1 record added to ${file}\n`);
  expect((await clew(exported)).out).toBe(`0 records added to ${file}, 1 were there already\n`);
  expect((await clew(['export', 'agent-trace'])).out).toBe(readFileSync(file, 'utf8'));
  const well = await clew(['verify', '--attribution']);
  expect(well).toMatchObject({ exit: 0, err: '' });
  expect(well.out).toMatch(/^1 record, 1 hash recomputed, \d+ versions folded anew: sound\n$/);
  writeFileSync(file, readFileSync(file, 'utf8').replace(/sha256:..../, 'sha256:0000'));
  const ill = await clew(['verify', '--attribution', '--file', '.agent-trace/traces.jsonl']);
  expect(ill.exit).toBe(6);
  expect(ill.out).toContain('f: lines 2-2 are not what was hashed');
  expect((await clew(['verify', '--file', 'x'])).exit).toBe(2);
  expect((await clew(['export', 'csv'])).err).toContain('export knows no csv');
  const refused = await clew(['export', 'agent-trace', '--out', '/proc/nowhere/x']);
  expect(refused).toMatchObject({ exit: 2, out: '' });
});
