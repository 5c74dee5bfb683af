/** The example host of the README, run as it stands there. */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { clew, openStage } from './stage.ts';
import { within } from './until.ts';

function readExample(): string {
  const [, section = ''] = readFileSync('README.md', 'utf8').split('## Use it from a host');
  const [, code] = /```js\n([\s\S]*?)```/.exec(section) ?? [];
  if (code === undefined) throw new Error('README.md has no example host');
  return code;
}

test('one whole turn, and its undo', async () => {
  await using stage = openStage();
  const bin = join(stage.folder, 'bin');
  mkdirSync(bin);
  symlinkSync(clew, join(bin, 'clew'));
  symlinkSync(resolve('node_modules'), join(stage.folder, 'node_modules'));
  const program = join(stage.folder, 'host.mjs');
  writeFileSync(program, readExample());
  const env = { PATH: `${bin}:${process.env.PATH}` };
  const running = stage.start([process.execPath, program], { env });
  let out = '';
  running.process.stdout.on('data', (chunk) => {
    out += chunk;
  });
  const ending = await within('the end', running.ended);
  expect([ending.code, running.stderr()]).toEqual([0, '']);
  expect(out).toMatch(/path: 'greeting.txt',[\s\S]*outcome: 'back'[\s\S]*\[ 'greeting.txt' \]/);
  expect(existsSync(join(stage.workspace, 'greeting.txt'))).toBe(false);
});
