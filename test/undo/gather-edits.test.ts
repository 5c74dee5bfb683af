/** Whose a change is: cases as data, and a law about several writers in one file. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Version } from '../../src/snapshot/restore-step.ts';
import type { Act, Reach } from '../../src/undo/act.ts';
import type { Marked, Window } from '../../src/undo/bouts.ts';
import { findSpan, gatherEdits, type Scope } from '../../src/undo/gather-edits.ts';
import { type Choice, planRestore } from '../../src/undo/plan-restore.ts';
import { sizeOf } from '../soak.ts';

const nameText = (text: string) =>
  createHash('sha1').update(`blob ${text.length}\0${text}`, 'latin1').digest('hex');

/** Files by their texts; checkpoints of them, as the engine would have them. */
function openTale() {
  let files: Record<string, string> = {};
  let kept = files;
  const texts = new Map<string, string>();
  const checkpoints: Marked[] = [];
  const windows: Window[] = [];
  const versionOf = (text: string | undefined): Version | undefined => {
    if (text === undefined) return undefined;
    const [content = '', rights] = text.split('@');
    texts.set(nameText(content), content);
    const told = rights === undefined ? {} : { rights: Number.parseInt(rights, 8) };
    return { mode: '100644', oid: nameText(content), ...told };
  };
  return {
    get files() {
      return files;
    },
    write(path: string, text: string | undefined) {
      const { [path]: _, ...others } = files;
      files = text === undefined ? others : { ...others, [path]: text };
    },
    /** `marks` of the form `s1/t1/st1`, or nothing for nobody's. */
    look(marks: string, acts: readonly Act[] = []) {
      const [session, turn, step] = marks.split('/');
      const id = `c${checkpoints.length}`;
      const named = Object.entries({ session, turn, step }).filter(([, it]) => it);
      checkpoints.push({ id, marks: Object.fromEntries(named) as Record<string, string>, acts });
      const changes = [...new Set([...Object.keys(kept), ...Object.keys(files)])]
        .filter((path) => kept[path] !== files[path])
        .map((path) => {
          const [before, after] = [versionOf(kept[path]), versionOf(files[path])];
          return { path, ...(before ? { before } : {}), ...(after ? { after } : {}) };
        });
      if (checkpoints.length > 1) windows.push({ id, changes });
      kept = files;
    },
    gather(scope: Scope) {
      const span = findSpan(checkpoints, scope);
      const from = checkpoints.findIndex(({ id }) => id === span?.first);
      const to = checkpoints.findIndex(({ id }) => id === span?.last);
      const inside = checkpoints.slice(from, to + 1).map(({ id }) => id);
      return gatherEdits(
        checkpoints,
        windows.filter(({ id }) => inside.includes(id)),
        scope,
      );
    },
    /** Undoes the scope; undefined when it asks. */
    undo(scope: Scope, choice: Choice = 'refuse'): Record<string, string> | undefined {
      const edits = this.gather(scope);
      const plan = planRestore(
        edits.map(({ path, edits: all, evidence, others }) => {
          const [before, after] = [all[0]?.before, all.at(-1)?.after];
          const now = versionOf(files[path]);
          return {
            path,
            ...(before ? { before } : {}),
            ...(after ? { after } : {}),
            ...(now ? { now } : {}),
            ...(all.length > 1 ? { parts: all } : {}),
            ...(evidence === 'contested' ? { contested: others } : {}),
            ...(evidence === 'unclaimed' ? { unclaimed: true } : {}),
          };
        }),
        { readText: (oid) => texts.get(oid), nameText, chooseFor: () => choice },
      );
      if (!plan.ready) return undefined;
      const result = { ...files };
      for (const { path, want } of plan.steps)
        if (want) result[path] = plan.merged.get(want.oid) ?? texts.get(want.oid) ?? '';
        else delete result[path];
      return result;
    },
  };
}

const act = (by: string, paths: string, reach: Reach = 'named'): Act => {
  const [session = '', turn = '', step = ''] = by.split('/');
  return { by: { session, turn, step }, paths: paths === '' ? [] : paths.split(' '), reach };
};

