/** Laws of the list of tasks: an edit touches its own task only, and waiting is what a simple model says. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyChange, type Change } from '../../src/tasks/change.ts';
import { addTask, changeTask } from '../../src/tasks/edit-tasks.ts';
import { findCycle } from '../../src/tasks/find-cycle.ts';
import { findTask } from '../../src/tasks/find-task.ts';
import { judgeReady } from '../../src/tasks/judge-ready.ts';
import { mintTaskId } from '../../src/tasks/mint-task-id.ts';
import { readTasks } from '../../src/tasks/read-tasks.ts';
import { noEvidence, statuses, type Task } from '../../src/tasks/task.ts';
import { sizeOf } from '../soak.ts';

const numRuns = sizeOf(60, 3_000);

const word = fc.stringMatching(/^[a-zäß日]{1,8}$/);
/** Whatever a person or a program may say. */
const anyText = fc
  .oneof(
    fc.array(word, { minLength: 1, maxLength: 5 }).map((it) => it.join(' ')),
    fc
      .string({ unit: 'binary', minLength: 1, maxLength: 20 })
      .filter((it) => Buffer.from(it).toString() === it),
    fc
      .array(
        fc.constantFrom(
          ': ',
          ' #',
          '- ',
          '"',
          "'",
          '\n',
          '\\',
          '[',
          '{',
          ',',
          '*',
          '&',
          '!',
          '|',
          '%',
          '@',
          '`',
          'x',
          ' ',
          '\t',
          '\r',
          '#',
          '\ufeff',
          'no',
          '1',
        ),
        { minLength: 1, maxLength: 12 },
      )
      .map((it) => it.join('')),
  )
  .filter((it) => it.trim() !== '');

const comment = fc.oneof(
  fc.constant(''),
  word.map((it) => `   # ${it}: [x`),
);
const status = fc.constantFrom(...statuses);

/** A task as somebody may have written it, in lines or in braces. */
type Written = { readonly lines: string[]; readonly id: string };

const quoted = (text: string, how: number) => [text, `"${text}"`, `'${text}'`][how % 3] as string;

function written(id: string): fc.Arbitrary<Written> {
  return fc
    .record({
      title: fc.array(word, { minLength: 1, maxLength: 4 }).map((it) => it.join(' ')),
      how: fc.nat(2),
      status: fc.option(status),
      owner: fc.option(fc.oneof(word, fc.constant(''))),
      commits: fc.option(fc.array(fc.stringMatching(/^c[0-9a-f]{6}$/), { maxLength: 3 })),
      style: fc.constantFrom('lines', 'braces', 'brackets', 'wide'),
      notes: fc.boolean(),
      above: fc.constantFrom([], [''], ['  # above'], ['', '  # far above', '']),
      below: fc.constantFrom([], ['    # its own last word']),
      comments: fc.array(comment, { minLength: 12, maxLength: 12 }),
      titleFirst: fc.boolean(),
    })
    .map((it) => ({ id, lines: [...it.above, ...writeOne(id, it)] }));
}

type Said = {
  readonly title: string;
  readonly how: number;
  readonly status: string | null;
  readonly owner: string | null;
  readonly commits: readonly string[] | null;
  readonly style: string;
  readonly notes: boolean;
  readonly below: readonly string[];
  readonly comments: readonly string[];
  readonly titleFirst: boolean;
};

function writeOne(id: string, it: Said): string[] {
  const { status: state, owner, commits, style } = it;
  const [c0, c1, c2] = it.comments;
  const title = quoted(it.title, it.how);
  const said = (key: string, value: string | null) => (value === null ? [] : [`${key}: ${value}`]);
  if (style === 'braces') {
    const list = commits === null ? null : `{commits: [${commits.join(', ')}]}`;
    const more = [...said('status', state), ...said('owner', owner), ...said('evidence', list)];
    return [`  - {${[`id: ${id}`, `title: ${title}`, ...more].join(', ')}}${c0}`];
  }
  const first = [`id: ${id}${c0}`, `title: ${title}${c1}`];
  const [head = '', ...rest] = [
    ...(it.titleFirst ? first.reverse() : first),
    ...said('status', state).map((line) => line + c2),
    ...said('owner', owner).map((line) => line + c2),
    ...writeCommits(it),
    ...(it.notes ? [`notes: |${c1}`, '  some', '', '    lines'] : []),
  ];
  const gap = style === 'wide' ? '   ' : ' ';
  const indent = ' '.repeat(3 + gap.length);
  const lines = [`  -${gap}${head}`, ...rest.map((line) => (line === '' ? '' : indent + line))];
  return [...lines, ...(style === 'wide' ? [] : it.below)];
}

