/** Plans as agents send them, folded into tasks: recorded ones, and small ones for what no recording shows. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchEntries } from '../../src/tasks/match-entries.ts';
import { readChecklist } from '../../src/tasks/read-checklist.ts';
import { fold, readVersions, tell } from './planned.ts';

const acp = new URL('../acp/', import.meta.url);

test.each([
  'cases/codex-acp-plan.golden.ndjson',
  'cases/codex-acp-v2plan.golden.ndjson',
  'made/v2-plans.ndjson',
  'made/todos.ndjson',
  '../agents/claude/cases/task-list.golden.ndjson',
])('%s', async (name) => {
  const told = tell(fold(readVersions(new URL(name, acp))));
  const golden = name.replace(/^.*\//, '').replace(/\.(golden\.)?ndjson$/, '.txt');
  await expect(told).toMatchFileSnapshot(`cases/${golden}`);
});

const short = { a: 'in_progress', c: 'completed', p: 'pending', x: 'cancelled' } as const;

/** `p Write the parser` for an entry; one list for each version. */
function versions(...lists: (readonly string[])[]) {
  return lists.map((list, at) => ({
    plan: '',
    entries: list.map((it) => ({
      content: it.slice(2),
      status: short[it.slice(0, 1) as keyof typeof short],
    })),
    at,
    writer: 'W',
    seq: at,
    turn: `T${at}`,
  }));
}

test.each<[string, string[][], string]>([
  [
    'a status',
    [
      ['p one', 'p two'],
      ['c one', 'a two'],
    ],
    '[x] one (T0-T1, active )\n[>] two (T0-T1, active 1-)\n',
  ],
  [
    'another order',
    [
      ['c one', 'p two', 'p three'],
      ['p three', 'p two', 'c one'],
    ],
    '[ ] three (T0-T0, active )\n[ ] two (T0-T0, active )\n[x] one (T0-T0, active )\n',
  ],
  [
    'other words',
    [
      ['p Write the parser', 'p Ship'],
      ['a Write the new parser and its tests', 'p Ship'],
    ],
    '[>] Write the new parser and its tests (T0-T1, active 1-; was Write the parser)\n[ ] Ship (T0-T0, active )\n',
  ],
  [
    'words and back',
    [['p run the tests'], ['p run all the tests'], ['p run the tests']],
    '[ ] run the tests (T0-T2, active ; was run all the tests)\n',
  ],
  [
    'another file is another thing',
    [['p Fix the bug in parser.ts'], ['p Fix the bug in lexer.ts']],
    '[ ] Fix the bug in lexer.ts (T1-T1, active )\n[ ] Fix the bug in parser.ts (T0-T0, active ; left the plan)\n',
  ],
  [
    'another number too',
    [['p Step 1 of it all'], ['p Step 2 of it all']],
    '[ ] Step 2 of it all (T1-T1, active )\n[ ] Step 1 of it all (T0-T0, active ; left the plan)\n',
  ],
  [
    'what is done is not undone in other words',
    [['c Write the parser'], ['p Write the parser tests']],
    '[ ] Write the parser tests (T1-T1, active )\n[x] Write the parser (T0-T0, active ; left the plan)\n',
  ],
  [
    'but in the same words it is',
    [['c Write the parser'], ['a Write the parser']],
    '[>] Write the parser (T0-T1, active 1-)\n',
  ],
  [
    'what leaves comes back as itself',
    [['a one', 'p two'], ['p two'], ['c one', 'p two']],
    '[x] one (T0-T2, active 0-1)\n[ ] two (T0-T0, active )\n',
  ],
  [
    'the same twice',
    [
      ['p test', 'p test'],
      ['c test', 'p test'],
      ['c test', 'a test'],
    ],
    '[x] test (T0-T1, active )\n[>] test (T0-T2, active 2-)\n',
  ],
  [
    'a new plan leaves the old one as it was',
    [['c look', 'a write'], ['p something else entirely']],
    '[ ] something else entirely (T1-T1, active )\n[x] look (T0-T0, active ; left the plan)\n[>] write (T0-T0, active 0-1; left the plan)\n',
  ],
  ['nothing', [['p one'], []], '[ ] one (T0-T0, active ; left the plan)\n'],
  ['dropped', [['p one'], ['x one']], '[-] one (T0-T1, active )\n'],
])('%s', (_, lists, wanted) => {
  expect(tell(fold(versions(...lists)))).toBe(wanted);
});

