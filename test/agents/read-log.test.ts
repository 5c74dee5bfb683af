/** What agents' own logs say that they wrote: real ones, and what is none. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readLog } from '../../src/agents/read-log.ts';

const read = (name: string) =>
  readLog(readFileSync(resolve(import.meta.dirname, 'logs', `${name}.jsonl`), 'utf8'));

/** By file: what went, and what came. */
function tell(name: string) {
  const { agent, edits = [] } = read(name) ?? {};
  return [
    agent,
    ...edits.map(({ path, before, after, isPart, session, turn, step }) => {
      for (const it of [session, turn, step]) expect(it).toMatch(/^[\w-]{5,}$/);
      const cut = (text: string | undefined) => text?.split('\n').slice(0, 2).join('|');
      return [path, cut(before), cut(after), isPart === true ? 'part' : 'whole'];
    }),
  ];
}

const add = 'export function add(a, b) {';
const cases: readonly (readonly [name: string, told: readonly unknown[]])[] = [
  [
    'claude-basic',
    [
      'claude-code',
      [
        '/home/dev/claude-basic/src/math.js',
        `${add}|  return a + b;`,
        `${add}|  return Number(a) + Number(b);`,
        'whole',
      ],
    ],
  ],
  [
    'codex-basic',
    [
      'codex',
      [
        '/home/dev/codex-basic/src/math.js',
        `${add}|  return a + b;`,
        `${add}|  return Number(a) + Number(b);`,
        'part',
      ],
    ],
  ],
  [
    'codex-code-mode',
    [
      'codex',
      ['/home/dev/codex-code-mode/README.md', '|hello world', '|hello from code mode', 'part'],
    ],
  ],
  // A patch that failed has written nothing.
  ['codex-failed', ['codex']],
  // That a file went has no lines to tell of.
  [
    'codex-v2probe',
    [
      'codex',
      [
        '/home/dev/codex-v2probe/src/math.js',
        `${add}|  return a + b;`,
        `${add}|  return 1*a + b;`,
        'part',
      ],
    ],
  ],
  [
    'qwen-basic',
    [
      'qwen-code',
      [
        '/home/dev/qwen-basic/src/math.js',
        `${add}|  return a + b;`,
        `${add}|  return 1*a + b;`,
        'whole',
      ],
      ['/home/dev/qwen-basic/src/new.js', '', 'x|', 'whole'],
    ],
  ],
];

test.each(cases)('%s', (name, told) => {
  expect(tell(name)).toEqual(told);
});

test('what is no log of theirs is none', () => {
  expect(readLog('\0\0{}\n[1]\n{"sessionId":7}\n{"type":"session_meta"}\n{"tor')).toBeUndefined();
  // Gemini CLI writes down no text of what its tools wrote.
  expect(read('gemini-cancel')).toBeUndefined();
});

test('Codex: files without a last newline, several places, another name, half a line', () => {
  const item = (more: object, changes: object) =>
    JSON.stringify({
      type: 'event_msg',
      payload: {
        type: 'item_completed',
        thread_id: 's',
        turn_id: 't',
        item: { type: 'FileChange', id: 'c', status: 'completed', changes, ...more },
      },
    });
  const patch =
    '@@ -1,2 +1,2 @@\n a\n-b\n+B\n@@ -9,1 +9,1 @@\n-y\n\\ No newline at end of file\n+z\n\\ No newline at end of file\n';
  const update = { '/w/old': { type: 'update', unified_diff: patch, move_path: '/w/new' } };
  const made = { '/w/made': { type: 'add', content: 'x' }, '/w/odd': 7 };
  const lines = ['{"type":"session_meta","payload":{}}', item({}, { ...update, ...made })];
  const failed = item({ status: 'failed' }, made);
  const by = { session: 's', turn: 't', step: 'c' };
  expect(
    readLog([...lines, failed, item({ id: 1 }, made), lines[1]?.slice(0, 90)].join('\n')),
  ).toEqual({
    agent: 'codex',
    edits: [
      { ...by, path: '/w/new', before: 'a\nb\n', after: 'a\nB\n', isPart: true },
      { ...by, path: '/w/new', before: 'y', after: 'z', isPart: true },
      { ...by, path: '/w/made', after: 'x' },
    ],
  });
});

test('Qwen Code: what a person changed before accepting is nobody’s word', () => {
  const entry = (user_added_lines: number) =>
    JSON.stringify({
      sessionId: 's',
      toolCallResult: {
        callId: 'c',
        status: 'success',
        resultDisplay: { filePath: '/w/f', newContent: 'x', diffStat: { user_added_lines } },
      },
    });
  expect(readLog(entry(0))?.edits).toHaveLength(1);
  expect(readLog(entry(1))?.edits).toEqual([]);
});
