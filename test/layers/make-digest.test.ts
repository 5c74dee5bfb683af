/** What came of a session: deterministic, harmless as Markdown, and short enough for a prompt. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ShortLayer } from '../../src/contract/types.gen.ts';
import { beginShort } from '../../src/layers/begin-short.ts';
import { chooseAfter } from '../../src/layers/choose-after.ts';
import { makeDigest } from '../../src/layers/make-digest.ts';
import { spellDigest } from '../../src/layers/spell-digest.ts';
import { withDigest } from '../../src/layers/with-digest.ts';
import { writeResume } from '../../src/layers/write-resume.ts';
import { compileSchema } from '../../src/methods/validate.ts';
import '../seed.ts';

const at = '2026-11-21T10:00:00.000Z';
const full: ShortLayer = {
  ...beginShort('01SESSION7K2F9Q', Date.parse(at)),
  ...{ branch: 'main', head: 'c'.repeat(40), title: 'Rename *it*', state: 'ended' },
  ...{ agent: { name: 'codex' }, tree: { changed: 2, missing: 0, digest: 'x' } },
  turns: [
    { turn: 'A', at, prompt: 'rename it', outcome: 'end_turn', said: 'It is done.' },
    { turn: 'B', at, prompt: 'now the tests', outcome: 'cancelled' },
  ],
  pending: [{ text: 'write docs', status: 'in_progress' }],
  edited: [{ path: 'src/a`b.ts', added: 3, removed: 1 }],
  tests: [
    { command: 'npm test', outcome: 'completed', exitCode: 1, afterLastEdit: true },
    { command: 'npm test', outcome: 'completed', exitCode: 0, afterLastEdit: false },
  ],
  alerts: [{ at, text: 'not allowed by a person: rm' }],
  commits: [{ commit: 'd'.repeat(40), at, cause: 'commit', message: 'commit: it', by: 'own' }],
  decisions: [{ id: 'd', text: 'Use SQLite', at, commit: 'd'.repeat(40) }],
  questions: [{ id: 'q', text: 'Which port?', at }],
};

test('is told whole', () => {
  expect(spellDigest(makeDigest(full))).toBe(`# Rename \\*it\\*

session 7k2f9q, codex, on main at cccccccccccc, 2 turns, 2026-11-21 10:00 to 2026-11-21 10:00 UTC, ended

## Asked
- rename it
  It is done.
- now the tests (cancelled)

## Files
1 file, +3 -1, as the agent told
- \`\` src/a\`b.ts \`\` +3 -1

## Decided
- Use SQLite (in dddddddddddd)

## Commits
- dddddddddddd commit: it (by the agent)

## Tests after the last edit
- \`npm test\`: exit code 1

## Open
- the last turn did not end well: now the tests
- write docs (begun)
- Which port?
- 2 files are not as in git's index

## Look at
- not allowed by a person: rm
`);
});

test('has the lines by author where somebody counted them', () => {
  const counted = new Map([['src/a`b.ts', [{ author: 'this session', lines: 7 }]]]);
  const text = spellDigest(makeDigest(full, counted));
  expect(text).toContain('1 file, +3 -1\n- `` src/a`b.ts `` +3 -1 (lines now: this session 7)');
});

test('that no tests ran after the last edit is said, and nothing where nothing was edited', () => {
  const [, old] = full.tests;
  const stale = spellDigest(makeDigest({ ...full, tests: old === undefined ? [] : [old] }));
  expect(stale).toContain('- none; 1 ran before it');
  expect(spellDigest(makeDigest({ ...full, tests: [], edited: [] }))).not.toContain('Tests');
});

test('nothing that others wrote becomes a mark, and its layer fits the schema', async () => {
  const check = await compileSchema('file/short-layer');
  const nasty = fc.string({ unit: fc.constantFrom(...'#*`_[]()<>|~\\ \n-ab'.split('')) });
  fc.assert(
    fc.property(nasty, nasty, (one, other) => {
      const turns = [{ turn: 'T', at, prompt: one, outcome: 'end_turn', said: other }];
      const layer = { ...full, turns, title: one, alerts: [{ at, text: other }] };
      const text = spellDigest(makeDigest(layer));
      const headings = text.split('\n').filter((it) => it.startsWith('#'));
      expect(headings).toHaveLength(8);
      expect(text).not.toMatch(/(?<!\\)[*<[]/);
      expect(text).toBe(spellDigest(makeDigest(layer)));
      expect(check(JSON.parse(JSON.stringify(withDigest(layer))))).toBe(true);
    }),
  );
});

const bytes = (text: string) => Buffer.byteLength(text);

test('what a new session is told has the most needed first, and never more bytes than it may', () => {
  const after = { session: full.session, how: 'parent-branch', branch: 'main', moves: 2 } as const;
  const resume = { digest: makeDigest(full), after, stale: ['src/日本.ts'], here: { branch: 'x' } };
  const whole = writeResume(resume, 4096, bytes);
  expect(whole).toContain(
    'Nothing is known of this branch; goes on from session 7k2f9q on main, 2 commits back.\nIt was on main at cccccccccccc; now HEAD is on x.\n',
  );
  expect(whole).toContain(
    '- changed since it was seen: src/日本.ts\n- tested: npm test: exit code 1\n',
  );
  fc.assert(
    fc.property(fc.integer({ min: 200, max: 4096 }), (limit) => {
      const text = writeResume(resume, limit, bytes);
      expect(bytes(text)).toBeLessThanOrEqual(limit);
      const lines = text.split('\n').slice(0, -1);
      const [more] = /\((\d+) more lines/.exec(lines.at(-1) ?? '')?.slice(1) ?? [];
      const told = more === undefined ? lines : lines.slice(0, -1);
      expect(whole.startsWith(told.join('\n'))).toBe(true);
      expect(told.length + Number(more ?? 0)).toBe(whole.split('\n').length - 1);
    }),
  );
});

test.each([
  ['same-commit', 'main', 'c2', 'on2'],
  ['ancestor', 'main', 'c3', 'on2'],
  ['parent-branch', 'feature', 'c3', 'on2'],
  ['rewritten', 'side', 'c3', 'side'],
])('%s is chosen on %s at %s', (how, branch, head, session) => {
  const parents = new Map([
    ['c3', 'c2'],
    ['c2', 'c1'],
  ]);
  const sessions = [
    { session: 'on1', branch: 'main', head: 'c1', updatedAt: '4' },
    { session: 'on2', branch: 'main', head: 'c2', updatedAt: '3' },
    { session: 'side', branch: 'side', head: 'gone', updatedAt: '2' },
  ].filter((it) => how !== 'rewritten' || it.session === 'side');
  const chosen = chooseAfter(sessions, {
    ...{ branch, head },
    nearest(wanted) {
      for (let [at, steps] = [head as string | undefined, 0]; at !== undefined; steps += 1) {
        if (wanted.has(at)) return { commit: at, steps };
        at = parents.get(at);
      }
      return undefined;
    },
  });
  expect(chosen).toMatchObject({ how, session });
});

test('without a repository the last session counts, and of nothing comes nothing', () => {
  const nearest = () => undefined;
  const sessions = ['1', '2'].map((it) => ({ session: it, updatedAt: it }));
  expect(chooseAfter(sessions, { nearest })).toEqual({ session: '2', how: 'no-repository' });
  expect(chooseAfter([], { nearest })).toBeUndefined();
  expect(chooseAfter(sessions, { nearest, branch: 'b', head: 'c' })).toBeUndefined();
});
