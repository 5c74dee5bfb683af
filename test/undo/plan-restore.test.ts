/** Undo as pure decisions: laws that must hold for any history, and the cases a person meets. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listChanges, splitLines } from '../../src/snapshot/edit-lines.ts';
import type { Version } from '../../src/snapshot/restore-step.ts';
import { mergeInverse, withoutHunks } from '../../src/undo/merge-lines.ts';
import { type Choice, type PathHistory, planRestore } from '../../src/undo/plan-restore.ts';

function openTexts() {
  const texts = new Map<string, string>();
  const nameText = (text: string) =>
    createHash('sha1').update(`blob ${text.length}\0${text}`, 'latin1').digest('hex');
  const add = (text: string | undefined): Version | undefined => {
    if (text === undefined) return undefined;
    texts.set(nameText(text), text);
    return { mode: '100644', oid: nameText(text) };
  };
  return { texts, nameText, add, readText: (oid: string) => texts.get(oid) };
}

type Texts = { before?: string; after?: string; now?: string };

/** Undoes one path and answers its text afterwards, with the plan. */
function undo({ before, after, now }: Texts, choice: Choice = 'refuse') {
  const { add, nameText, readText, texts } = openTexts();
  const versions = { before: add(before), after: add(after), now: add(now) };
  const history = {
    path: 'f',
    ...Object.fromEntries(Object.entries(versions).filter(([, one]) => one)),
  } as PathHistory;
  const plan = planRestore([history], { readText, nameText, chooseFor: () => choice });
  for (const [oid, text] of plan.merged) texts.set(oid, text);
  const [step] = plan.steps;
  const result = step ? step.want && texts.get(step.want.oid) : now;
  return { plan, path: plan.paths[0], result };
}

const line = fc.constantFrom('a\n', 'b\n', 'c\n', '{\n', '}\n', '\n');
const text = fc.array(line, { maxLength: 12 }).map((lines) => lines.join(''));
/** Lines nobody else writes: so that it can be seen whether any was lost. */
const foreign = fc.array(
  fc.integer({ min: 0, max: 1e9 }).map((id) => `foreign ${id}\n`),
  { maxLength: 3 },
);

describe('laws', () => {
  it('going back is itself taken back', () => {
    fc.assert(
      fc.property(
        fc.option(text, { nil: undefined }),
        fc.option(text, { nil: undefined }),
        (before, after) => {
          const once = undo({ before, after, now: after });
          expect(once.result).toBe(before);
          expect(undo({ before: after, after: once.result, now: once.result }).result).toBe(after);
        },
      ),
    );
  });

  it('a merge without further edits is the text before', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(mergeInverse({ before, after, now: after })).toEqual({
          kind: 'merged',
          text: before,
        });
      }),
    );
  });

  it('undo of an undo gives the text back, with what others wrote', () => {
    fc.assert(
      fc.property(text, text, foreign, fc.nat(), (before, after, lines, place) => {
        const now = splitLines(after);
        now.splice(place % (now.length + 1), 0, ...lines);
        const once = undo({ before, after, now: now.join('') }, 'merge');
        if (once.path?.outcome !== 'merged') return;
        const twice = undo({ before: now.join(''), after: once.result, now: once.result });
        expect(twice.result).toBe(now.join(''));
      }),
    );
  });

  it('no line of somebody else is ever lost by a merge', () => {
    fc.assert(
      fc.property(text, text, foreign, fc.nat(), (before, after, lines, place) => {
        const now = splitLines(after);
        now.splice(place % (now.length + 1), 0, ...lines);
        const { result = '' } = undo({ before, after, now: now.join('') }, 'merge');
        for (const one of lines) expect(splitLines(result)).toContain(one);
      }),
    );
  });

  it('undoing every hunk, one after another, is undoing the change', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        let now = after;
        for (let turn = listChanges(before, now).edits.length; turn > 0; turn -= 1) {
          const next = withoutHunks(before, now, [1]);
          expect(next).toBeDefined();
          now = next ?? now;
        }
        expect(now).toBe(before);
      }),
    );
  });
});