/** `look who: acts`, or `path=text` and perhaps `@rights`; acts are `step paths reach`. */
type Case = {
  readonly name: string;
  readonly story: readonly (readonly [string, ...Act[]])[];
  readonly of: Scope;
  readonly found: readonly string[];
};
const s1: Scope = { kind: 'session', id: 's1' };
const s2: Scope = { kind: 'session', id: 's2' };
const [one, two] = ['s1/t1/a', 's2/t2/b'];

const cases: readonly Case[] = [
  {
    name: 'a step that names a file made its change',
    story: [['s1/t1'], ['f=1'], [one, act(one, 'f')]],
    of: s1,
    found: ['f claimed'],
  },
  {
    name: 'a step that names a folder made what changed in it',
    story: [['s1/t1'], ['d/f=1'], ['dd=1'], [one, act(one, 'd')]],
    of: { kind: 'step', id: 'a' },
    found: ['d/f claimed', 'dd unclaimed'],
  },
  {
    name: 'a command alone made all that changed',
    story: [['s1/t1'], ['f=1'], ['g=1'], [one, act(one, '', 'anything')]],
    of: s1,
    found: ['f during', 'g during'],
  },
  {
    name: 'a move may have removed, and changed nothing else',
    story: [['f=1'], ['g=1'], ['s1/t1'], ['f='], ['g=2'], [one, act(one, 'h', 'removals')]],
    of: s1,
    found: ['f during', 'g unclaimed'],
  },
  {
    name: 'what changed while nothing was done is nobody\u2019s',
    story: [['s1/t1'], ['f=1'], ['s1/t1/x'], ['g=1'], [one, act(one, 'g')]],
    of: s1,
    found: ['g claimed'],
  },
  {
    name: 'two commands at once: either',
    story: [
      ['s1/t1'],
      ['s2/t2'],
      ['f=1'],
      [one, act(one, '', 'anything')],
      [two, act(two, '', 'anything')],
    ],
    of: s1,
    found: ['f contested b'],
  },
  {
    name: 'a command, and one who names it: the one who names it',
    story: [
      ['s1/t1'],
      ['s2/t2'],
      ['f=1'],
      ['g=1'],
      [one, act(one, 'f')],
      [two, act(two, '', 'anything')],
    ],
    of: s2,
    found: ['g during'],
  },
  {
    name: 'two who name it, one after the other: each his own',
    story: [['s1/t1'], ['s2/t2'], ['f=1'], [one, act(one, 'f')], ['f=2'], [two, act(two, 'f')]],
    of: s2,
    found: ['f claimed'],
  },
  {
    name: 'two who name it, of whom only one was seen to change it: either',
    story: [['s1/t1'], ['s2/t2'], ['f=1'], [one, act(one, 'f')], [two, act(two, 'f')]],
    of: s1,
    found: ['f contested b'],
  },
  {
    name: 'a hand that somebody else saw, before the step',
    story: [['s1/t1'], ['f=hand'], [''], ['f=agent'], [one, act(one, 'f')]],
    of: s1,
    found: ['f claimed'],
  },
  {
    name: 'other rights alone: of a command',
    story: [['f=1@600'], ['s1/t1'], ['f=1@644'], [one, act(one, '', 'anything')]],
    of: s1,
    found: ['f during'],
  },
  {
    name: 'other rights alone: of one who names it and edited nothing',
    story: [['f=1@600'], ['s1/t1'], ['f=1@644'], [one, act(one, 'f')]],
    of: s1,
    found: ['f claimed'],
  },
  {
    name: 'other rights, and back again, are nothing',
    story: [
      ['f=1@600'],
      ['s1/t1'],
      ['f=1@644'],
      [one, act(one, '', 'anything')],
      ['f=1@600'],
      ['s1/t1/c', act('s1/t1/c', '', 'anything')],
    ],
    of: s1,
    found: [],
  },
  {
    name: 'there and back again is nothing',
    story: [['s1/t1'], ['f=1'], [one, act(one, 'f')], ['f='], ['s1/t1/c', act('s1/t1/c', 'f')]],
    of: s1,
    found: [],
  },
  {
    name: 'another\u2019s turn is not this one\u2019s',
    story: [
      ['s1/t1'],
      ['f=1'],
      [one, act(one, 'f')],
      ['s1/t9'],
      ['g=1'],
      ['s1/t9/z', act('s1/t9/z', 'g')],
    ],
    of: { kind: 'turn', id: 't9' },
    found: ['g claimed'],
  },
];

