/** The project's state is the same in whatever order its changes come, and keeps both sides where nobody chose. */
import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { beginShort } from '../../src/layers/begin-short.ts';
import { boundLong } from '../../src/layers/bound-long.ts';
import { type Change, foldLong, type LongFold } from '../../src/layers/fold-long.ts';
import { nameItem } from '../../src/layers/name-item.ts';
import { type ImportGround, planImport } from '../../src/layers/plan-import.ts';
import { planRoll } from '../../src/layers/plan-roll.ts';
import { readLong } from '../../src/layers/read-long.ts';
import { spellLong } from '../../src/layers/spell-long.ts';
import { compileSchema } from '../../src/methods/validate.ts';
import '../seed.ts';

const digest = (text: string) => hash('sha256', text, 'hex');

const decision = (id: string, text: string | undefined, was: readonly string[] = []): Change => ({
  ...{ id, section: 'decisions', was, at: '2026-01-01T00:00:00.000Z', how: 'set', by: 'person' },
  ...(text === undefined ? {} : { value: { id, text } }),
});

/** A change of what somebody saw, which need not be all there is. */
type Step = { item: number; text: string; sees: number; removes: boolean };
const steps = fc.array(
  fc.record({
    item: fc.nat(3),
    text: fc.string({ maxLength: 8 }),
    sees: fc.nat(),
    removes: fc.boolean(),
  }),
  { maxLength: 30 },
);

function tell(told: readonly Step[]): Change[] {
  const fold = foldLong(digest);
  return told.map(({ item, text, sees, removes }) => {
    const id = `decision-${item}`;
    const all = fold.versions(id).map((it) => it.version);
    const was = all.length === 0 ? [] : all.slice(sees % all.length, (sees % all.length) + 2);
    const change = decision(id, removes && all.length > 0 ? undefined : text, was);
    fold.take(change);
    return change;
  });
}

function fold(changes: readonly Change[]): LongFold {
  const folded = foldLong(digest);
  for (const it of changes) folded.take(it);
  return folded;
}

describe('changes', () => {
  test('come to the same in any order, and told twice', () => {
    fc.assert(
      fc.property(steps, fc.nat(), (told, by) => {
        const changes = tell(told);
        const turned = changes.map((_, n) => changes[(n + by) % changes.length] as Change);
        const whole = fold(changes).layer();
        expect(fold([...turned.reverse(), ...changes]).layer()).toEqual(whole);
      }),
    );
  });

  test('of the same version stand side by side until one replaces both', () => {
    const folded = foldLong(digest);
    const first = folded.take(decision('d', 'SQLite'));
    const [one, other] = [decision('d', 'Postgres', [first]), decision('d', 'MySQL', [first])];
    const sides = [folded.take(one), folded.take(other)];
    expect(folded.conflicts()).toMatchObject([{ id: 'd', section: 'decisions' }]);
    expect(
      folded
        .layer()
        .decisions.map((it) => it.text)
        .sort(),
    ).toEqual(['MySQL', 'Postgres']);
    folded.take(decision('d', 'Postgres', sides));
    expect(folded.conflicts()).toEqual([]);
    expect(folded.layer().decisions).toEqual([{ id: 'd', text: 'Postgres' }]);
  });

  test('that say the same on both sides are no conflict, and are replaced together', () => {
    const folded = foldLong(digest);
    const first = folded.take(decision('d', 'a'));
    const between = folded.take(decision('d', 'b', [first]));
    folded.take(decision('d', 'c', [between]));
    folded.take(decision('d', 'c', [first]));
    expect([folded.conflicts(), folded.standing('d').length]).toEqual([[], 2]);
    folded.take(decision('d', 'd', folded.standing('d')));
    expect(folded.layer().decisions).toEqual([{ id: 'd', text: 'd' }]);
  });

  test('against a removal are a conflict too', () => {
    const folded = foldLong(digest);
    const first = folded.take(decision('d', 'a'));
    folded.take(decision('d', 'b', [first]));
    folded.take(decision('d', undefined, [first]));
    expect(folded.conflicts()[0]?.sides).toHaveLength(2);
    expect(folded.layer().decisions).toEqual([{ id: 'd', text: 'b' }]);
  });
});

const name = (item: Parameters<typeof nameItem>[0]) => nameItem(item, digest);

