/** clew trace: a tree in a terminal, lines elsewhere, JSON for programs; and the terminal as it was before. */
import { expect, onTestFinished, test, vi } from 'vitest';
import { openLiveScreen } from '../../src/cli/live-screen.ts';
import { openPaint } from '../../src/cli/paint.ts';
import { layOutTurn, type TreeScreen } from '../../src/cli/trace-tree.ts';
import { measureWidth } from '../../src/cli/width.ts';
import type { TraceRow } from '../../src/contract/types.gen.ts';
import { compileSchema } from '../../src/methods/validate.ts';
import { takeLease } from '../../src/store/lease.ts';
import { serveProgress } from '../../src/store/serve-progress.ts';
import { ask, openAt, recordWorkspace } from '../methods/recorded.ts';
import { beganAt, sessions, smallStory } from '../methods/small-story.ts';
import { makeFolder } from '../scratch.ts';
import { runHere } from './fake-io.ts';

const writer = smallStory[0]?.writer ?? '';

test('clew trace --once shows a session as a tree', async () => {
  const recorded = recordWorkspace(smallStory);
  const io = { cwd: recorded.root, env: recorded.env };
  const { exit, out } = await runHere(['trace', sessions[0], '--once'], io);
  expect(exit).toBe(0);
  expect(out).toBe(
    [
      'session esson1  completed  codex-acp · Rename the parser · 1 turn · 1 tool',
      '✓ turn  rename the parser  5.0 s',
      '  ✓ edit  Edit a.ts  1.5 s',
      '    ✓ permission  Edit a.ts? · allowed  900 ms',
      '  ✓ agent  Done: it is renamed.  20 ms',
      '  ✓ plan  1 of 2 done: write',
      '',
    ].join('\n'),
  );
});

test('a session that nobody works on any more is shown, and that is all', async () => {
  const recorded = recordWorkspace(smallStory);
  const { exit, out } = await runHere(['trace'], {
    ...{ cwd: recorded.root, env: recorded.env },
    untilInterrupted: () => new Promise(() => undefined),
  });
  expect([exit, out]).toEqual([
    0,
    'session esson2  interrupted  codex-acp · now the tests · 1 turn · 0 tools\n■ turn  now the tests\n  ■ thought\n',
  ]);
});

function follow(argv: readonly string[], world: object = {}) {
  const recorded = recordWorkspace(smallStory.slice(0, 7));
  const socket = `${makeFolder()}/p.sock`;
  const server = serveProgress(socket, { open: () => [], refused: () => undefined });
  const lease = takeLease(recorded.journal, writer, { socket });
  const leave = () => {
    lease.release();
    server.close();
  };
  onTestFinished(leave);
  let out = '';
  let interrupt: (signal: 'SIGINT') => void = () => undefined;
  const done = runHere(['trace', ...argv], {
    ...{ cwd: recorded.root, env: recorded.env, now: () => beganAt + 9_000 },
    write: (text) => {
      out += text;
    },
    untilInterrupted: () =>
      new Promise((leave) => {
        interrupt = leave;
      }),
    ...world,
  });
  const until = (pattern: RegExp) => vi.waitFor(() => expect(out).toMatch(pattern), 60_000);
  return { recorded, done, until, out: () => out, leave, interrupt: () => interrupt('SIGINT') };
}

test('elsewhere than in a terminal it is a line for whatever begins or ends', async () => {
  const { recorded, done, until, out, interrupt } = follow([]);
  await until(/edit {2}Edit a\.ts/);
  recorded.write(smallStory.slice(7, 18));
  await until(/completed {2}turn/);
  await until(/completed {2}edit/);
  interrupt();
  expect((await done).exit).toBe(130);
  const lines = out().split('\n').slice(3, -1);
  // What began before it was looked at is asked for, so its end may come a little later.
  expect(lines.map((it) => it.replace(/^\d\d:\d\d:\d\d {2}/, '')).sort()).toEqual(
    [
      'began  permission  Edit a.ts?',
      'completed  permission  Edit a.ts? · allowed  900 ms',
      'completed  edit  Edit a.ts  1.5 s',
      'began  agent',
      'completed  agent  Done: it is renamed.  20 ms',
      'completed  plan  1 of 2 done: write',
      'completed  turn  rename the parser  5.0 s',
    ].sort(),
  );
});

test('it ends when the one who worked on the session has left, and not before', async () => {
  const { recorded, done, until, out, leave } = follow([]);
  await until(/edit {2}Edit a\.ts/);
  recorded.write(smallStory.slice(7, 18));
  await until(/completed {2}turn/);
  leave();
  expect((await done).exit).toBe(0);
  expect(out()).not.toContain('interrupted');
});

