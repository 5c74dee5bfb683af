/** Which files a command is taken to show: as data, and against what a real shell opens. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findReads } from '../../../src/agents/shell/find-reads.ts';
import { makeFolder } from '../../scratch.ts';
import '../../seed.ts';
import { sizeOf } from '../../soak.ts';

const cases = JSON.parse(readFileSync(new URL('cases.json', import.meta.url), 'utf8')) as readonly [
  string,
  readonly string[],
][];

test.each(cases)('%s', (command, reads) => {
  expect(findReads(command, '/w')).toEqual(reads);
});

describe('words for the system instead of a line', () => {
  test.each([
    [['/bin/bash', '-lc', 'cat src/a'], ['/w/src/a']],
    [
      ['cat', 'a b', '$x'],
      ['/w/a b', '/w/$x'],
    ],
    [['bash', '-lc'], []],
    [[], []],
  ])('%j', (words, reads) => {
    expect(findReads(words, '/w')).toEqual(reads);
  });
});

test('without a known folder paths stay relative, and a change of folder is followed', () => {
  expect(findReads('cat a; cd b; cat c; cat /d')).toEqual(['a', 'b/c', '/d']);
});

test('whatever it is given, it answers, and soon', () => {
  const pieces = ['cat', 'a', ' ', ' ', '"', "'", '\\', '$(', '${', '`', ')', '(', '{', '}', ';'];
  const more = [
    '|',
    '&&',
    '\n',
    '<<E',
    '<',
    '>',
    'cd ',
    'bash -c ',
    'eval ',
    '#',
    '2',
    'for',
    'do',
  ];
  const text = fc.array(fc.constantFrom(...pieces, ...more), { maxLength: 40 });
  fc.assert(
    fc.property(text, (parts) => {
      for (const path of findReads(parts.join(''), '/w')) expect(path).toMatch(/^\/./);
    }),
    { numRuns: sizeOf(1_000, 50_000) },
  );
  for (const deep of ['(', '$(', '`', 'bash -c "', '{ ', '\\', 'sudo ', 'eval '])
    expect(findReads(`${deep.repeat(5_000)}cat a`, '/w').length).toBeLessThan(2);
});

test('words are quoted and unquoted as bash does', () => {
  const folder = makeFolder();
  mkdirSync(join(folder, 'sub'));
  const letter = fc.constantFrom('a', ' ', "'", '"', '\\', '$', '`', '*', '#', '~', '{', ',', 'ü');
  const name = fc.array(letter, { minLength: 1, maxLength: 8 }).map((it) => it.join(''));
  const quoted = name.map((it) => ({ name: it, word: `'${it.replaceAll("'", "'\\''")}'` }));
  const escaped = name.map((it) => ({ name: it, word: it.replace(/[^aü]/g, '\\$&') }));
  const doubled = name.map((it) => ({ name: it, word: `"${it.replace(/["\\$`]/g, '\\$&')}"` }));
  const law = fc.property(fc.oneof(quoted, escaped, doubled), ({ name, word }) => {
    writeFileSync(join(folder, name), name);
    const command = `cd sub && cat ../${word}`;
    expect(execFileSync('bash', ['-c', command], { cwd: folder, encoding: 'utf8' })).toBe(name);
    expect(findReads(command, folder)).toEqual([join(folder, name)]);
  });
  fc.assert(law, { numRuns: sizeOf(60, 2_000) });
});