describe('cases', () => {
  test.each(cases)('$name', ({ story, of, found }) => {
    const tale = openTale();
    tale.look('');
    for (const [what, ...acts] of story) {
      const [path = '', text] = what.split('=');
      if (text === undefined) tale.look(what, acts);
      else tale.write(path, text === '' ? undefined : `${text}\n`);
    }
    const told = tale
      .gather(of)
      .map(({ path, evidence, others }) => [path, evidence, ...others].join(' '));
    expect(told).toEqual(found);
  });
});

describe('an act that had not begun', () => {
  const version: Version = { mode: '100644', oid: nameText('x') };
  const windowOf = (id: string, ...paths: string[]): Window => ({
    id,
    changes: paths.map((path) => ({ path, after: version })),
  });
  const command: Act = { by: act(one, '').by, paths: ['named'], reach: 'anything', since: 100 };
  const first: Marked = { id: 'c0', marks: { session: 's1' }, acts: [] };
  const last: Marked = { id: 'c2', marks: { session: 's1' }, acts: [command], looked: 200 };
  const gather = (checkpoints: readonly Marked[], ...windows: Window[]) =>
    gatherEdits(checkpoints, windows, s1).map(({ path, evidence }) => `${path} ${evidence}`);

  test('has not changed what was changed before it, unless it names that', () => {
    const early = [
      ['f', 99],
      ['named', 99],
      ['g', 100],
    ] as const;
    const found = gather([first, { ...last, early }], windowOf('c2', 'f', 'g', 'h', 'named'));
    expect(found).toEqual(['f unclaimed', 'g during', 'h during', 'named claimed']);
  });

  test('has not changed what somebody else had seen by then', () => {
    const between = (looked: number) => ({ id: 'c1', marks: { session: 's2' }, acts: [], looked });
    const windows = [windowOf('c1', 'f'), windowOf('c2', 'g')];
    expect(gather([first, between(99), last], ...windows)).toEqual(['f unclaimed', 'g during']);
    expect(gather([first, between(100), last], ...windows)).toEqual(['f during', 'g during']);
  });
});