function importText(folded: LongFold, text: string, ground?: Partial<ImportGround>) {
  const read = readLong(text);
  if (read.kind !== 'items') throw new Error(read.kind);
  const ids = [...folded.ids()].filter((id) => folded.heads(id).length > 0);
  const synced = new Map(ids.map((id) => [id, folded.standing(id)]));
  const changes = planImport(read.items, folded, { synced, from: 'here', ...ground }, name);
  for (const it of changes) folded.take({ ...it, at: '', how: 'import', by: 'unknown' });
  return changes;
}

describe('the file', () => {
  test('read as it was written changes nothing, whatever is in it', async () => {
    const check = await compileSchema('file/long-layer');
    fc.assert(
      fc.property(steps, (told) => {
        const folded = fold(tell(told));
        const layer = folded.layer();
        expect(check(JSON.parse(JSON.stringify(layer))), JSON.stringify(check.errors)).toBe(true);
        expect(importText(folded, spellLong(layer))).toEqual([]);
      }),
    );
  });

  function begin(...texts: string[]): LongFold {
    return fold(texts.map((text, n) => decision(`d${n}`, text)));
  }

  test('edited, added to and shortened by a person', () => {
    const folded = begin('SQLite', 'tabs', 'old');
    const lines = spellLong(folded.layer()).split('\n');
    const text = lines
      .filter((it) => !it.includes('"old"'))
      .flatMap((it) => (it.includes('"tabs"') ? [it, '    {"text":"new, without an id"},'] : [it]))
      .join('\n')
      .replace('SQLite', 'Postgres');
    expect(importText(folded, text).map(({ was, value }) => [was.length, value?.text])).toEqual([
      [1, 'Postgres'],
      [1, undefined],
      [0, 'new, without an id'],
    ]);
    expect(folded.layer().decisions.map((it) => it.text)).toEqual([
      ...['Postgres', 'tabs', 'new, without an id'],
    ]);
    expect(folded.conflicts()).toEqual([]);
  });

  test('with a line of a conflict deleted is the choice', () => {
    const folded = begin('a');
    const [first = ''] = folded.standing('d0');
    folded.take(decision('d0', 'b', [first]));
    folded.take(decision('d0', 'c', [first]));
    const text = spellLong(folded.layer());
    expect(text.match(/"id":"d0"/g)).toHaveLength(2);
    expect(text).toContain('  "conflicts": {"d0":"decisions"},\n');
    importText(folded, text.replace(/^.*"text":"b".*\n/m, ''));
    expect(folded.conflicts()).toEqual([]);
    expect(folded.layer().decisions).toEqual([{ id: 'd0', text: 'c' }]);
  });

  test('of another commit takes nothing away, and what is foreign in it stands beside ours', () => {
    const folded = begin('a', 'b');
    const [first = ''] = folded.standing('d0');
    folded.take(decision('d0', 'newer', [first]));
    const old = '{"version":1,"decisions":[{"id":"d0","text":"a"},{"id":"d9","text":"theirs"},{}]}';
    expect(importText(folded, old, { from: 'elsewhere' })).toMatchObject([{ id: 'd9', was: [] }]);
    const foreign = '{"version":1,"decisions":[{"id":"d1","text":"otherwise"},{}]}';
    importText(folded, foreign, { from: 'elsewhere' });
    expect(folded.conflicts()).toMatchObject([{ id: 'd1' }]);
  });

  test.each([
    ['with the marks of a merge', '<<<<<<< ours\n@one\n=======\n@two\n>>>>>>> theirs'],
    ['in diff3 style', '<<<<<<< ours\n@one\n||||||| base\n@a\n=======\n@two\n>>>>>>> theirs'],
  ])('%s has both sides', (_, marks) => {
    const folded = begin('a');
    const text = marks.replaceAll(/@(\w+)/g, '    {"id":"d0","text":"$1"},');
    importText(folded, `{"version":1,"decisions":[\n${text}\n{}]}`);
    expect(
      folded
        .conflicts()[0]
        ?.sides.map((it) => it.value?.text)
        .sort(),
    ).toEqual(['one', 'two']);
  });

  test.each([
    ['{"version":2}', { kind: 'newer', version: 2 }],
    ['[]', { kind: 'damaged', why: 'it is no JSON object' }],
    [`{"version":1,"decisions":${'['.repeat(50)}${']'.repeat(50)}}`, { kind: 'damaged' }],
    [`{"a":${'['.repeat(1e6)}`, { kind: 'damaged' }],
    [' '.repeat(5 << 20), { kind: 'damaged' }],
    ['{"purpose":"a shop"}', { items: [{ section: 'purpose', value: { id: 'purpose' } }] }],
  ])('%.20s…', (text, read) => {
    expect(readLong(text)).toMatchObject(read);
  });

  test('may hold names that JavaScript has plans for', () => {
    const folded = begin();
    importText(
      folded,
      '{"version":1,"decisions":[{"id":"__proto__","text":"x"},{"__proto__":{"id":"y"}},{}]}',
    );
    expect(folded.layer().decisions.map((it) => it.text)).toContain('x');
    expect(({} as { id?: string }).id).toBeUndefined();
  });
});