test('in a terminal it is drawn again in place, within its width, and the cursor comes back', async () => {
  const { recorded, done, until, out, interrupt } = follow([], { columns: 30, rows: 12 });
  await until(/Edit a\.ts/);
  recorded.write(smallStory.slice(7, 18));
  const wanted = [
    '✓ turn  rename the par…  5.0 s',
    '  ✓ edit  Edit a.ts  1.5 s',
    '    ✓ permission  Edit a.ts?…',
    '  ✓ agent  Done: it is rename…',
    '  ✓ plan  1 of 2 done: write',
  ];
  const look = () => expect(screenOf(out()).slice(0, 5)).toEqual(wanted);
  await vi.waitFor(look, 60_000);
  interrupt();
  expect((await done).exit).toBe(130);
  expect(out().startsWith('\x1b[?25l')).toBe(true);
  expect(out().endsWith('\x1b[?25h')).toBe(true);
  look();
  const seen = screenOf(out());
  expect(seen.every((it) => measureWidth(it) <= 30)).toBe(true);
});

test('clew trace --json prints what there is, and then each notification', async () => {
  const { recorded, done, until, out, interrupt } = follow(['--json']);
  await until(/"row".*tool/);
  recorded.write(smallStory.slice(7, 18));
  await until(/"turn","status":"completed"/);
  await until(/"tool","status":"completed"/);
  interrupt();
  await done;
  const lines = out()
    .trimEnd()
    .split('\n')
    .map((it) => JSON.parse(it));
  const check = await compileSchema('cli/trace-line');
  expect(lines.filter((it) => !check(it))).toEqual([]);
  const held = new Map(lines.filter((it) => it.row).map((it) => [it.row.id, it.row]));
  const whole = await ask(openAt(recorded), 'trace/snapshot', { session: sessions[0] });
  expect(whole.rows.map((it) => held.get(it.id))).toEqual(whole.rows);
});

test.each([
  [['trace', 'nobody-there'], 5, /there is no session/],
  [['trace', 'a', 'b'], 2, /trace/],
  [['trace', '--lines', '3'], 2, /no option --lines/],
])('%j is refused', async (argv, code, words) => {
  const recorded = recordWorkspace(smallStory);
  const { exit, err } = await runHere(argv, { cwd: recorded.root, env: recorded.env });
  expect(exit).toBe(code);
  expect(err).toMatch(words);
});

const base = { revision: 2, writer: 'W', seq: 1, session: 'S', startedAt: 0 } as const;
const hostile: TraceRow[] = [
  { ...base, id: 'T', turn: 'T', kind: 'turn', status: 'running', title: '直して '.repeat(20) },
  { ...base, id: 'A', turn: 'T', kind: 'tool', status: 'running', title: 'a\x1b[2Jb\nc\u202ed' },
  {
    ...base,
    id: 'B',
    turn: 'T',
    kind: 'message',
    status: 'failed',
    parent: 'A',
    content: '👩‍👩‍👧 é',
  },
  { ...base, id: 'C', turn: 'T', kind: 'tool', status: 'completed', parent: 'C', title: 'itself' },
];

test.each([8, 12, 20, 40, 200])('at %i columns nothing wraps, moves or hides', (columns) => {
  const screen: TreeScreen = {
    columns,
    paint: openPaint({ usesColor: false }),
    now: 12_345,
    frame: 3,
    saying: () => `the 日本語 of \x1b]0;title\x07 ${'long '.repeat(40)}`,
  };
  const lines = layOutTurn(hostile, screen);
  expect(lines.length).toBe(6);
  for (const it of lines) {
    expect(measureWidth(it)).toBeLessThanOrEqual(columns);
    expect(it).not.toMatch(/[\p{Cc}\u202e]/u);
  }
});

test('what is printed for good stays above what is drawn', () => {
  let out = '';
  const screen = openLiveScreen((text) => {
    out += text;
  });
  screen.draw(['one', 'two', 'three']);
  screen.print(['for good']);
  screen.draw(['four']);
  screen.draw(['five', 'six']);
  screen.close();
  screen.close();
  expect(screenOf(out)).toEqual(['for good', 'five', 'six']);
  expect(out.split('\x1b[?25h').length).toBe(2);
});

const esc = '\x1b';
const said = new RegExp(
  `${esc}\\[(\\d+)A|${esc}\\[(J)|(\\n)|${esc}\\[[?\\d;]*[A-Za-z]|\\r|([^${esc}\\r\\n]+)`,
  'g',
);

/** A terminal that knows as much as is used of it. */
function screenOf(out: string): string[] {
  const lines: string[] = [''];
  let at = 0;
  for (const [, up, erase, line, text] of out.matchAll(said)) {
    if (up !== undefined) at -= Number(up);
    else if (erase !== undefined) lines.length = at + 1;
    else if (line !== undefined) at += 1;
    else if (text !== undefined) lines[at] = text;
    lines[at] ??= '';
    if (erase !== undefined) lines[at] = '';
  }
  return lines.slice(0, -1);
}