describe('an act that only the next checkpoint tells of', () => {
  const version: Version = { mode: '100644', oid: nameText('x') };
  const windowOf = (id: string, ...paths: string[]): Window => ({
    id,
    changes: paths.map((path) => ({ path, after: version })),
  });
  const { by } = act(one, '');
  const other = { ...by, step: 'other' };
  const begun: Marked = { id: 'c0', marks: { session: 's1' }, acts: [], looked: 10 };
  const edit: Act = { by: other, paths: ['edited'], reach: 'named', since: 50 };
  const early = [
    ['before', 99],
    ['unsure', 101],
    ['after', 100, 'at-least'],
    ['named', 120, 'at-least'],
    ['named too soon', 99, 'at-least'],
  ] as const;
  const paths = ['after', 'before', 'edited', 'named', 'named too soon', 'unknown', 'unsure'];
  const command: Act = { by, paths: ['named', 'named too soon'], reach: 'anything', since: 100 };
  const gather = (looked: number | undefined, what: Partial<Act> = {}, of: Scope = s1) => {
    const lagging: Marked = { id: 'c1', marks: { session: 's1' }, acts: [edit], early };
    const at = looked === undefined ? lagging : { ...lagging, looked };
    const last = {
      id: 'c2',
      marks: { session: 's1' },
      acts: [{ ...command, ...what }],
      looked: 200,
    };
    const checkpoints = [begun, at, last];
    const { first } = findSpan(checkpoints, of) ?? {};
    const windows = [windowOf('c1', ...paths), windowOf('c2', 'seen late')];
    const from = checkpoints.findIndex(({ id }) => id === first);
    return gatherEdits(checkpoints, windows.slice(Math.max(0, from - 1)), of)
      .filter(({ evidence }) => evidence !== 'unclaimed')
      .map(({ path, evidence }) => `${path} ${evidence}`);
  };
  const step: Scope = { kind: 'step', id: 'a' };

  test('may have been seen by a look that had not ended, where the file itself was touched since', () => {
    const [whole, own] = [['edited claimed', 'seen late during'], ['seen late during']];
    const seen = ['after during', 'named claimed'];
    expect(gather(100).sort()).toEqual([...seen, ...whole].sort());
    expect(gather(100, {}, step)).toEqual([...seen, ...own]);
    for (const looked of [99, undefined]) {
      expect(gather(looked)).toEqual(whole);
      expect(gather(looked, {}, step)).toEqual(own);
    }
  });

  test('is not asked for where somebody known was at it', () => {
    const known: Act = { ...edit, paths: [], reach: 'anything', since: undefined } as never;
    const lagging: Marked = {
      id: 'c1',
      marks: { session: 's1' },
      acts: [known],
      early,
      looked: 100,
    };
    const last: Marked = { id: 'c2', marks: { session: 's1' }, acts: [command], looked: 200 };
    const found = gatherEdits([begun, lagging, last], [windowOf('c1', ...paths)], step);
    expect(found).toEqual([]);
  });

  test('has nothing of a window across forgotten checkpoints', () => {
    const numbered = (...numbers: number[]) => {
      const told = [begun, { ...begun, id: 'c1', acts: [edit], early, looked: 100 }, begun];
      const all = told.map((it, place) => ({ ...it, number: numbers[place] as number }));
      const last = { ...all[2], id: 'c2', acts: [command], looked: 200 } as Marked;
      return gatherEdits([...all.slice(0, 2), last], [windowOf('c1', ...paths)], step);
    };
    expect(numbered(1, 2, 3).map(({ path }) => path)).toEqual(['after', 'named']);
    expect(numbered(1, 3, 4)).toEqual([]);
  });

  test('that can have done only what it names has done no more', () => {
    expect(gather(100, { reach: 'named' }, step)).toEqual(['named claimed']);
  });

  test('and no other of the same time is believed for that', () => {
    const since = { since: undefined };
    expect(gather(100, since as Partial<Act>, step)).toEqual(['seen late during']);
  });
});

/** A writer's step: lines of his own, at a place in one of the files; a hand has no steps. */
const deed = fc.record({
  who: fc.nat({ max: 3 }),
  file: fc.constantFrom('f', 'g'),
  place: fc.nat(),
  isLookedAfter: fc.boolean(),
});
const hand = 3;
const runs = sizeOf(500, 50_000);

describe('several writers of lines of their own', () => {
  function tell(
    deeds: readonly { who: number; file: string; place: number; isLookedAfter: boolean }[],
  ) {
    const tale = openTale();
    const pending: Act[][] = [[], [], []];
    tale.write('f', '1\n2\n3\n');
    tale.write('g', '1\n2\n3\n');
    tale.look('');
    for (const who of pending.keys()) tale.look(`w${who}/t${who}`);
    const settle = (who: number, step: string) => {
      if (who === hand) tale.look('');
      else tale.look(`w${who}/t${who}/${step}`, pending[who]?.splice(0) ?? []);
    };
    deeds.forEach(({ who, file, place, isLookedAfter }, number) => {
      const lines = (tale.files[file] ?? '').split(/(?<=\n)/);
      lines.splice(place % (lines.length + 1), 0, `w${who} ${number}\n`);
      tale.write(file, lines.join(''));
      if (who !== hand) pending[who]?.push(act(`w${who}/t${who}/k${number}`, file));
      if (isLookedAfter || who === hand) settle(who, `k${number}`);
    });
    for (const who of pending.keys()) settle(who, 'end');
    return tale;
  }
  const linesOf = (files: Record<string, string>, isWanted: (line: string) => boolean) =>
    Object.entries(files).map(([path, text]) => [path, text.split('\n').filter(isWanted).sort()]);

  test('each looked after at once: undoing any one leaves exactly the lines of the others', () => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 12 }), fc.nat({ max: 2 }), (all, who) => {
        const tale = tell(all.map((it) => ({ ...it, isLookedAfter: true })));
        const result = tale.undo({ kind: 'session', id: `w${who}` }, 'merge');
        // A line beside one that is to go cannot always be told apart from it: then it asks.
        if (result === undefined) return;
        const isOthers = (line: string) => !line.startsWith(`w${who} `);
        expect(linesOf(result, () => true)).toEqual(linesOf(tale.files, isOthers));
      }),
      { numRuns: runs },
    );
  });

  test('looked after late: without a choice, no line of another session is ever lost', () => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 12 }), fc.nat({ max: 2 }), (all, who) => {
        // What a hand and an agent write between two looks, nobody can tell apart.
        const tale = tell(all.filter((it) => it.who !== hand));
        const result = tale.undo({ kind: 'session', id: `w${who}` });
        if (result === undefined) return;
        const isOthers = (line: string) => !line.startsWith(`w${who} `);
        expect(linesOf(result, isOthers)).toEqual(linesOf(tale.files, isOthers));
      }),
      { numRuns: runs },
    );
  });
});