describe('cases', () => {
  const cases: [string, Texts, Choice, string, string | undefined][] = [
    [
      'already as before: not touched',
      { before: 'a\n', after: 'b\n', now: 'a\n' },
      'refuse',
      'none',
      'a\n',
    ],
    ['a file the range made goes', { after: 'b\n', now: 'b\n' }, 'refuse', 'back', undefined],
    ['a file the range removed comes back', { before: 'a\n' }, 'refuse', 'back', 'a\n'],
    ['a foreign edit asks', { before: 'a\n', after: 'b\n', now: 'c\n' }, 'refuse', 'asks', 'c\n'],
    ['and is kept', { before: 'a\n', after: 'b\n', now: 'c\n' }, 'keep', 'kept', 'c\n'],
    ['or written over', { before: 'a\n', after: 'b\n', now: 'c\n' }, 'overwrite', 'back', 'a\n'],
    [
      'the same line changed again cannot be merged',
      { before: 'a\n', after: 'b\n', now: 'c\n' },
      'merge',
      'asks',
      'c\n',
    ],
    [
      'another place can',
      { before: '1\n2\n3\n', after: '1\nx\n3\n', now: 'top\n1\nx\n3\n' },
      'merge',
      'merged',
      'top\n1\n2\n3\n',
    ],
    [
      'a file made, then edited by hand, asks',
      { after: 'b\n', now: 'b\nmine\n' },
      'merge',
      'asks',
      'b\nmine\n',
    ],
    [
      'no end of line at the end',
      { before: '1\na', after: '1\na\nb', now: 'top\n1\na\nb' },
      'merge',
      'merged',
      'top\n1\na',
    ],
    [
      'CRLF stays',
      { before: 'a\r\nb\r\n', after: 'a\r\nx\r\n', now: 'top\r\na\r\nx\r\n' },
      'merge',
      'merged',
      'top\r\na\r\nb\r\n',
    ],
  ];
  for (const [name, texts, choice, outcome, result] of cases) {
    it(name, () => {
      const done = undo(texts, choice);
      expect({ outcome: done.path?.outcome, result: done.result }).toEqual({ outcome, result });
      expect(done.plan.ready).toBe(outcome !== 'asks');
    });
  }

  it('lists the lines a person would lose', () => {
    const done = undo({ before: 'a\n', after: 'b\n', now: 'b\nmine\n' });
    expect(done.path).toMatchObject({ kind: 'foreign', lost: ['mine\n'] });
  });

  it('says what was never captured', () => {
    const plan = planRestore([{ path: 'f', unknown: 'before' }], {
      readText: () => undefined,
      nameText: () => '',
      chooseFor: () => 'refuse',
    });
    expect(plan).toMatchObject({
      ready: false,
      steps: [],
      paths: [{ kind: 'unknown', outcome: 'asks' }],
    });
  });
});

describe('what only came to light, and nobody said to have written', () => {
  it.each([
    ['refuse', 'kept'],
    ['merge', 'kept'],
    ['keep', 'kept'],
    ['overwrite', 'asks'],
  ] as const)('%s: %s', (choice, outcome) => {
    const plan = planRestore([{ path: 'f', unknown: 'before', unclaimed: true }], {
      readText: () => undefined,
      nameText: () => '',
      chooseFor: () => choice,
    });
    expect(plan).toMatchObject({ steps: [], paths: [{ kind: 'unknown', outcome }] });
  });
});

describe('undo of A while B runs', () => {
  const { add, nameText, readText } = openTexts();
  const version = (text: string | undefined) => add(text);
  /** Of the files that A's range touched, as B has left them by now. */
  const cases: [string, Texts, Choice, string, string | undefined][] = [
    ['B wrote elsewhere', { before: '1\n', after: '2\n', now: '2\n' }, 'refuse', 'back', '1\n'],
    [
      'B wrote the same file',
      { before: '1\n2\n', after: '1\nA\n', now: 'B\n1\nA\n' },
      'refuse',
      'asks',
      undefined,
    ],
    [
      'and only A goes',
      { before: '1\n2\n', after: '1\nA\n', now: 'B\n1\nA\n' },
      'merge',
      'merged',
      'B\n1\n2\n',
    ],
    [
      'B wrote the same line',
      { before: '1\n', after: 'A\n', now: 'B\n' },
      'merge',
      'asks',
      undefined,
    ],
    ['B removed it', { before: '1\n', after: 'A\n' }, 'refuse', 'asks', undefined],
    ['B wrote in what A had made', { after: 'A\n', now: 'A\nB\n' }, 'merge', 'asks', undefined],
    ['B made again what A had removed', { before: '1\n', now: 'B\n' }, 'refuse', 'asks', undefined],
    [
      'B had undone it already',
      { before: '1\n', after: 'A\n', now: '1\n' },
      'refuse',
      'none',
      undefined,
    ],
    ['kept as B has it', { before: '1\n', after: 'A\n', now: 'B\n' }, 'keep', 'kept', undefined],
  ];
  for (const [name, { before, after, now }, choice, outcome, result] of cases) {
    it(name, () => {
      const of = { before: version(before), after: version(after), now: version(now) };
      const known = Object.entries(of).filter(([, one]) => one !== undefined);
      const history = { path: 'f', ...Object.fromEntries(known) } as PathHistory;
      const own = {
        path: 'own',
        before: version('x\n'),
        after: version('A\n'),
        now: version('A\n'),
      };
      const plan = planRestore([own as PathHistory, history], {
        readText,
        nameText,
        chooseFor: (path) => (path === 'f' ? choice : 'refuse'),
      });
      expect(plan.paths.map((one) => one.outcome)).toEqual(['back', outcome]);
      // One path that asks keeps the whole from being done.
      expect(plan.ready).toBe(outcome !== 'asks');
      const [, step] = plan.steps;
      expect(step?.want && (plan.merged.get(step.want.oid) ?? readText(step.want.oid))).toBe(
        result,
      );
      // What was found is what B left: a word more of B's, and the restore is refused.
      expect(plan.steps.every(({ found }) => found !== undefined)).toBe(true);
    });
  }
});

