/** What people see: laid out, cut to the terminal, and safe whatever agents write. */
import { stripVTControlCharacters } from 'node:util';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { measureWidth } from '../../src/cli/width.ts';
import type { Entry } from '../../src/journal/entry.ts';
import { recordWorkspace } from '../methods/recorded.ts';
import { smallStory, turns } from '../methods/small-story.ts';
import { tellStory } from '../trace/story.ts';
import { runHere } from './fake-io.ts';

beforeAll(() => {
  vi.stubEnv('TZ', 'UTC');
});

async function show(argv: readonly string[], columns?: number): Promise<string> {
  const { root, env } = recordWorkspace(smallStory);
  const { exit, out } = await runHere(argv, { cwd: root, env, columns });
  expect(exit).toBe(0);
  return out.replaceAll(root, '/w');
}

describe('in full', () => {
  test('the log', async () =>
    expect(await show(['log'])).toMatchInlineSnapshot(`
    "esson2  codex-acp 2.6 · zed · on main · 1 turn · 2 h ago · interrupted
      0tvrn2  2 h ago                           interrupted  now the tests

    esson1  codex-acp 2.6 · zed · on main · gpt · 1 turn · $0.25 · 2 h ago
      Rename the parser
      0tvrn1  2 h ago  5.0 s  1 tool  src/a.ts  done         rename the parser
    "
  `));
  test('a turn', async () =>
    expect(await show(['show', turns[0]])).toMatchInlineSnapshot(`
    "session 01K5A00000000000000SESSON1  ended
      Rename the parser
      codex-acp 2.6 · zed · on main · gpt · 1 turn · $0.25 · 120 tokens

    turn 1  0tvrn1  done · 14:13:24, 2 h ago · took 5.0 s · 1 tool · changed src/a.ts · on main · 120 tokens
    > rename the parser
    > please

      edit  Edit a.ts · completed · 1.5 s  0step1
        modify src/a.ts  +2 -1
        exit 0, 2 B of output
        │ ok
      permission  Edit a.ts? · allowed · 900 ms · chose yes  0step2
      agent  m1
        Done: it is renamed.

    plan
      [x] read
      [ ] write

    what is missing, failed or was not understood
      1 line (40 bytes) from the agent went by unrecorded
    "
  `));
  test('a session', async () =>
    expect(await show(['show', '@last'])).toMatchInlineSnapshot(`
    "session 01K5A00000000000000SESSON2  interrupted
      codex-acp 2.6 · zed · on main · 1 turn
      begun 2026-09-21 14:13:38, last heard of 2 h ago
      the agent calls it thread-2, in /w

    turn 1  0tvrn2  interrupted · 14:13:39, 2 h ago · on main
    > now the tests

      thought  interrupted  t2
    "
  `));
  test('a step', async () =>
    expect(await show(['show', 'step1'])).toMatchInlineSnapshot(`
    "session 01K5A00000000000000SESSON1  ended
      Rename the parser
      codex-acp 2.6 · zed · on main · gpt · 1 turn · $0.25 · 120 tokens

      edit  Edit a.ts · completed · 1.5 s  0step1
        modify src/a.ts  +2 -1
        exit 0, 2 B of output
        │ ok
    "
  `));
});

describe('on a terminal', () => {
  test.each([30, 60, 100])('of %d columns no line of the log is wider', async (columns) => {
    const { root, env } = recordWorkspace(tellStory({ seed: 3, turns: 6 }).flat());
    const { out } = await runHere(['log'], { cwd: root, env, columns });
    const widths = out.split('\n').map(measureWidth);
    expect(Math.max(...widths)).toBeLessThanOrEqual(columns);
    expect(widths.length).toBeGreaterThan(10);
  });

  test('colour comes only where it is wanted, and takes no room', async () => {
    const { root, env } = recordWorkspace(smallStory);
    const plain = await runHere(['log'], { cwd: root, env, columns: 80 });
    const painted = await runHere(['log'], { cwd: root, env, columns: 80, usesColor: true });
    expect(plain.out).not.toContain('\x1b');
    expect(stripVTControlCharacters(painted.out)).toBe(plain.out);
    expect(painted.out).not.toBe(plain.out);
  });
});

const hostile = [
  '\x1b[2J\x1b]0;owned\x07',
  '\x1b]8;;http://evil\x1b\\click\x1b]8;;\x1b\\',
  '\x1b]52;c;cm0gLXJm\x07',
  '\u009b31mred\u0090q\u009c',
  'a\rb\x08\x7f\0',
  'user\u202enimda\u2066x\u2069\u061c\u200f',
  'zero\u200bwidth\u2060joiner\ufefftag\u{e0041}\u{e007f}',
  'half \ud800 pair',
  'line\u2028break\u2029s\u0085',
];
/** What may be printed of them: letters, signs, and our own line breaks. */
const unsafe =
  /(?!\n)[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u;

function hostileStory(): Entry[] {
  const nasty = hostile.join(' ');
  const spoilt = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(spoilt);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, it]) => [
        name,
        isText.has(name) ? `${it} ${nasty}` : spoilt(it),
      ]),
    );
  };
  return smallStory.map((it) => ({ ...it, event: spoilt(it.event) as Entry['event'] }));
}

/** Everything in which somebody else's words stand. */
const isText = new Set([
  ...['prompt', 'text', 'title', 'name', 'version', 'label', 'branch', 'model', 'path', 'content'],
  ...['agentSession', 'cwd', 'outcome', 'choice', 'operation', 'currency', 'kind', 'status'],
]);

describe('whatever agents write', () => {
  test.each([
    [['log']],
    [['show', '@last']],
    [['show', 'esson1']],
    [['show', turns[0]]],
    [['show', 'step1']],
    [['status']],
    [['tail', '--lines', '100']],
    [['log', '--json']],
    [['show', 'esson1', '--json']],
    [['tail', '--lines', '100', '--json']],
  ])('%j prints nothing that moves, colours, hides or reorders', async (argv) => {
    const { root, env } = recordWorkspace(hostileStory());
    const { out } = await runHere(argv, {
      cwd: root,
      env,
      columns: argv.includes('--json') ? undefined : 100,
    });
    expect(out.length).toBeGreaterThan(100);
    expect(unsafe.exec(out)?.[0]).toBeUndefined();
  });

  test('what programs read is the same value still', async () => {
    const { root, env } = recordWorkspace(hostileStory());
    const { out } = await runHere(['show', turns[0], '--json'], { cwd: root, env });
    const said = JSON.parse(out).prompt as string;
    expect(said).toContain(
      hostile
        .filter((it) => !it.includes('\ud800'))
        .slice(0, 7)
        .join(' '),
    );
  });

  test('failures are safe to print too', async () => {
    const { root, env } = recordWorkspace(smallStory);
    for (const it of hostile) {
      const { exit, err } = await runHere(['show', `x${it}`], { cwd: root, env });
      expect(exit).toBe(5);
      expect(unsafe.exec(err)?.[0]).toBeUndefined();
    }
  });
});