test('an edit that is told of accounts for a text, and not for rights that it has later', () => {
  const tale = openTale();
  tale.write('f', '1@600');
  tale.look('');
  tale.look('s1/t1');
  tale.write('f', '2@600');
  tale.look('');
  tale.write('f', '2@640');
  tale.look(one, [act(one, 'f')]);
  const [found] = tale.gather(s1);
  expect(found).toMatchObject({ evidence: 'claimed', edits: [{ after: { rights: 0o600 } }] });
  expect(found?.edits).toHaveLength(1);
});

test.each([
  ['undo', undefined],
  ['step', 'before'],
] as const)('of a path that was out of sight, an act of a %s: unknown %s', (kind, unknown) => {
  const by: Act['by'] = kind === 'undo' ? { undo: 'x' } : { session: 's', turn: 't', step: 'x' };
  const after = { mode: '100644', oid: nameText('a') } as const;
  const act: Act = { by, paths: ['a.log'], reach: 'named' };
  const checkpoints: Marked[] = [
    { id: 'c0', marks: {}, acts: [] },
    { id: 'c1', marks: by, acts: [act] },
  ];
  const windows: Window[] = [{ id: 'c1', changes: [{ path: 'a.log', after, unknown: 'before' }] }];
  const [found] = gatherEdits(checkpoints, windows, { kind, id: 'x' });
  expect(found?.edits).toEqual([{ after, ...(unknown ? { unknown } : {}) }]);
});

test('a span ends where each of the others was looked after once', () => {
  const tale = [['s1'], ['s1', one], ['s2'], [''], ['s1'], ['s3'], ['s2'], ['s3']];
  const checkpoints: Marked[] = tale.map(([session = '', by], place) => ({
    id: `c${place}`,
    marks: (session === '' ? {} : { session }) as Record<string, string>,
    acts: by === undefined ? [] : [act(by, 'f')],
  }));
  const step: Scope = { kind: 'step', id: 'a' };
  expect(findSpan(checkpoints, step)).toEqual({ first: 'c1', end: 'c1', last: 'c5' });
  expect(findSpan(checkpoints.slice(0, 2), step)).toEqual({ first: 'c1', end: 'c1', last: 'c1' });
  expect(findSpan(checkpoints, { kind: 'step', id: 'b' })).toBeUndefined();
  const late = { ...act(one, ''), since: 10 };
  const second: Marked = { id: 'c2', marks: { session: 's2' }, acts: [], looked: 10 };
  const third: Marked = { ...second, id: 'c3', marks: { session: 's9' }, acts: [late] };
  const span = findSpan([...checkpoints.slice(0, 2), second, third], step);
  expect(span?.first).toBe('c1');
});