function writeCommits({ commits, style, comments }: Said): string[] {
  if (commits === null) return [];
  const [, , , c3, c4, c5] = comments;
  if (style === 'brackets') return [`evidence:${c3}`, `  commits: [ ${commits.join(' , ')} ]${c4}`];
  return [`evidence:${c3}`, `  commits:${c4}`, ...commits.map((it) => `    - ${it}${c5}`)];
}

const file = fc
  .integer({ min: 1, max: 5 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, at) => written(`t-${at}`))))
  .chain((tasks) =>
    fc.record({
      tasks: fc.constant(tasks),
      newline: fc.constantFrom('\n', '\r\n'),
      mark: fc.constantFrom('', '\ufeff'),
      end: fc.constantFrom([], [''], ['# the end'], ['', '# the end', '']),
      endsOpen: fc.boolean(),
      which: fc.nat(tasks.length - 1),
    }),
  )
  .map(({ tasks, newline, mark, end, endsOpen, which }) => {
    const lines = ['# top', 'version: 1', 'tasks:', ...tasks.flatMap((it) => it.lines), ...end];
    const text = mark + lines.join(newline) + (endsOpen ? '' : newline);
    return { text, newline, id: tasks[which]?.id ?? '' };
  });

const maybe = <T>(it: fc.Arbitrary<T>) => fc.option(it, { nil: undefined });
const texts = fc.uniqueArray(anyText, { maxLength: 3 });
const change: fc.Arbitrary<Change> = fc
  .record({
    title: maybe(anyText),
    status: maybe(status),
    owner: maybe(fc.option(anyText)),
    notes: maybe(fc.option(anyText)),
    milestone: maybe(anyText),
    commits: maybe(texts),
    files: maybe(texts),
    updated: maybe(fc.constant({ by: 'ü: x', at: '2026-11-21T10:00:00Z' })),
  })
  .map(({ commits, files, updated, ...set }) => ({
    set: Object.fromEntries(Object.entries(set).filter(([, it]) => it !== undefined)),
    add: { ...(commits && { commits }), ...(files && { files }) },
    ...(updated && { updated }),
  }));

