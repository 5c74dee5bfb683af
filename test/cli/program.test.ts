/** The real program in a process of its own: what it loads, pipes that close, signals, and following. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { commands } from '../../src/cli/table.ts';
import { allImports, readSourceTree } from '../house/source-tree.ts';
import { type Recorded, recordWorkspace } from '../methods/recorded.ts';
import { smallStory } from '../methods/small-story.ts';
import { tellStory } from '../trace/story.ts';

const main = resolve(import.meta.dirname, '../../dist/main.js');
const program = [process.execPath, main] as const;
const [node, ...first] = program;

function start(recorded: Recorded, argv: readonly string[]): ChildProcess {
  const env = { ...process.env, ...recorded.env };
  const child = spawn(node, [...first, ...argv], { cwd: recorded.root, env, stdio: 'pipe' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

test('clew --version is the version of the package', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const out = execFileSync(node, [...first, '--version'], { encoding: 'utf8' });
  expect(out).toBe(`clew ${version}\n`);
});

test('what is loaded before a command is asked for is small', () => {
  const loaded = allImports(readSourceTree('src')).filter((it) => !it.typeOnly && !it.dynamic);
  const reached = new Set(['src/main.ts']);
  for (const path of reached)
    for (const { to } of loaded.filter((it) => it.from === path)) reached.add(to);
  expect([...reached].sort()).toEqual([
    'node:fs',
    'src/cli/io.ts',
    'src/cli/run.ts',
    'src/cli/table.ts',
    'src/errors.ts',
    'src/main.ts',
    'src/store/clew-version.ts',
  ]);
});

test('whoever reads only the beginning is no failure', () => {
  const recorded = recordWorkspace(tellStory({ seed: 5, writers: 6, turns: 30 }).flat());
  const line = [...program, 'log', '--limit', '1000', '--json'].map((it) => `'${it}'`).join(' ');
  const script = `{ ${line}; echo "exit $?" >&2; } | head -n 1`;
  const env = { ...process.env, ...recorded.env };
  const out = execFileSync('bash', ['-c', `(${script}) 2>&1`], {
    cwd: recorded.root,
    env,
    encoding: 'utf8',
  });
  expect(out).toMatch(/^\{\n(?:exit 0\n)?$/);
});

test('output that cannot be written is told in a line, and a warning that cannot costs no exit code', (context) => {
  if (!existsSync('/dev/full')) return context.skip();
  const full = openSync('/dev/full', 'w');
  onTestFinished(() => closeSync(full));
  const told = spawnSync(node, [main, '--help'], { stdio: ['ignore', full, 'pipe'] });
  expect({ status: told.status, said: String(told.stderr) }).toEqual({
    status: 74,
    said: expect.stringMatching(/^clew: standard output could not be written: ENOSPC.*\n$/),
  });
  const untold = spawnSync(node, [main, '--nonsense'], { stdio: ['ignore', 'pipe', full] });
  expect(untold.status).toBe(2);
});

test('tail shows what is written while it runs, within a moment, and ends when it is told to', async () => {
  const recorded = recordWorkspace(smallStory.slice(0, 4));
  const child = start(recorded, ['tail', '--lines', '1']);
  let out = '';
  const until = async (pattern: RegExp) => {
    for (const signal = AbortSignal.timeout(120_000); !pattern.test(out); )
      await once(child.stdout ?? child, 'data', { signal });
  };
  child.stdout?.on('data', (text) => {
    out += text;
  });
  await until(/session {2}Rename the parser/);
  recorded.write(smallStory.slice(4, 7));
  await until(
    /turn began {2}rename the parser(?:.|\n)*edit {2}Edit a\.ts(?:.|\n)*files {2}modify .*a\.ts/,
  );
  child.kill('SIGINT');
  const [code] = await once(child, 'exit');
  expect(code).toBe(130);
  expect(out.trimEnd().split('\n')).toHaveLength(4);
});

test('without the native module everything that needs no index goes on', () => {
  const recorded = recordWorkspace(smallStory);
  const hook = fileURLToPath(new URL('without-sqlite.mjs', import.meta.url));
  const runWithout = (...argv: string[]) => {
    const args = ['--import', hook, main, ...argv];
    const env = { ...process.env, ...recorded.env };
    const options = { cwd: recorded.root, env, encoding: 'utf8', stdio: 'pipe' } as const;
    try {
      return { exit: 0, out: execFileSync(node, args, options), err: '' };
    } catch (error) {
      const { status, stdout, stderr } = error as {
        status: number;
        stdout: string;
        stderr: string;
      };
      return { exit: status, out: stdout, err: stderr };
    }
  };
  const log = runWithout('log');
  expect(log).toMatchObject({ exit: 4, out: '' });
  expect(log.err).toMatch(/index needs better-sqlite3.*\nhint: run `npm rebuild better-sqlite3`/);
  expect(runWithout('verify')).toMatchObject({ exit: 0, out: expect.stringContaining('sound') });
  const status = runWithout('status', '--json');
  expect(JSON.parse(status.out).index).toMatchObject({
    state: 'unavailable',
    hint: expect.stringContaining('npm rebuild'),
  });
});

test('bash completes commands, options and shells', () => {
  const script = execFileSync(node, [...first, 'completion', 'bash'], { encoding: 'utf8' });
  const recorded = recordWorkspace(smallStory);
  const { root } = recorded;
  const env = { ...process.env, ...recorded.env };
  mkdirSync(join(root, 'lib'));
  const complete = (...words: string[]) => {
    const line = words.map((it) => `'${it}'`).join(' ');
    const own = `clew() { '${[node, ...first].join("' '")}' "$@"; }`;
    const ask = `COMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _clew; echo "\${COMPREPLY[*]}"`;
    const lines = [script, own, ask].join('\n');
    return execFileSync('bash', ['-c', lines], { encoding: 'utf8', cwd: root, env }).trim();
  };
  for (const { name } of commands) expect(complete('clew', name.slice(0, 2))).toContain(name);
  expect(complete('clew', 'log', '--s')).toBe('--session --since');
  expect(complete('clew', 'log', '--session', '')).toBe('@session esson2 esson1');
  expect(complete('clew', 'show', '0t')).toBe('0tvrn2 0tvrn1');
  expect(complete('clew', 'blame', 'l')).toBe('lib');
  expect(complete('clew', 'diff', '@turn', '--', 'l')).toBe('lib');
  expect(complete('clew', 'log', '--path', '/et')).toBe('/etc');
  expect(complete('clew', 'completion', 'f')).toBe('fish');
});

test.each(['zsh', 'fish'])('%s takes its script', (shell) => {
  const script = execFileSync(node, [...first, 'completion', shell], { encoding: 'utf8' });
  for (const { name } of commands) expect(script).toContain(name);
  for (const it of ['session', 'workspace', 'json']) expect(script).toContain(it);
  // An apostrophe within quotes is written as '\'' for zsh, as \' for fish.
  const quotes = script.replaceAll("'\\''", '').replaceAll("\\'", '').split("'").length - 1;
  expect(quotes % 2).toBe(0);
});