describe('rights', () => {
  const make = (oid: string, rights: number): Version => ({ mode: '100644', oid, rights });
  const [env, open, mid] = [0o600, 0o644, 0o640] as const;
  it.each([
    {
      name: 'a chmod of the range',
      before: make('a', env),
      after: make('a', open),
      now: make('a', open),
      want: make('a', env),
    },
    {
      name: 'one that a person has made another since',
      before: make('a', env),
      after: make('a', open),
      now: make('a', mid),
      want: undefined,
    },
    {
      name: 'one that a person took back',
      before: make('a', env),
      after: make('a', open),
      now: make('a', env),
      want: undefined,
    },
    {
      name: 'a chmod of the range, and a text since: that stays',
      before: make('a', env),
      after: make('a', open),
      now: make('b', open),
      want: make('b', env),
    },
    {
      name: 'the right to run, and a text since: that stays',
      before: make('a', open),
      after: { ...make('a', 0o755), mode: '100755' as const },
      now: { ...make('b', 0o755), mode: '100755' as const },
      want: make('b', open),
    },
    {
      name: 'a chmod of the range, and both since',
      before: make('a', env),
      after: make('a', open),
      now: make('b', mid),
      want: undefined,
    },
    {
      name: 'text and rights',
      before: make('a', env),
      after: make('b', open),
      now: make('b', open),
      want: make('a', env),
    },
    {
      name: 'text, and a person narrowed since',
      before: make('a', open),
      after: make('b', open),
      now: make('b', env),
      want: make('a', env),
    },
    {
      name: 'text, and a person widened since',
      before: make('a', env),
      after: make('b', env),
      now: make('b', open),
      want: make('a', env),
    },
    {
      name: 'a text put back by hand, with the rights of the range',
      before: make('a', env),
      after: make('b', open),
      now: make('a', open),
      want: make('a', env),
    },
    {
      name: 'a text put back by hand',
      before: make('a', env),
      after: make('b', env),
      now: make('a', open),
      want: undefined,
    },
  ])('$name', ({ before, after, now, want: wanted }) => {
    const history: PathHistory = { path: 'f', before, after, now };
    const sources = {
      readText: (oid: string) => oid,
      nameText: String,
      chooseFor: () => 'refuse' as const,
    };
    const { steps, ready } = planRestore([history], sources);
    expect(ready).toBe(true);
    expect(steps.map(({ want }) => want)).toEqual(wanted === undefined ? [] : [wanted]);
  });

  it('a merge leaves those that a person gave', () => {
    const sources = {
      readText: (oid: string) => oid,
      nameText: String,
      chooseFor: () => 'merge' as const,
    };
    for (const [isRights, wanted] of [
      [mid, mid],
      [open, env],
    ] as const) {
      const history: PathHistory = {
        path: 'f',
        before: make('1\n2\n3\n', env),
        after: make('1\nx\n3\n', open),
        now: make('1\nx\n3\nmine\n', isRights),
      };
      const [step] = planRestore([history], sources).steps;
      expect(step?.want).toEqual(make('1\n2\n3\nmine\n', wanted));
    }
  });
});