describe('what acts told', () => {
  const versions = ['0', '1', '2'].map(
    (text) => ({ mode: '100644', oid: nameText(text) }) as const,
  );
  const [none, before, after] = versions;
  const told = { path: 'f', before: 'x', after: 'y' };
  const gather = (...acts: readonly Act[][]) => {
    const checkpoints: Marked[] = [[], ...acts].map((all, place) => ({
      id: `c${place}`,
      marks: { session: 's1' },
      acts: all,
    }));
    const windows = acts.map((_, place): Window => {
      const [was, is] = [versions[place], versions[place + 1]];
      return { id: `c${place + 1}`, changes: [{ path: 'f', before: was, after: is } as never] };
    });
    return gatherEdits(checkpoints, windows, s1)[0]?.edits;
  };
  const telling: Act = { ...act(one, 'f'), told: [told] };

  test('is all that they did only where each told all of it', () => {
    const edit = { before: none, after: before };
    expect(gather([telling])).toEqual([{ ...edit, told: [told] }]);
    expect(gather([telling, act('s1/t1/c', 'f')])).toEqual([edit]);
    expect(gather([telling, act('s1/t1/c', '', 'anything')])).toEqual([edit]);
    const moved: Act = { ...telling, told: [{ ...told, from: 'g' }] };
    expect(gather([moved])).toEqual([edit]);
    expect(gather([{ ...telling, told: [{ ...told, path: 'g' }] }])).toEqual([edit]);
  });

  test('counts together where they follow each other, and for nothing where one told nothing', () => {
    const next = { path: 'f', before: 'y', after: 'z' };
    const also: Act = { ...act('s1/t1/c', 'f'), told: [next] };
    expect(gather([telling], [also])).toEqual([{ before: none, after, told: [told, next] }]);
    expect(gather([telling], [act('s1/t1/c', 'f')])).toEqual([{ before: none, after }]);
    expect(gather([act('s1/t1/c', 'f')], [telling])).toEqual([{ before: none, after }]);
  });
});

test('all who may have been it are named, of each of its changes', () => {
  const told = (by: string) => act(by, 'f', 'anything');
  const tale = openTale();
  for (const who of ['', 's1/t1', 's2/t2']) tale.look(who);
  tale.write('f', '1');
  tale.look('');
  tale.look(one, [told(one)]);
  tale.look(two, [told(two)]);
  tale.look('s3/t3');
  tale.write('f', '2');
  tale.look('');
  tale.look('s1/t1/c', [told('s1/t1/c')]);
  tale.look('s3/t3/z', [told('s3/t3/z')]);
  expect(tale.gather(s1)[0]?.others).toEqual(['b', 'z']);
});

test('where another may have made what an undo names, it is not trusted with what was out of sight', () => {
  const after = { mode: '100644', oid: nameText('a') } as const;
  const of = (undo: string): Act => ({ by: { undo }, paths: ['a.log'], reach: 'named' });
  const checkpoints: Marked[] = [
    { id: 'c0', marks: { undo: 'x' }, acts: [] },
    { id: 'c1', marks: { undo: 'y' }, acts: [] },
    { id: 'c2', marks: {}, acts: [] },
    { id: 'c3', marks: { undo: 'x' }, acts: [of('x')] },
    { id: 'c4', marks: { undo: 'y' }, acts: [of('y')] },
  ];
  const windows: Window[] = [{ id: 'c2', changes: [{ path: 'a.log', after, unknown: 'before' }] }];
  const [found] = gatherEdits(checkpoints, windows, { kind: 'undo', id: 'x' });
  expect(found).toMatchObject({ evidence: 'contested', edits: [{ after, unknown: 'before' }] });
});

test('what was not known between two changes does not join them', () => {
  const [a, b] = ['a', 'b'].map((text) => ({ mode: '100644', oid: nameText(text) }) as const);
  const gather = (...changes: Omit<Window['changes'][number], 'path'>[]) => {
    const checkpoints = [[], ...changes.map(() => [act(one, 'f')])].map((acts, place) => ({
      id: `c${place}`,
      marks: { session: 's1' },
      acts,
    }));
    const windows = changes.map((change, place) => ({
      id: `c${place + 1}`,
      changes: [{ path: 'f', ...change } as Window['changes'][number]],
    }));
    return gatherEdits(checkpoints, windows, s1)[0]?.edits;
  };
  const unseen = [{ before: a, unknown: 'after' }, { after: b }] as never[];
  expect(gather(...unseen)).toEqual(unseen);
  const met = [{ before: a }, { after: b, unknown: 'before' }] as never[];
  expect(gather(...met)).toEqual(met);
  // Taken away again, and still nobody knows what it was at first.
  const gone = [{ after: a, unknown: 'before' }, { before: a }] as never[];
  expect(gather(...gone)).toEqual([{ unknown: 'before' }]);
});
