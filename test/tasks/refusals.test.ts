/** Broken and hostile lists of tasks: refused at the place, quickly, and never half understood. */
import { expect, test } from 'vitest';
import { addTask } from '../../src/tasks/edit-tasks.ts';
import { readTasks } from '../../src/tasks/read-tasks.ts';
import { noEvidence } from '../../src/tasks/task.ts';

const head = 'version: 1\ntasks:\n';
const one = '  - id: a\n    title: first\n';
const laughs = Array.from({ length: 12 }, (_, at) => {
  const inside =
    at === 0
      ? 'ha'
      : Array(9)
          .fill(`*l${at - 1}`)
          .join(', ');
  return `l${at}: &l${at} [${inside}]`;
}).join('\n');

test.each<[string, string, string]>([
  [
    'a circle',
    `${head}  - {id: a, title: x, depends_on: [c]}\n  - {id: b, title: x, depends_on: [a]}\n  - {id: c, title: x, depends_on: [b]}\n`,
    '3:36 these wait for each other: a → c → b → a',
  ],
  ['itself', `${head}${one}    depends_on: [a]\n`, '5:18 these wait for each other: a → a'],
  [
    'an unknown id',
    `${head}${one}    depends_on:\n      - nobody\n`,
    '6:9 a depends on nobody, which is no task here',
  ],
  ['one id twice', `${head}${one}${one}`, '5:9 a is the id of two tasks'],
  ['one key twice', `${head}${one}    title: again\n`, '5:5 title is said twice'],
  ['no id', `${head}  - title: x\n`, '3:5 a task without id'],
  ['no title', `${head}  - id: x\n`, '3:5 task x has no title'],
  ['an empty title', `${head}  - id: x\n    title: "  "\n`, '4:12 task x has no title'],
  ['an id with a space', `${head}  - id: x y\n    title: x\n`, '3:9 "x y" is no id'],
  ['a number as id', `${head}  - id: 12\n    title: x\n`, '3:9 id is no text'],
  ['a number as title', `${head}  - id: a\n    title: 12\n`, '4:12 title is no text'],
  ['no such status', `${head}${one}    status: finished\n`, '5:13 there is no status finished'],
  ['one text for a list', `${head}${one}    depends_on: b\n`, '5:17 depends_on is no list'],
  [
    'a number in a list',
    `${head}${one}    evidence: {commits: [1234567]}\n`,
    '5:26 commits has something that is no text',
  ],
  [
    'a list for a map',
    `${head}${one}    evidence: [x]\n`,
    '5:15 evidence is not what it should be',
  ],
  ['a text for a task', `${head}  - x\n`, '3:5 this is no task'],
  ['nothing for a task', `${head}  -\n`, '3:4 this is no task'],
  ['a map for the list', 'version: 1\ntasks: {a: b}\n', '2:8 tasks is no list'],
  ['a list for the file', '- a\n', '1:1 this is no list of tasks'],
  ['a text for the file', 'hello\n', '1:1 this is no list of tasks'],
  ['no version', 'tasks: []\n', '1:1 version is missing'],
  ['another version', 'version: 2\ntasks: []\n', '1:10 version is not 1'],
  ['a tab', `${head}  - id: a\n\ttitle: x\n`, '4:1 tabs are not allowed as indentation'],
  ['a bracket left open', `${head}  - {id: a, title: x\n  - {id: b, title: x}\n`, '4:'],
  ['a quote left open', `${head}  - id: a\n    title: "x\n`, '5:1 missing closing "quote'],
  ['bad indentation', `${head}  - id: a\n   title: x\n`, '4:1 '],
  [
    'a colon too many',
    `${head}  - id: a\n    title: x: y\n`,
    '4:12 nested mappings are not allowed in compact mappings',
  ],
  ['an alias', `${head}  - &x {id: a, title: x}\n  - *x\n`, '4:5 aliases are not read'],
  [
    'a merge key',
    `${head}  - id: a\n    title: x\n    <<: {owner: y}\n`,
    '5:5 merge keys are not read',
  ],
  ['a tag', `${head}  - id: a\n    title: !!js/function x\n`, '4:12 tags are not read'],
  [
    'a percent sign where text begins',
    `${head}  - id: a\n    title: %x\n`,
    '4:12 plain value cannot start with',
  ],
  ['a directive', `%YAML 1.1\n---\n${head}`, '1:1 directives are not read'],
  ['two documents', `${head}${one}---\nversion: 1\n`, '5:1 a second document begins here'],
  ['a billion laughs', `${laughs}\n`, '2:10 aliases are not read'],
  ['a key that is a list', `${head}${one}    ? [x]\n    : y\n`, '5:7 '],
  ['brackets without end', `${head}${'['.repeat(200_000)}`, '3:39 nested more than 40 deep'],
  ['braces without end', `${head}${'{a: '.repeat(100_000)}`, '3:'],
  ['dashes without end', `${head}${'- '.repeat(200_000)}`, '3:77 nested more than 40 deep'],
  ['question marks without end', `${head}${'? '.repeat(200_000)}`, '3:'],
  [
    'steps without end',
    Array.from({ length: 900 }, (_, at) => `${' '.repeat(at)}a:`).join('\n'),
    '40:',
  ],
  ['closing brackets without end', ']'.repeat(500_000), '1:1 '],
  ['too much', `${head}# ${'x'.repeat(1024 * 1024)}\n`, '1:1 the file has 1048597 characters'],
  ['too many pieces', `${head}${'#\n'.repeat(400_000)}`, '199997:'],
])('%s', (_, text, said) => {
  const { flaws, tasks } = readTasks(text);
  const [first] = flaws;
  const told = `${first?.line}:${first?.column} ${first?.message}`;
  expect(told.slice(0, said.length)).toBe(said);
  expect(first?.hint).toBeTypeOf('string');
  expect(flaws.length).toBeLessThanOrEqual(50);
  expect(tasks.length).toBeLessThanOrEqual(3);
  // And never written.
  const task = {
    id: 'z',
    title: 'z',
    status: 'open',
    dependsOn: [],
    evidence: noEvidence,
  } as const;
  expect(addTask(text, task)).toEqual({ kind: 'flawed', flaws });
});

