/** The rules that rot when nothing tests them; each is tried on a planted breach too. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { generateAll } from '../schemas/generate.ts';
import { breaches } from './house/breaches.ts';
import { floors, pureFloorCount } from './house/floors.ts';
import { rules } from './house/rules.ts';
import { readSourceTree } from './house/source-tree.ts';

const tree = readSourceTree('src', 'test', 'schemas', '.ci');

describe.each(Object.entries(rules))('%s', (name, rule) => {
  test('holds', () => {
    expect(rule(tree)).toEqual([]);
  });

  test.each(breaches[name] ?? [])('is broken by %s', (path, text) => {
    expect(rule(new Map([[path, text]]))).toHaveLength(1);
  });
});

test('every rule is seen to fail', () => {
  expect(Object.keys(breaches)).toEqual(Object.keys(rules));
});

test('every pure room is compiled without Node types', () => {
  const { include } = JSON.parse(readFileSync('src/tsconfig.pure.json', 'utf8'));
  const built = floors
    .slice(0, pureFloorCount)
    .flat()
    .filter((it) => existsSync(`src/${it}`));
  expect(built.filter((it) => !include.includes(it))).toEqual([]);
});

const namesIn = (folder: string, ending: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((it) => it.endsWith(ending))
    .map((it) => it.slice(0, -ending.length).replaceAll('\\', '/'));

describe.runIf(existsSync('src/methods/table.ts'))('one path, three trees', () => {
  const methods = namesIn('schemas/rpc', '.json');

  test('every method schema has its file and its test', () => {
    const wanted = methods.flatMap((it) => [`src/methods/${it}.ts`, `test/methods/${it}.test.ts`]);
    expect(wanted.filter((it) => !existsSync(it))).toEqual([]);
  });

  test('every method file has its schema', () => {
    const files = namesIn('src/methods', '.ts').filter((it) => it.includes('/'));
    expect(files.filter((it) => !methods.includes(it))).toEqual([]);
  });
});

test('what is generated from schemas/ is fresh', async () => {
  for (const [path, text] of Object.entries(await generateAll()))
    expect(readFileSync(path, 'utf8') === text, `${path}: npx tsx schemas/generate.ts`).toBe(true);
});

/** Sizes are told, not judged: a file cut in the middle of a thought is worse than a long one. */
afterAll(() => {
  const long = [...tree].map(([path, text]) => ({ path, lines: text.split('\n').length }));
  for (const { path, lines } of long.filter((it) => it.lines > 250))
    process.stdout.write(`long: ${path} has ${lines} lines; is a noun missing?\n`);
});