test('an edit says what it should, and all bytes of all other tasks stay', () => {
  fc.assert(
    fc.property(file, change, ({ text, id, newline }, wanted) => {
      const before = readTasks(text);
      expect(before.flaws).toEqual([]);
      const edited = changeTask(text, id, wanted);
      if (edited.kind !== 'edited') throw new Error(`${JSON.stringify(edited)} of\n${text}`);
      const after = readTasks(edited.text);
      expect(after.tasks.map((it) => it.task)).toEqual(
        before.tasks.map(({ task }) => (task.id === id ? applyChange(task, wanted) : task)),
      );
      const at = before.tasks.findIndex((it) => it.task.id === id);
      const start = before.tasks[at]?.node.range[0] ?? 0;
      expect(edited.text.slice(0, start)).toBe(text.slice(0, start));
      const next = before.tasks[at + 1]?.node.range[0] ?? text.length;
      // The dash of the next, and what stands above it, are not this task's.
      const rest = text.slice(next);
      expect(edited.text.endsWith(rest)).toBe(true);
      if (newline === '\r\n') expect(edited.text.replaceAll('\r\n', '')).not.toMatch(/\n/);
      // What is taken away takes along what stands behind it.
      if (wanted.set?.owner === null || wanted.set?.notes === null) return;
      for (const it of text.matchAll(/#.*/g)) expect(edited.text).toContain(it[0].trimEnd());
    }),
    { numRuns },
  );
});

test('a new task leaves every byte, and is read as it was meant', () => {
  fc.assert(
    fc.property(file, anyText, maybe(anyText), maybe(anyText), ({ text }, title, notes, owner) => {
      const task: Task = {
        id: 't-new',
        title,
        status: 'open',
        dependsOn: ['t-0'],
        evidence: { ...noEvidence, files: [title] },
        ...(notes === undefined ? {} : { notes }),
        ...(owner === undefined ? {} : { owner }),
      };
      const added = addTask(text, task);
      if (added.kind !== 'edited') throw new Error(`${JSON.stringify(added)} of\n${text}`);
      expect(readTasks(added.text).tasks.at(-1)?.task).toEqual(task);
      let at = 0;
      while (at < text.length && text[at] === added.text[at]) at += 1;
      expect(added.text.endsWith(text.slice(at))).toBe(true);
    }),
    { numRuns },
  );
});

test('whatever becomes of a file, reading it ends with tasks or with flaws, and an edit with the truth', () => {
  const damage = fc.tuple(fc.nat(), fc.nat(12), fc.oneof(anyText, fc.string({ unit: 'binary' })));
  fc.assert(
    fc.property(file, damage, change, ({ text, id }, [at, length, piece], wanted) => {
      const from = at % (text.length + 1);
      const damaged = text.slice(0, from) + piece + text.slice(from + length);
      const before = readTasks(damaged);
      for (const it of before.flaws) {
        expect(it.line).toBeGreaterThan(0);
        expect(it.column).toBeGreaterThan(0);
      }
      const edited = changeTask(damaged, id, wanted);
      if (edited.kind !== 'edited') return;
      expect(before.flaws).toEqual([]);
      expect(readTasks(edited.text).tasks.map((it) => it.task)).toEqual(
        before.tasks.map(({ task }) => (task.id === id ? applyChange(task, wanted) : task)),
      );
    }),
    { numRuns },
  );
});

const graph = fc.integer({ min: 1, max: 9 }).chain((count) =>
  fc
    .array(
      fc.record({
        status,
        dependsOn: fc.uniqueArray(
          fc.nat(count - 1).map((it) => `t-${it}`),
          { maxLength: 3 },
        ),
      }),
      { minLength: count, maxLength: count },
    )
    .map((tasks) => tasks.map((it, at) => ({ ...it, id: `t-${at}` }))),
);

/** Everything that each waits for, in however many steps. */
function followAll(tasks: readonly Pick<Task, 'id' | 'dependsOn'>[]): Map<string, Set<string>> {
  const reached = new Map(tasks.map((it) => [it.id, new Set(it.dependsOn)]));
  for (const _ of tasks)
    for (const all of reached.values())
      for (const it of [...all]) for (const far of reached.get(it) ?? []) all.add(far);
  return reached;
}

test('a circle is found exactly where following the arrows for long enough comes back', () => {
  fc.assert(
    fc.property(graph, (tasks) => {
      const reached = followAll(tasks);
      const model = tasks.some((it) => reached.get(it.id)?.has(it.id));
      const cycle = findCycle(tasks);
      expect(cycle !== undefined).toBe(model);
      for (const [at, id] of (cycle ?? []).entries()) {
        const next = cycle?.[(at + 1) % (cycle?.length ?? 1)] ?? '';
        expect(tasks.find((it) => it.id === id)?.dependsOn).toContain(next);
      }
      const text = `version: 1\ntasks:\n${tasks.map((it) => `- {id: ${it.id}, title: x, depends_on: [${it.dependsOn.join(', ')}]}\n`).join('')}`;
      expect(0 < readTasks(text).flaws.length).toBe(model);
    }),
    { numRuns: numRuns * 2 },
  );
});

test('ready is what is open and waits for nothing', () => {
  fc.assert(
    fc.property(graph, (tasks) => {
      const whole = tasks.map((it) => ({ ...it, title: 'x', evidence: noEvidence }));
      const judge = judgeReady(whole);
      for (const it of whole) {
        const waits = it.dependsOn.filter(
          (id) => whole.find((other) => other.id === id)?.status !== 'done',
        );
        expect(judge(it)).toEqual({
          ready: it.status === 'open' && waits.length === 0,
          blockedBy: waits,
        });
      }
    }),
    { numRuns },
  );
});

test('a chain as long as the list is no circle, and no trouble', () => {
  const chain = Array.from({ length: 50_000 }, (_, at) => ({
    id: `t-${at}`,
    dependsOn: at === 0 ? [] : [`t-${at - 1}`],
  }));
  expect(findCycle([...chain].reverse())).toBeUndefined();
  expect(findCycle([...chain.slice(1), { id: 't-0', dependsOn: ['t-49999'] }])).toHaveLength(
    50_000,
  );
});

test('an id may be shortened to what no other begins with', () => {
  const ids = ['t-abc1', 't-abd2', 'other', 't-abc'];
  expect(findTask(ids, 't-abc')).toEqual({ kind: 'found', id: 't-abc' });
  expect(findTask(ids, 'ABD')).toEqual({ kind: 'found', id: 't-abd2' });
  expect(findTask(ids, 'o')).toEqual({ kind: 'found', id: 'other' });
  expect(findTask(ids, 't-ab')).toEqual({ kind: 'ambiguous', ids: ['t-abc1', 't-abd2', 't-abc'] });
  expect(findTask(ids, 't')).toMatchObject({ kind: 'ambiguous' });
  expect(findTask(ids, 'x')).toEqual({ kind: 'unknown' });
  expect(findTask(ids, '')).toEqual({ kind: 'unknown' });
});

test('a new id is one that nobody has', () => {
  const hash = (text: string) => Buffer.from(text.padEnd(32, 'x')).toString('hex');
  const taken: string[] = [];
  for (let at = 0; at < 5; at += 1)
    taken.push(mintTaskId('seed', hash, (it) => taken.includes(it)));
  expect(new Set(taken).size).toBe(5);
  for (const it of taken) expect(it).toMatch(/^t-[0-9a-hjkmnp-tv-z]{7}$/);
});