test('the oldest checkpoints are left out and counted, decisions never', () => {
  const items = (kind: string) =>
    Array.from({ length: 30 }, (_, n) => ({ id: `${kind}${n}`, at: `2026-01-${10 + n}` }));
  const lists = { purpose: [], milestones: [], questions: [], tasks: [], conflicts: [] };
  const layer = boundLong(
    { version: 1, ...lists, checkpoints: items('c'), decisions: items('d') },
    { checkpoints: 10, done: 10 },
  );
  expect(layer.checkpoints.map((it) => it.id)).toEqual(
    items('c')
      .slice(20)
      .map((it) => it.id),
  );
  expect([layer.decisions.length, layer.earlier]).toEqual([30, { checkpoints: 20 }]);
});

describe('a roll', () => {
  const commit = 'c'.repeat(40);
  const short = {
    ...beginShort('01SESSION7K2F9Q', 0),
    ...{ branch: 'main', head: commit, turns: [{ turn: 'T', at: '' }] },
    decisions: [{ id: 'decision-a', text: 'Use SQLite', at: '', by: 'agent' }],
    questions: [{ id: 'question-b', text: 'Which port?', at: '' }],
    checkpoints: [{ id: 'CHECK', at: '', reason: 'turn' }],
    commits: [{ commit, at: '2026-01-02', cause: 'commit', message: 'commit: it' }],
  };

  function roll(folded: LongFold, why: 'commit' | 'session ended') {
    const changes = planRoll(short, folded, { why, ...(why === 'commit' && { commit }) });
    for (const it of changes) folded.take({ ...it, at: '', how: 'rolled', by: 'clew' });
    return changes.map((it) => it.id);
  }

  test('takes over what was said with where it comes from, once', () => {
    const folded = foldLong(digest);
    expect(roll(folded, 'commit')).toEqual([
      ...['decision-a', 'question-b', 'checkpoint-cccccccccccc-7k2f9q'],
    ]);
    const origin = { session: short.session };
    expect(folded.layer()).toMatchObject({
      decisions: [{ text: 'Use SQLite', commit, origin, by: 'agent' }],
      questions: [{ text: 'Which port?', origin }],
      checkpoints: [{ commit, checkpoint: 'CHECK', why: 'commit', text: 'commit: it', origin }],
    });
    expect(roll(folded, 'commit')).toEqual([]);
    expect(roll(folded, 'session ended')).toEqual([]);
  });

  test('for a task says which was done', () => {
    const [, , stood] = planRoll(short, foldLong(digest), { why: 'task done', text: 'Ship it' });
    expect(stood?.value).toMatchObject({ why: 'task done', text: 'Ship it', commit });
  });

  test('adds the commit later, and leaves alone what a person changed or removed since', () => {
    const folded = foldLong(digest);
    roll(folded, 'session ended');
    expect(folded.layer().decisions[0]).not.toHaveProperty('commit');
    folded.take(decision('decision-a', 'by a person', folded.standing('decision-a')));
    folded.take(decision('question-b', undefined, folded.standing('question-b')));
    expect(roll(folded, 'commit')).toEqual(['decision-a']);
    expect(folded.layer().decisions).toMatchObject([{ text: 'by a person', commit }]);
    expect(folded.layer().questions).toEqual([]);
  });
});