test('an id stays with its task over all words, and is of this session only', () => {
  const all = versions(
    ['p run the tests', 'p x'],
    ['p run all the tests', 'p x'],
    ['p x', 'c run all the tests twice'],
  );
  const ids = [1, 2, 3].map(
    (it) => fold(all.slice(0, it)).find(({ title }) => title.startsWith('run'))?.id,
  );
  expect(new Set(ids).size).toBe(1);
  expect(ids[0]).toMatch(/^p-\w{7}$/);
});

test('an agent’s own names tell entries apart, its words more', () => {
  const entry = (id: string, content: string) => ({ content, status: 'pending', id });
  const version = (at: number, entries: ReturnType<typeof entry>[]) => ({
    plan: 'P',
    entries,
    at,
    writer: 'W',
    seq: at,
  });
  const told = tell(
    fold([
      version(0, [entry('1', 'aa'), entry('2', 'bb')]),
      version(1, [entry('2', 'cc'), entry('1', 'aa')]),
    ]),
  );
  expect(told).toBe('[ ] cc in P (-, active ; was bb)\n[ ] aa in P (-, active )\n');
  // Numbered anew after the first went.
  const renumbered = fold([
    version(0, [entry('1', 'aa'), entry('2', 'bb')]),
    version(1, [entry('1', 'bb')]),
  ]);
  expect(renumbered.map((it) => [it.title, it.listed, it.earlier])).toEqual([
    ['bb', true, []],
    ['aa', false, []],
  ]);
});

test('plans of different names do not mix', () => {
  const [one, two] = versions(['p same'], ['c same']);
  if (one === undefined || two === undefined) throw new Error('two versions');
  expect(
    fold([
      { ...one, plan: 'A' },
      { ...two, plan: 'B' },
    ]).map((it) => [it.plan, it.status]),
  ).toEqual([
    ['A', 'open'],
    ['B', 'done'],
  ]);
});

test.each<[string, [string, string][]]>([
  [
    '# Plan\n- [ ] one\n- [x] two\n  * [>] three\n1. [-] four\n',
    [
      ['one', 'pending'],
      ['two', 'completed'],
      ['three', 'in_progress'],
      ['four', 'cancelled'],
    ],
  ],
  ['\n## The plan\nwords', [['The plan', '']]],
  ['- one\n- two', [['- one', '']]],
  ['- [ ]\n- [?] x', [['- [ ]', '']]],
  ['', []],
])('the text %j has the entries %j', (text, wanted) => {
  expect(readChecklist(text).map((it) => [it.content, it.status])).toEqual(wanted);
});

const title = fc
  .array(
    fc.constantFrom('write', 'the', 'parser', 'run', 'tests', 'a.ts', 'b.ts', '1', '2', 'all'),
    { minLength: 1, maxLength: 5 },
  )
  .map((it) => it.join(' '));
const entry = fc.record({ title, isDone: fc.boolean() });

test('each is found at most once; the same words always are, however they are ordered', () => {
  fc.assert(
    fc.property(
      fc.array(entry, { maxLength: 8 }),
      fc.array(entry, { maxLength: 8 }),
      fc.infiniteStream(fc.nat()),
      (known, fresh, chance) => {
        const found = matchEntries(known, fresh).filter((it) => it !== undefined);
        expect(new Set(found).size).toBe(found.length);
        const mixed = known
          .map((it) => ({ it, by: chance.next().value as number }))
          .toSorted((a, b) => a.by - b.by)
          .map(({ it }) => it);
        const same = matchEntries(known, mixed);
        expect(same.map((it) => known[it ?? -1]?.title)).toEqual(mixed.map((it) => it.title));
      },
    ),
  );
});

test('folding goes on where it was: more versions never change who is who', () => {
  const list = fc.array(
    fc.tuple(fc.constantFrom('a', 'c', 'p', 'x'), title).map((it) => it.join(' ')),
    { maxLength: 5 },
  );
  fc.assert(
    fc.property(fc.array(list, { minLength: 2, maxLength: 6 }), (lists) => {
      const all = versions(...lists);
      const before = fold(all.slice(0, -1));
      const after = fold(all);
      for (const it of before) expect(after.filter(({ id }) => id === it.id)).toHaveLength(1);
      const listed = after.filter((it) => it.listed).map((it) => it.title);
      expect(listed).toEqual(all.at(-1)?.entries.map((it) => it.content));
    }),
  );
});

test('a plan of hostile size is folded in bounded time', () => {
  const words = (n: number) =>
    Array.from({ length: 60 }, (_, at) => `w${(n * 7 + at) % 200}`).join(' ');
  const many = (from: number) => Array.from({ length: 500 }, (_, n) => `p ${words(n + from)}`);
  expect(fold(versions(many(0), many(1000), many(2000))).length).toBeLessThanOrEqual(1000);
});
