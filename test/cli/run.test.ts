/** Every command: its help, its words for programs, its refusals and its exit codes. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/table.ts';
import { compileSchema } from '../../src/methods/validate.ts';
import { git } from '../git.ts';
import { ask, openAt, recordWorkspace } from '../methods/recorded.ts';
import { smallStory, turns } from '../methods/small-story.ts';
import { makeFolder } from '../scratch.ts';
import { runHere } from './fake-io.ts';

const names = commands.map((it) => it.name);

async function expectShape(text: string, id: string, part?: string): Promise<void> {
  const check = await compileSchema(id, part);
  expect(check(JSON.parse(text)), JSON.stringify(check.errors)).toBe(true);
}

describe.each(commands)('clew $name', ({ name, summary, load }) => {
  test('is told alike in the table and in its file', async () => {
    const { command } = await load();
    expect({ name: command.name, summary: command.summary }).toEqual({ name, summary });
  });

  test('has a help with an example, its options and exit codes', async () => {
    const { command } = await load();
    for (const argv of [
      [name, '--help'],
      [name, '-h'],
      ['help', name],
    ]) {
      const { exit, out, err } = await runHere(argv, {});
      expect({ exit, err }).toEqual({ exit: 0, err: '' });
      expect(out).toMatch(new RegExp(`^Usage: clew ${name}\\b`));
      expect(out).toMatch(/\nExamples:\n {2}.*clew /);
      expect(out).toMatch(/\nExit codes:\n {2}0 +done\n/);
      for (const it of command.options) expect(out).toContain(`--${it.name}`);
      expect(Math.max(...out.split('\n').map((it) => it.length))).toBeLessThanOrEqual(80);
    }
  });

  test('refuses what it does not know, with a hint', async () => {
    for (const argv of [['--unheard-of'], ['one', 'two', 'three']]) {
      const { exit, out, err } = await runHere([name, ...argv], {});
      expect({ exit, out }).toEqual({ exit: 2, out: '' });
      expect(err).toMatch(/^clew: .*\nhint: /);
    }
  });
});

const asked = [
  [['log'], 'log/query', {}],
  [['show', turns[0]], 'log/show', { id: turns[0] }],
  [['status'], 'workspace/status', {}],
  [['verify'], 'journal/verify', {}],
] as const;

test.each(asked)('clew %j --json is the answer to %s', async ([...argv], method, params) => {
  const recorded = recordWorkspace(smallStory);
  const io = { cwd: recorded.root, env: recorded.env };
  await runHere(argv, io);
  const { exit, out, err } = await runHere([...argv, '--json'], io);
  expect({ exit, err }).toEqual({ exit: 0, err: '' });
  await expectShape(out, `rpc/${method}`, 'result');
  expect(JSON.parse(out)).toEqual(await ask(openAt(recorded), method, params as never));
});

test('clew reindex --json has its shape', async () => {
  const recorded = recordWorkspace(smallStory);
  const { out } = await runHere(['reindex', '--json'], { cwd: recorded.root, env: recorded.env });
  await expectShape(out, 'rpc/journal/reindex', 'result');
});

test('clew tail --json prints an entry a line, and ends with 130 when interrupted', async () => {
  const recorded = recordWorkspace(smallStory);
  const io = { cwd: recorded.root, env: recorded.env };
  const { exit, out } = await runHere(['tail', '--json', '--lines', '5'], io);
  expect(exit).toBe(130);
  const lines = out.trimEnd().split('\n');
  for (const it of lines) await expectShape(it, 'cli/tail-line');
  expect(lines.map((it) => JSON.parse(it).seq)).toEqual([17, 18, 19, 20, 21]);
});

test('clew tail --session takes what clew log takes, and waits for no session that there is not', async () => {
  const recorded = recordWorkspace(smallStory);
  const io = { cwd: recorded.root, env: recorded.env };
  const named = await runHere(['tail', '--session', '@session', '--json'], io);
  const [first] = named.out.split('\n');
  const { session } = JSON.parse(first ?? '') as { session: string };
  expect(named.exit).toBe(130);
  const byItsEnd = ['tail', '--session', session.slice(-6).toLowerCase(), '--json'];
  expect(await runHere(byItsEnd, io)).toEqual(named);
  const { exit, out, err } = await runHere(['tail', '--session', 'zzzz'], io);
  expect({ exit, out }).toEqual({ exit: 5, out: '' });
  expect(err).toMatch(/no session.* zzzz\nhint: .*clew log/);
});

test.each([
  ['no such command', ['lgo'], 2, /no command lgo\nhint: did you mean `clew log`\?/],
  [
    'no such option of clew',
    ['--verison'],
    2,
    /no option --verison\nhint: did you mean `clew --version`\?/,
  ],
  [
    'no such option',
    ['log', '--sesion', 'x'],
    2,
    /no option --sesion\nhint: did you mean --session\?/,
  ],
  [
    'the beginning of an option',
    ['checkpoints', 'prune', '--keep', '3'],
    2,
    /no option --keep\nhint: did you mean --keep-last\?/,
  ],
  ['an empty command', [''], 2, /there is no command ''/],
  ['an option without its value', ['log', '--grep'], 2, /--grep needs a value: --grep WORDS/],
  ['a value too much', ['log', '--json=yes'], 2, /--json takes no value/],
  ['no id', ['show'], 2, /show needs <id>/],
  ['an id that nobody has', ['show', 'nobody'], 5, /no session, turn or step nobody\nhint: /],
  ['a time that is none', ['log', '--since', 'soon'], 2, /--since is no time: soon\nhint: .*2h/],
  [
    'a number that is none',
    ['log', '--limit', 'all'],
    2,
    /--limit is no number from 1 to 1000: all/,
  ],
  ['a limit too high', ['log', '--limit', '5000'], 2, /--limit is no number from 1 to 1000: 5000/],
  ['an empty word', ['show', ''], 2, /show was given an empty word\nhint: is a variable not set\?/],
  ['signs only', ['log', '--grep', '=>'], 2, /grep has no word/],
  [
    'no such shell',
    ['completion', 'tcsh'],
    2,
    /no completion for tcsh\nhint: there is one for bash/,
  ],
])('%s is refused', async (_, argv, code, said) => {
  const recorded = recordWorkspace(smallStory);
  const io = { cwd: recorded.root, env: recorded.env };
  const { exit, out, err } = await runHere(argv, io);
  expect({ exit, out }).toEqual({ exit: code, out: '' });
  expect(err).toMatch(said);
  const json = await runHere([...argv, '--json'], io);
  expect(json.exit).toBe(code);
  await expectShape(json.err, 'cli/failure-line');
});

test('behind -- are paths, or else words like others; an empty one stands for nothing', async () => {
  const recorded = recordWorkspace(smallStory);
  const io = { cwd: recorded.root, env: recorded.env };
  const say = async (...argv: string[]) => (await runHere(argv, io)).err;
  expect(await say('restore', '@turn', '--', '')).toMatch(/restore was given an empty word/);
  expect(await say('undo', '@turn', '--', '@step')).toMatch(/undo does not take @step/);
  expect(await say('blame', '--', '-x')).toMatch(/there is no file -x/);
  expect(await say('show', '--', 'nobody')).toMatch(/no session, turn or step nobody/);
});

describe('where it is run', () => {
  const seen = async (recorded: { env: Record<string, string> }, cwd: string) =>
    (await runHere(['log'], { cwd, env: recorded.env })).out;

  test('any folder inside the workspace will do, and any name for it', async () => {
    const recorded = recordWorkspace(smallStory);
    const whole = await seen(recorded, recorded.root);
    expect(whole).toContain('rename the parser');
    expect(await seen(recorded, join(recorded.root, 'src/deep'))).toBe(whole);
    const { out } = await runHere(['log', '--workspace', recorded.root], { env: recorded.env });
    expect(out).toBe(whole);
  });

  test('a path is meant from where one is', async () => {
    const recorded = recordWorkspace(smallStory);
    const io = { cwd: join(recorded.root, 'src'), env: recorded.env };
    expect((await runHere(['log', '--path', 'a.ts'], io)).out).toContain('rename the parser');
    expect((await runHere(['log', '--path', '../src/a.ts'], io)).out).toContain(
      'rename the parser',
    );
    expect((await runHere(['log', '--path', 'src/a.ts'], io)).out).toBe('nothing found\n');
  });

  test('with git and in a linked worktree, each is a workspace of its own', async () => {
    const folder = makeFolder();
    const [main, linked] = [join(folder, 'main'), join(folder, 'linked tree')];
    git(folder, 'init', '-q', main);
    git(main, 'commit', '-q', '--allow-empty', '-m', 'x');
    git(main, 'worktree', 'add', '-q', '-b', 'other', linked);
    mkdirSync(join(linked, 'sub'));
    const recorded = recordWorkspace(smallStory, linked);
    expect(await seen(recorded, join(linked, 'sub'))).toContain('rename the parser');
    const { exit, err } = await runHere(['log'], { cwd: main, env: recorded.env });
    expect(exit).toBe(3);
    expect(err).toMatch(/nothing is recorded of .*main\nhint: .*clew acp/);
  });

  test.each(['log', 'tail', 'verify', 'reindex'])(
    '%s where nothing is recorded says what to do',
    async (name) => {
      const folder = makeFolder();
      const env = { CLEW_HOME: join(folder, 'state') };
      const { exit, out, err } = await runHere([name], { cwd: folder, env });
      expect({ exit, out }).toEqual({ exit: 3, out: '' });
      expect(err).toMatch(/nothing is recorded of .*\nhint: start your agent through clew/);
    },
  );

  test('a folder that is gone is refused', async () => {
    const folder = makeFolder();
    const env = { CLEW_HOME: join(folder, 'state') };
    const { exit, err } = await runHere(['status'], { cwd: join(folder, 'gone'), env });
    expect(exit).toBe(3);
    expect(err).toMatch(/there is no folder .*gone/);
  });
});

test('damage is told by verify, with an exit code, and passed over by log', async () => {
  const recorded = recordWorkspace(smallStory);
  const [file = ''] = readdirSync(recorded.journal);
  const bytes = readFileSync(join(recorded.journal, file));
  bytes[2000] = (bytes[2000] ?? 0) ^ 1;
  writeFileSync(join(recorded.journal, file), bytes);
  const io = { cwd: recorded.root, env: recorded.env };
  const { exit, out } = await runHere(['verify'], io);
  expect(exit).toBe(6);
  expect(out).toMatch(/1 problem\n {2}bad-line .*\(line \d+\)/);
  expect((await runHere(['log'], io)).exit).toBe(0);
});

test('without a command it tells which there are', async () => {
  for (const argv of [[], ['--help'], ['help']]) {
    const { exit, out } = await runHere(argv, {});
    expect(exit).toBe(0);
    for (const it of names) expect(out).toMatch(new RegExp(`\\n {2}${it} +\\w`));
  }
});

test('a mistake of ours is called one', async () => {
  const recorded = recordWorkspace(smallStory);
  const write = () => {
    throw new TypeError('oh');
  };
  const { exit, err } = await runHere(['status'], { cwd: recorded.root, env: recorded.env, write });
  expect(exit).toBe(70);
  expect(err).toMatch(/^clew: this is a mistake in clew: TypeError: oh\nhint: please report/);
});
