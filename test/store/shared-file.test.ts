/** Several processes change one small file: nobody's change is lost, and who dies in the middle holds up nobody. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { openSharedFile } from '../../dist/store/shared-file.js';
import { readOwnMark } from '../../src/store/process-mark.ts';
import { makeFolder } from '../scratch.ts';

const built = resolve(import.meta.dirname, '../../dist/store/shared-file.js');

async function runCounter(path: string, rounds: number): Promise<number | null> {
  const program = `import { openSharedFile } from ${JSON.stringify(built)};
    const file = openSharedFile(process.argv[1]);
    for (let left = ${rounds}; 0 < left; )
      if (file.change((text) => String(Number(text ?? 0) + 1))) left -= 1;`;
  const args = ['--input-type=module', '-e', program, path];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'exit');
  return code as number | null;
}

test('four processes count to 800', async () => {
  const folder = makeFolder();
  const path = join(folder, 'count');
  const codes = await Promise.all([1, 2, 3, 4].map(() => runCounter(path, 200)));
  expect(codes).toEqual([0, 0, 0, 0]);
  expect(openSharedFile(path).read()).toBe('800');
  expect(readdirSync(folder)).toEqual(['count']);
});

test('it changes its stamp, and only then', () => {
  const file = openSharedFile(join(makeFolder(), 'it'));
  expect([file.stamp(), file.read()]).toEqual([undefined, undefined]);
  expect(file.change(() => undefined)).toBe(true);
  expect(file.stamp()).toBe(undefined);
  file.change(() => 'a');
  const stamp = file.stamp();
  expect(file.read()).toBe('a');
  file.change((text) => (text === 'a' ? undefined : 'never'));
  expect(file.stamp()).toBe(stamp);
  file.change((text) => `${text}b`);
  expect(file.read()).toBe('ab');
  expect(file.stamp()).not.toBe(stamp);
});

test('who holds it and lives is waited for in vain; nothing is done then', () => {
  const path = join(makeFolder(), 'it');
  writeFileSync(`${path}.lock`, JSON.stringify(readOwnMark()));
  const file = openSharedFile(path);
  expect(file.change(() => expect.unreachable())).toBe(false);
  expect(file.read()).toBe(undefined);
});

test.each([
  ['a process that is gone', () => JSON.stringify({ ...readOwnMark(), pid: 2 ** 22 + 1 })],
  ['a pid that was given away since', () => JSON.stringify({ ...readOwnMark(), started: '1' })],
  ['a machine before it was started anew', () => JSON.stringify({ ...readOwnMark(), boot: 'x' })],
  ['a disk that was full', () => '{"pid":1'],
])('the lock of %s is taken over', (_, lockText) => {
  const path = join(makeFolder(), 'it');
  writeFileSync(`${path}.lock`, lockText());
  expect(openSharedFile(path).change(() => 'done')).toBe(true);
  expect(readFileSync(path, 'utf8')).toBe('done');
  expect(existsSync(`${path}.lock`)).toBe(false);
});

test('a thread of this very process that died with it is not waited for for ever', () => {
  const path = join(makeFolder(), 'it');
  writeFileSync(`${path}.lock`, JSON.stringify(readOwnMark()));
  const longAgo = Date.now() / 1000 - 60;
  utimesSync(`${path}.lock`, longAgo, longAgo);
  expect(openSharedFile(path).change(() => 'done')).toBe(true);
});

test('what fails in the middle gives the lock back and changes nothing', () => {
  const path = join(makeFolder(), 'it');
  const file = openSharedFile(path);
  file.change(() => 'a');
  expect(() =>
    file.change(() => {
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(file.read()).toBe('a');
  expect(existsSync(`${path}.lock`)).toBe(false);
});
