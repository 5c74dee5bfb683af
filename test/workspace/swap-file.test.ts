/** Replacing a file that others replace too: only what was read is replaced, whole, and nothing is left behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readSeenFile, type SeenFile, swapFile } from '../../src/workspace/swap-file.ts';
import { buildChild } from '../build-child.ts';
import { makeFolder } from '../scratch.ts';
import { longestMs, sizeOf } from '../soak.ts';

const bytes = (text: string) => Buffer.from(text);

function openFile(text?: string) {
  const path = join(makeFolder(), 'list.yaml');
  if (text !== undefined) writeFileSync(path, text);
  return {
    path,
    seen: () => readSeenFile(path) as SeenFile,
    text: () => readFileSync(path, 'utf8'),
    names: () => readdirSync(dirname(path)),
  };
}

test('what was read is replaced, with its mode', () => {
  const { path, seen, text, names } = openFile('old');
  chmodSync(path, 0o604);
  expect(swapFile(path, seen(), bytes('new'))).toBe(true);
  expect([text(), statSync(path).mode & 0o777, names()]).toEqual(['new', 0o604, ['list.yaml']]);
});

test('what somebody changed meanwhile is not, however alike', () => {
  const { path, seen, text, names } = openFile('old');
  const first = seen();
  writeFileSync(`${path}2`, 'old');
  renameSync(`${path}2`, path);
  expect(swapFile(path, first, bytes('new'))).toBe(false);
  expect([text(), names()]).toEqual(['old', ['list.yaml']]);
});

test('a new file is made once', () => {
  const { path, text, names } = openFile();
  expect(readSeenFile(path)).toBeUndefined();
  expect(swapFile(path, undefined, bytes('mine'))).toBe(true);
  expect(swapFile(path, undefined, bytes('theirs'))).toBe(false);
  expect([text(), names()]).toEqual(['mine', ['list.yaml']]);
});

/** As it is when a process was killed after it had decided, and before it had renamed. */
function decide(path: string, { stamp }: SeenFile, text: string): void {
  const successor = `.${basename(path)}.999999999-abcdef.next`;
  writeFileSync(join(dirname(path), successor), text);
  symlinkSync(successor, join(dirname(path), `.${basename(path)}.${stamp}.decided`));
}

test('what a killed process had decided is finished by the next, which then reads again', () => {
  const { path, seen, text, names } = openFile('old');
  decide(path, seen(), 'theirs');
  expect(swapFile(path, seen(), bytes('mine'))).toBe(false);
  expect([text(), names()]).toEqual(['theirs', ['list.yaml']]);
  expect(swapFile(path, seen(), bytes('mine'))).toBe(true);
  expect(text()).toBe('mine');
});

test('what killed processes left is cleared away, and nothing else', () => {
  const { path, seen, names } = openFile('old');
  const folder = dirname(path);
  decide(path, { ...seen(), stamp: '0123456789abcdef' }, 'stale');
  writeFileSync(join(folder, `.list.yaml.999999998-ab.next`), 'x');
  writeFileSync(join(folder, `.list.yaml.${process.ppid}-ab.next`), 'x');
  writeFileSync(join(folder, '.list.yaml.swp'), 'x');
  // The first clears what nothing leads to, the second what then leads nowhere.
  expect(swapFile(path, seen(), bytes('a'))).toBe(true);
  expect(swapFile(path, seen(), bytes('b'))).toBe(true);
  expect(names().sort()).toEqual(
    [`.list.yaml.${process.ppid}-ab.next`, '.list.yaml.swp', 'list.yaml'].sort(),
  );
});

test('a decision that leads elsewhere is nobody’s', () => {
  const { path, seen, text } = openFile('old');
  const victim = join(makeFolder(), 'victim');
  writeFileSync(victim, 'precious');
  symlinkSync(victim, join(dirname(path), `.${basename(path)}.${seen().stamp}.decided`));
  expect(swapFile(path, seen(), bytes('mine'))).toBe(false);
  expect([text(), readFileSync(victim, 'utf8')]).toEqual(['old', 'precious']);
});

const child = buildChild('workspace/swap-child');

function addLines(path: string, name: string, count: number): ChildProcess {
  const args = [child.main, path, name, String(count)];
  const adder = spawn(process.execPath, args, { stdio: 'inherit' });
  onTestFinished(() => void adder.kill('SIGKILL'));
  return adder;
}

test('of many who add at once none is lost, though some are killed', {
  timeout: longestMs,
}, async () => {
  const { path, text, names } = openFile();
  const rounds = sizeOf(40, 1000);
  const children = ['a', 'b', 'c'].map((it) => addLines(path, it, rounds));
  const victim = addLines(path, 'v', Number.MAX_SAFE_INTEGER);
  const ended = children.map((it) => once(it, 'exit'));
  const seconds = new Promise<void>((done) => {
    // As soon as it takes part.
    const look = watch(dirname(path), () => {
      if (!(readSeenFile(path)?.bytes.includes('v') ?? false)) return;
      look.close();
      // Until it is waited for, a process that was killed counts as one that lives.
      victim.once('exit', () => done());
      victim.kill('SIGKILL');
    });
  });
  expect((await Promise.all(ended)).map(([code]) => code)).toEqual([0, 0, 0]);
  await seconds;
  expect(swapFile(path, readSeenFile(path), Buffer.from(text()))).toBe(true);
  const lines = text().trim().split('\n');
  for (const name of ['a', 'b', 'c', 'v']) {
    const own = lines.filter((it) => it.startsWith(name));
    const wanted = name === 'v' ? own.length : rounds;
    expect(own).toEqual(Array.from({ length: wanted }, (_, n) => name + n));
  }
  expect(names()).toEqual(['list.yaml']);
});
