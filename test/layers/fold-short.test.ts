/** What a session's entries become, that it can be left and taken up anywhere, and that it stays small. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Event, ShortLayer } from '../../src/contract/types.gen.ts';
import type { Entry } from '../../src/journal/entry.ts';
import { beginShort } from '../../src/layers/begin-short.ts';
import { usualBudget } from '../../src/layers/bound-short.ts';
import { foldShort } from '../../src/layers/fold-short.ts';
import { readShort } from '../../src/layers/read-short.ts';
import { spellLayer } from '../../src/layers/spell-layer.ts';
import { compileSchema } from '../../src/methods/validate.ts';
import '../seed.ts';

const nameOf = (path: string) => path.replace(/^\/w\//, '');
const blob = 'b'.repeat(40);

function tell(events: readonly Event[], from = 1): Entry[] {
  return events.map((event, n) => ({
    ...{ writer: 'W', seq: from + n, at: 1_790_000_000_000 + (from + n) * 1000, mono: n },
    ...{ session: 'S', event },
  }));
}

function fold(events: readonly Event[], begun: ShortLayer = beginShort('S', 0)): ShortLayer {
  const folded = foldShort(begun, nameOf);
  for (const entry of tell(events)) folded.take(entry);
  return folded.layer();
}

const start = (turn: string, prompt = 'do it'): Event => ({
  ...{ type: 'turn-started', turn, origin: 'prompt', prompt },
});
const end = (turn: string): Event => ({
  ...{ type: 'turn-ended', turn, outcome: 'end_turn', afterMs: 10 },
});
const tool = (turn: string, step: string, kind: string, title = ''): Event => ({
  ...{ type: 'step-started', turn, step, kind: 'tool', title },
  tool: { call: step, kind, announced: true },
});
const done = (step: string, exitCode?: number): Event => ({
  ...{ type: 'step-ended', step, outcome: 'completed', afterMs: 1 },
  ...(exitCode === undefined ? {} : { exitCode }),
});
const edit = (turn: string, step: string, path: string, added = 1): Event => ({
  ...{ type: 'files-claimed', turn, step },
  claims: [{ path, operation: 'modify', source: 'diff', added, removed: 0 }],
});

describe('a turn', () => {
  test('has its first line, its last words, its tools and its files', () => {
    const layer = fold([
      start('T', '\n  rename it\nand more'),
      { type: 'step-started', turn: 'T', step: 'm', kind: 'message', role: 'agent' },
      { type: 'message-said', turn: 'T', step: 'm', role: 'agent', part: 0, text: 'I begin.' },
      tool('T', 'e', 'edit'),
      edit('T', 'e', '/w/a.ts', 3),
      done('e'),
      { type: 'step-started', turn: 'T', step: 'n', kind: 'message', role: 'agent' },
      { type: 'message-said', turn: 'T', step: 'n', role: 'agent', part: 0, text: 'Well.\n\nIt ' },
      { type: 'message-said', turn: 'T', step: 'n', role: 'agent', part: 1, text: 'is\ndone.' },
      end('T'),
    ]);
    expect(layer.turns).toEqual([
      {
        ...{ turn: 'T', at: '2026-09-21T14:13:21.000Z', prompt: 'rename it', outcome: 'end_turn' },
        ...{ tookMs: 10, said: 'It is done.', tools: 1, edited: 1, added: 3, removed: 0 },
      },
    ]);
    expect(layer.edited).toEqual([{ path: 'a.ts', added: 3, removed: 0, turn: 'T' }]);
  });

  test('does not edit what was refused, and says that a person refused', () => {
    const layer = fold([
      start('T'),
      tool('T', 'e', 'edit', 'Edit a.ts'),
      edit('T', 'e', '/w/a.ts'),
      { type: 'permission-asked', turn: 'T', step: 'p', on: 'e', choices: [] },
      { type: 'permission-answered', step: 'p', outcome: 'rejected', by: 'editor', afterMs: 5 },
      { type: 'step-ended', step: 'e', outcome: 'rejected', afterMs: 9 },
      end('T'),
    ]);
    expect(layer.edited).toEqual([]);
    expect(layer.alerts).toMatchObject([{ text: 'not allowed by a person: Edit a.ts', turn: 'T' }]);
  });

  test('counts a file once that is both claimed and written through the editor', () => {
    const layer = fold([
      start('T'),
      tool('T', 'e', 'edit'),
      edit('T', 'e', '/w/a.ts', 4),
      { type: 'file-written', turn: 'T', step: 'e', path: '/w/a.ts', bytes: 3, blob },
      done('e'),
      end('T'),
    ]);
    expect(layer.edited).toEqual([{ path: 'a.ts', blob, added: 4, removed: 0, turn: 'T' }]);
    expect(layer.turns[0]).toMatchObject({ edited: 1, added: 4 });
  });
});

describe('tests', () => {
  const ran = [start('T'), tool('T', 'x', 'execute', 'npm test'), done('x', 1)];

  test('stand with their exit code, and go stale with the next edit', () => {
    expect(fold(ran).tests).toEqual([
      { command: 'npm test', outcome: 'completed', turn: 'T', afterLastEdit: true, exitCode: 1 },
    ]);
    const edited = fold([...ran, tool('T', 'e', 'edit'), edit('T', 'e', '/w/a'), done('e')]);
    expect(edited.tests[0]?.afterLastEdit).toBe(false);
  });

  test('that run while something is edited are stale too', () => {
    const layer = fold([
      start('T'),
      tool('T', 'x', 'execute', 'cargo test --all'),
      tool('T', 'e', 'edit'),
      edit('T', 'e', '/w/a'),
      done('e'),
      done('x', 0),
    ]);
    expect(layer.tests).toMatchObject([{ outcome: 'completed', afterLastEdit: false }]);
  });

  test.each(['ls test', 'cat npm-test.log', 'git commit -m "tests"'])('%s is none', (title) => {
    expect(fold([start('T'), tool('T', 'x', 'execute', title)]).tests).toEqual([]);
  });
});

test('a plan leaves what is not done, each plan for itself', () => {
  const entries = (...states: string[]) =>
    states.map((status, n) => ({ content: `step ${n}`, status }));
  const layer = fold([
    { type: 'plan-changed', entries: entries('completed', 'in_progress', 'pending') },
    { type: 'plan-changed', plan: 'b', entries: entries('pending') },
    { type: 'plan-changed', entries: entries('completed', 'completed', 'pending') },
  ]);
  expect(layer.pending.map((it) => [it.plan, it.text])).toEqual([
    ['b', 'step 0'],
    [undefined, 'step 2'],
  ]);
});

test('commits belong to the session that was open, and say who made them', () => {
  const to = 'c'.repeat(40);
  const layer = fold([
    start('T'),
    {
      ...{ type: 'head-moved', cause: 'commit', to, branch: 'main', message: 'commit: it' },
      ...{ actor: { kind: 'own', run: 'W' }, heard: true },
    },
  ]);
  expect(layer).toMatchObject({ branch: 'main', head: to, commits: [{ commit: to, by: 'own' }] });
});

const story = fc.array(
  fc.record({
    turn: fc.nat(400),
    kind: fc.constantFrom('start', 'end', 'edit', 'test', 'plan', 'alert', 'place'),
    text: fc.string({ unit: 'grapheme', maxLength: 400 }),
  }),
  { minLength: 1, maxLength: 300, size: 'max' },
);

function eventsOf(told: { turn: number; kind: string; text: string }): Event[] {
  const [turn, step] = [`T${told.turn}`, `x${told.turn}`];
  switch (told.kind) {
    case 'start':
      return [start(turn, told.text)];
    case 'end':
      return [end(turn)];
    case 'edit':
      return [tool(turn, step, 'edit'), edit(turn, step, `/w/${told.text}`), done(step)];
    case 'test':
      return [tool(turn, step, 'execute', `npm test ${told.text}`), done(step, 0)];
    case 'plan':
      return [{ type: 'plan-changed', entries: [{ content: told.text, status: 'pending' }] }];
    case 'alert':
      return [{ type: 'checkpoint-failed', reason: 'turn', turn, why: told.text }];
    default:
      return [{ type: 'place-noted', branch: told.text || 'b' }];
  }
}

describe('laws', () => {
  test('left and taken up anywhere, through its file, it is the same', () => {
    fc.assert(
      fc.property(story, fc.nat(), (told, cut) => {
        const groups = told.map(eventsOf);
        const at = cut % (groups.length + 1);
        const whole = fold(groups.flat());
        const first = groups.slice(0, at).flat();
        const kept = readShort(spellLayer(fold(first)));
        if (kept.kind !== 'layer') throw new Error(kept.kind);
        const again = foldShort(kept.layer, nameOf);
        // Also what it has seen already is told once more.
        for (const entry of tell(groups.flat())) again.take(entry);
        // What an open turn has edited so far is only in memory.
        const plain = ({ turns }: ShortLayer) =>
          turns.map(({ turn, at: begun, prompt, outcome }) => ({ turn, begun, prompt, outcome }));
        expect(plain(again.layer())).toEqual(plain(whole));
        expect(again.layer().edited.map((it) => it.path)).toEqual(
          whole.edited.map((it) => it.path),
        );
      }),
      { numRuns: 12 },
    );
  });

  test('it stays within its budget, counts what it dropped, and is as its schema says', async () => {
    const check = await compileSchema('file/short-layer');
    fc.assert(
      fc.property(story, (told) => {
        const layer = fold(told.flatMap(eventsOf));
        const text = spellLayer(layer);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(usualBudget.bytes);
        const begun = told.filter((it) => it.kind === 'start').length;
        expect(layer.turns.length + (layer.earlier?.turns ?? 0)).toBe(begun);
        expect(check(JSON.parse(text)), JSON.stringify(check.errors)).toBe(true);
      }),
      { numRuns: 12 },
    );
  });

  test('ten thousand turns of one session are no more than fifty in the file', () => {
    const folded = foldShort(beginShort('S', 0), nameOf);
    const many = Array.from({ length: 10_000 }, (_, n) => [start(`T${n}`), end(`T${n}`)]).flat();
    for (const entry of tell(many)) folded.take(entry);
    const { turns, earlier } = folded.layer();
    expect([turns.length, earlier?.turns]).toEqual([50, 9_950]);
    expect(turns.at(-1)?.turn).toBe('T9999');
  });
});

describe('a file', () => {
  test('of a newer clew is left alone, one by hand is taken as it is, garbage is garbage', () => {
    expect(readShort('{"version":9,"session":"S"}')).toEqual({ kind: 'newer', version: 9 });
    const made = readShort('{"session":"S","turns":7,"branch":"b"}');
    expect(made).toMatchObject({ layer: { version: 1, session: 'S', turns: [], branch: 'b' } });
    for (const text of ['', '[]', '{"session":1}', '{"session":"S"'])
      expect(readShort(text)).toEqual({ kind: 'damaged' });
  });
});

test('a read that only the text of a command tells is marked, until something better tells of it', () => {
  const read = (step: string, source: 'command' | 'location'): Event => ({
    ...{ type: 'files-claimed', turn: 'T', step },
    claims: [{ path: '/w/a.ts', operation: 'read', source }],
  });
  const guessed = [start('T'), tool('T', 'c', 'execute'), read('c', 'command'), done('c')];
  expect(fold(guessed).read).toEqual([{ path: 'a.ts', turn: 'T', guess: true }]);
  const told = [...guessed, tool('T', 'r', 'read'), read('r', 'location'), done('r')];
  expect(fold(told).read).toEqual([{ path: 'a.ts', turn: 'T' }]);
});