test.each<[string, string]>([
  ['nothing', ''],
  ['comments only', '# x\n'],
  ['null', '~\n'],
  ['no tasks', 'version: 1\n'],
  ['tasks null', head],
  ['a document start', `---\n${head}${one}`],
  ['a document end', `${head}${one}...\n`],
  ['a byte order mark', `\ufeff${head}${one}`],
  ['carriage returns', `${head}${one}`.replaceAll('\n', '\r\n')],
  ['an anchor that nobody uses', `${head}  - &x\n    id: a\n    title: b\n`],
  [
    'what looks like an alias in a text',
    `${head}  - id: a\n    title: "*x"\n    notes: |\n      *bold* !tag\n      !x\n`,
  ],
  ['tabs behind text', `${head}  - id: a\t# x\n    title: b\t\n`],
  ['a date', `${head}${one}    created: {at: 2026-11-21T10:00:00Z}\n`],
  ['names of what every object has', `${head}${one}    __proto__: {x: 1}\n    constructor: y\n`],
])('accepted: %s', (_, text) => {
  expect(readTasks(text).flaws).toEqual([]);
});

test('what is passed over is said, with what was perhaps meant', () => {
  const { doubts } = readTasks(`${head}${one}    dependsOn: [b]\n    priority: high\nmore: 1\n`);
  expect(doubts).toEqual([
    { line: 7, column: 1, message: 'the file has no more; it is left alone' },
    {
      line: 5,
      column: 5,
      message: 'a task has no dependsOn; it is left alone',
      hint: 'did you mean depends_on?',
    },
    { line: 6, column: 5, message: 'a task has no priority; it is left alone' },
  ]);
  expect(({} as Record<string, unknown>)['x']).toBeUndefined();
});
