/** undo/apply: takes back what one session, turn, step or undo did, and leaves what others wrote. */
import { chmodSync, lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { UndoApply } from '../../../src/contract/types.gen.ts';
import { type Played, playAt } from '../checkpointed.ts';
import { hashFolder } from '../hash-folder.ts';
import { ask } from '../recorded.ts';

type Params = UndoApply['params'];

const undo = ({ context }: Played, params: Params = {}) => ask(context, 'undo/apply', params);

/** What became of each path. */
const told = ({ paths }: UndoApply['result']) =>
  Object.fromEntries(paths.map(({ path, kind, outcome }) => [path, `${kind} ${outcome}`]));

const lines = (...all: (string | number)[]) => all.map((it) => `${it}\n`).join('');

describe.each([
  ['without git', false],
  ['with git', true],
])('%s', (_, git) => {
  test('a turn goes back: what it changed, made and removed, and nothing else is touched', async () => {
    const files = { 'a.txt': 'one\n', 'gone/deep/b.txt': 'two\n', 'other.txt': 'x\n' };
    const played = await playAt({ git, files });
    const before = played.readAll();
    const mtime = lstatSync(join(played.root, 'other.txt'), { bigint: true }).mtimeNs;
    const { turn } = await played.play('s1', {
      'a.txt': 'one\nmore\n',
      gone: undefined,
      'new/folder/c.txt': 'c\n',
    });
    const hash = git ? hashFolder(join(played.root, '.git')) : '';
    const done = await undo(played, { of: turn });
    expect(done).toMatchObject({
      of: { kind: 'turn', id: turn },
      ready: true,
      written: ['a.txt', 'gone/deep/b.txt'],
      skipped: [],
    });
    expect(done.removed).toContain('new/folder/c.txt');
    expect(done.conversation).toMatch(/only files went back/);
    expect(played.readAll()).toEqual(before);
    expect(lstatSync(join(played.root, 'other.txt'), { bigint: true }).mtimeNs).toBe(mtime);
    if (git) expect(hashFolder(join(played.root, '.git'))).toBe(hash);
  });

  test('rights go back with it: of files, of folders made anew, and where nothing else changed', async () => {
    const files = {
      '.env': 'KEY\n',
      'secret/key': 'k\n',
      'secret/deep/other': 'o\n',
      'a.txt': 'a\n',
    };
    const played = await playAt({ git, files });
    const at = (path: string) => join(played.root, path);
    const rightsOf = () =>
      ['.env', 'secret', 'secret/key', 'secret/deep', 'a.txt'].map((path) => {
        const stat = lstatSync(at(path), { throwIfNoEntry: false });
        return stat && (stat.mode & 0o7777).toString(8);
      });
    for (const path of ['.env', 'secret/key']) chmodSync(at(path), 0o600);
    for (const path of ['secret', 'secret/deep']) chmodSync(at(path), 0o700);
    const run = (root: string) => {
      chmodSync(join(root, '.env'), 0o644);
      chmodSync(join(root, 'a.txt'), 0o600);
    };
    const doing = { reach: 'anything', run } as const;
    const { turn } = await played.play('s1', { secret: undefined, 'a.txt': 'b\n' }, doing);
    expect(rightsOf()).toEqual(['644', undefined, undefined, undefined, '600']);
    const first = await undo(played, { of: turn });
    expect(first.written).toEqual(['.env', 'a.txt', 'secret/deep/other', 'secret/key']);
    expect(rightsOf()).toEqual(['600', '700', '600', '700', '644']);
    await undo(played, { of: first.undo ?? '' });
    expect(rightsOf()).toEqual(['644', undefined, undefined, undefined, '600']);
    await undo(played, { of: '@undo' });
    expect(rightsOf()).toEqual(['600', '700', '600', '700', '644']);
  });

  test('an undo is itself undone, and so is that', async () => {
    const played = await playAt({ git, files: { 'a.txt': 'one\n', 'b.txt': 'b\n' } });
    const before = played.readAll();
    await played.play('s1', { 'a.txt': 'two\n', 'b.txt': undefined, 'd/c.txt': 'new\n' });
    const after = played.readAll();
    const first = await undo(played);
    expect(played.readAll()).toEqual(before);
    const second = await undo(played, { of: first.undo ?? '' });
    expect(second.of).toEqual({ kind: 'undo', id: first.undo });
    expect(played.readAll()).toEqual(after);
    const third = await undo(played, { of: '@undo' });
    expect(third.of).toEqual({ kind: 'undo', id: second.undo });
    expect(played.readAll()).toEqual(before);
    // The last letters of an id will do.
    await undo(played, { of: third.undo?.slice(-6).toLowerCase() ?? '' });
    expect(played.readAll()).toEqual(after);
  });

  test('a step goes back alone, and a session with all its turns', async () => {
    const played = await playAt({ git, files: { 'a.txt': 'a\n', 'b.txt': 'b\n', 'c.txt': 'c\n' } });
    const before = played.readAll();
    const turn = await played.start('s1');
    const step = await turn.step({ 'a.txt': 'a1\n' });
    await turn.step({ 'b.txt': 'b1\n' });
    await turn.end();
    await played.play('s1', { 'c.txt': 'c1\n' });
    const alone = await undo(played, { of: step });
    expect(told(alone)).toEqual({ 'a.txt': 'ours back' });
    expect(played.readAll()).toEqual({ ...before, 'b.txt': 'b1\n', 'c.txt': 'c1\n' });
    const all = await undo(played, { of: 's1' });
    expect(told(all)).toEqual({
      'a.txt': 'identical none',
      'b.txt': 'ours back',
      'c.txt': 'ours back',
    });
    expect(played.readAll()).toEqual(before);
  });

  test('only the paths and the hunks that are asked for', async () => {
    const files = { 'src/a.txt': lines(1, 2, 3, 4, 5, 6, 7, 8, 9), 'src/b.txt': 'b\n', c: 'c\n' };
    const played = await playAt({ git, files });
    const { turn } = await played.play('s1', {
      'src/a.txt': lines('one', 2, 3, 4, 'five', 6, 7, 8, 'nine'),
      'src/b.txt': 'bb\n',
      c: 'cc\n',
    });
    const hunk = await undo(played, { of: turn, paths: ['src/a.txt'], hunks: [2] });
    expect(hunk.written).toEqual(['src/a.txt']);
    expect(played.read('src/a.txt')).toBe(lines('one', 2, 3, 4, 5, 6, 7, 8, 'nine'));
    const file = await undo(played, { of: turn, paths: [join(played.root, 'src/b.txt')] });
    expect(file.written).toEqual(['src/b.txt']);
    await undo(played, { of: file.undo ?? '' });
    expect(played.read('src/b.txt')).toBe('bb\n');
    const folder = await undo(played, { of: turn, paths: ['src/'], choices: { merge: ['.'] } });
    expect(folder.written?.toSorted()).toEqual(['src/a.txt', 'src/b.txt']);
    expect(played.readAll()).toEqual({ ...files, c: 'cc\n' });
  });
});

describe('what others wrote', () => {
  const nine = lines(1, 2, 3, 4, 5, 6, 7, 8, 9);
  async function playWithHand(hand: string): Promise<Played & { turn: string }> {
    const played = await playAt({ files: { 'a.txt': nine, 'b.txt': 'b\n' } });
    const { turn } = await played.play('s1', {
      'a.txt': nine.replace('2\n', 'two\n'),
      'b.txt': 'bb\n',
    });
    played.write({ 'a.txt': hand });
    return { ...played, turn };
  }
  const apart = lines(1, 'two', 3, 4, 5, 6, 7, 'mine', 9);

  test('a file that was edited by hand since asks, and until then nothing happens at all', async () => {
    const played = await playWithHand(apart);
    const before = played.readAll();
    const asked = await undo(played, { of: played.turn });
    expect(asked).toMatchObject({ ready: false });
    expect(asked.undo).toBeUndefined();
    expect(asked.paths.find(({ path }) => path === 'a.txt')).toMatchObject({
      kind: 'foreign',
      outcome: 'asks',
      lost: ['mine\n'],
    });
    expect(played.readAll()).toEqual(before);
    const { undo: last } = await undo(played, { of: played.turn, choices: { merge: ['a.txt'] } });
    expect(last).toBeDefined();
  });

  test.each([
    ['keep', apart, 'foreign kept'],
    ['overwrite', nine, 'foreign back'],
    ['merge', lines(1, 2, 3, 4, 5, 6, 7, 'mine', 9), 'foreign merged'],
  ] as const)('%s', async (choice, text, outcome) => {
    const played = await playWithHand(apart);
    const done = await undo(played, { of: played.turn, choices: { [choice]: ['a.txt'] } });
    expect(told(done)).toEqual({ 'a.txt': outcome, 'b.txt': 'ours back' });
    expect(played.readAll()).toEqual({ 'a.txt': text, 'b.txt': 'b\n' });
    await undo(played, { of: done.undo ?? '' });
    expect(played.readAll()).toEqual({ 'a.txt': apart, 'b.txt': 'bb\n' });
  });

  test('the same line, written again, cannot be merged', async () => {
    const hand = nine.replace('2\n', 'mine\n');
    const played = await playWithHand(hand);
    const done = await undo(played, { of: played.turn, choices: { merge: ['.'] } });
    expect(done.ready).toBe(false);
    expect(told(done)).toMatchObject({ 'a.txt': 'foreign asks' });
    expect(played.readAll()).toEqual({ 'a.txt': hand, 'b.txt': 'bb\n' });
  });

  test('one file is excepted from its folder, and one path cannot be chosen for both', async () => {
    const played = await playWithHand(apart);
    const choices = { overwrite: ['.'], keep: ['a.txt'] };
    const done = await undo(played, { of: played.turn, choices });
    expect(told(done)).toEqual({ 'a.txt': 'foreign kept', 'b.txt': 'ours back' });
    const wrong = undo(played, { of: played.turn, choices: { keep: ['x'], merge: ['x'] } });
    await expect(wrong).rejects.toMatchObject({ code: 'invalid-params' });
  });

  test('another file, written by hand after the turn, is none of its business', async () => {
    const played = await playAt({ files: { 'a.txt': 'a\n' } });
    const { turn } = await played.play('s1', { 'a.txt': 'b\n' });
    played.write({ 'mine.txt': 'mine\n' });
    const done = await undo(played, { of: turn });
    expect(told(done)).toEqual({ 'a.txt': 'ours back' });
    expect(played.readAll()).toEqual({ 'a.txt': 'a\n', 'mine.txt': 'mine\n' });
  });

  test('an edit by hand between two steps of the turn, on the same file, stays', async () => {
    const played = await playAt({ files: { 'a.txt': nine } });
    const turn = await played.start('s1');
    await turn.step({ 'a.txt': nine.replace('2\n', 'two\n') });
    // Seen by a checkpoint that belongs to nobody: a person asked for it.
    played.write({ 'a.txt': nine.replace('2\n', 'two\n').replace('8\n', 'mine\n') });
    await ask(played.context, 'checkpoint/take', {});
    await turn.step({
      'a.txt': nine.replace('2\n', 'two\n').replace('8\n', 'mine\n').replace('5\n', 'five\n'),
    });
    await turn.end();
    const asked = await undo(played, { of: turn.turn });
    expect(told(asked)).toEqual({ 'a.txt': 'foreign asks' });
    const done = await undo(played, { of: turn.turn, choices: { merge: ['a.txt'] } });
    expect(told(done)).toEqual({ 'a.txt': 'foreign merged' });
    expect(played.read('a.txt')).toBe(nine.replace('8\n', 'mine\n'));
  });

  test('an edit by hand that a look before the write has seen stays as well', async () => {
    const played = await playAt({ files: { 'a.txt': 'a\n' } });
    const turn = await played.start('s1');
    await turn.step({ 'other.txt': 'x\n' });
    played.write({ 'a.txt': 'mine\na\n' });
    const keeper = await played.context.keeper();
    const marks = { reason: 'write', session: 's1', turn: turn.turn };
    await keeper.take({ id: played.id(), at: Date.now(), marks, paths: ['a.txt'] });
    await turn.step({ 'a.txt': 'mine\na\nagent\n' });
    await turn.end();
    const done = await undo(played, { of: turn.turn });
    expect(told(done)).toEqual({ 'a.txt': 'ours back', 'other.txt': 'ours back' });
    expect(played.readAll()).toEqual({ 'a.txt': 'mine\na\n' });
  });

  test('an edit by hand between two turns goes with neither', async () => {
    const played = await playAt({ files: { 'a.txt': nine } });
    const first = await played.play('s1', { 'a.txt': nine.replace('2\n', 'two\n') });
    const hand = nine.replace('2\n', 'two\n').replace('8\n', 'mine\n');
    played.write({ 'a.txt': hand });
    const second = await played.play('s1', { 'a.txt': hand.replace('5\n', 'five\n') });
    await undo(played, { of: second.turn });
    expect(played.read('a.txt')).toBe(hand);
    await undo(played, { of: first.turn, choices: { merge: ['.'] } });
    expect(played.read('a.txt')).toBe(nine.replace('8\n', 'mine\n'));
  });

  test('a change that nobody said to have done stays, until it is chosen', async () => {
    const played = await playAt({ files: { 'a.txt': 'a\n', 'mine.txt': 'm\n' } });
    const turn = await played.start('s1');
    played.write({ 'mine.txt': 'meanwhile\n' });
    await turn.step({ 'a.txt': 'b\n' });
    await turn.end();
    const done = await undo(played, { of: turn.turn });
    expect(told(done)).toEqual({ 'a.txt': 'ours back', 'mine.txt': 'unclaimed kept' });
    expect(played.readAll()).toEqual({ 'a.txt': 'a\n', 'mine.txt': 'meanwhile\n' });
    await undo(played, { of: turn.turn, choices: { overwrite: ['mine.txt'] } });
    expect(played.read('mine.txt')).toBe('m\n');
  });
});

describe('two sessions in one tree', () => {
  test('of files of their own, each goes back alone', async () => {
    const played = await playAt({ files: { 'a.txt': 'a\n', 'b.txt': 'b\n' } });
    const [one, two] = [await played.start('s1'), await played.start('s2')];
    await one.step({ 'a.txt': 'a1\n' });
    await two.step({ 'b.txt': 'b2\n', 'new.txt': 'n\n' });
    await one.step({ 'a.txt': 'a11\n' });
    await one.end();
    await two.end();
    await undo(played, { of: two.turn });
    expect(played.readAll()).toEqual({ 'a.txt': 'a11\n', 'b.txt': 'b\n' });
    await undo(played, { of: 's1' });
    expect(played.readAll()).toEqual({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
  });

  test('in the same file, the lines of the other stay', async () => {
    const nine = lines(1, 2, 3, 4, 5, 6, 7, 8, 9);
    const played = await playAt({ files: { f: nine } });
    const [one, two] = [await played.start('s1'), await played.start('s2')];
    await one.step({ f: nine.replace('2\n', 'one\n') });
    await two.step({ f: nine.replace('2\n', 'one\n').replace('8\n', 'two\n') });
    await one.end();
    await two.end();
    const asked = await undo(played, { of: one.turn });
    expect(told(asked)).toEqual({ f: 'foreign asks' });
    await undo(played, { of: one.turn, choices: { merge: ['.'] } });
    expect(played.read('f')).toBe(nine.replace('8\n', 'two\n'));
    await undo(played, { of: two.turn, choices: { merge: ['.'] } });
    expect(played.read('f')).toBe(nine);
  });

  test('what two commands may have done at the same time is asked for', async () => {
    const played = await playAt({ files: { 'a.txt': 'a\n' } });
    const [one, two] = [await played.start('s1'), await played.start('s2')];
    const first = one.begin({ 'a.txt': 'changed\n' }, { paths: [], reach: 'anything' });
    const second = two.begin({}, { reach: 'anything' });
    await one.close(first);
    await two.close(second);
    await one.end();
    await two.end();
    const asked = await undo(played, { of: one.turn });
    expect(asked.paths).toMatchObject([
      { path: 'a.txt', kind: 'contested', outcome: 'asks', evidence: 'contested' },
    ]);
    expect(played.read('a.txt')).toBe('changed\n');
    await undo(played, { of: one.turn, choices: { overwrite: ['a.txt'] } });
    expect(played.read('a.txt')).toBe('a\n');
  });

  test('what one named is not the other\u2019s, though that ran a command meanwhile', async () => {
    const played = await playAt({ files: { 'a.txt': 'a\n', 'b.txt': 'b\n' } });
    const [one, two] = [await played.start('s1'), await played.start('s2')];
    const command = two.begin({ 'b.txt': 'bb\n' }, { paths: [], reach: 'anything' });
    await one.step({ 'a.txt': 'aa\n' });
    await two.close(command);
    await one.end();
    await two.end();
    const done = await undo(played, { of: two.turn });
    expect(told(done)).toEqual({ 'b.txt': 'ours back' });
    expect(played.readAll()).toEqual({ 'a.txt': 'aa\n', 'b.txt': 'b\n' });
    await undo(played, { of: one.turn });
    expect(played.readAll()).toEqual({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
  });
});

describe('what files can be', () => {
  test('a command goes back with all that it did, though it named nothing', async () => {
    const played = await playAt({ files: { 'a.txt': 'a\n', 'b.txt': 'b\n' } });
    const before = played.readAll();
    const files = { 'a.txt': 'A\n', 'b.txt': undefined, 'out/c.txt': 'c\n' };
    const { turn } = await played.play('s1', files, { paths: [], reach: 'anything' });
    const done = await undo(played, { of: turn });
    expect(done.paths.map(({ evidence }) => evidence)).toEqual(['during', 'during', 'during']);
    expect(played.readAll()).toEqual(before);
  });

  test('a move that names only where it went goes back from both ends', async () => {
    const played = await playAt({ files: { 'old.txt': 'text\n' } });
    const files = { 'old.txt': undefined, 'new.txt': 'text\n' };
    const told = { paths: ['new.txt'], reach: 'removals' } as const;
    const { turn } = await played.play('s1', files, told);
    await undo(played, { of: turn });
    expect(played.readAll()).toEqual({ 'old.txt': 'text\n' });
  });

  test('an ignored file that the agent named goes back; others of them are not seen', async () => {
    const files = { '.gitignore': '.env\nbuild/\n', '.env': 'A=1\n', 'build/x': 'x\n' };
    const played = await playAt({ git: true, files });
    const turn = await played.start('s1');
    // As before an announced write: the file is taken by its name.
    const keeper = await played.context.keeper();
    await keeper.take({
      id: played.id(),
      at: Date.now(),
      marks: { reason: 'write', session: 's1', turn: turn.turn },
      paths: ['.env'],
    });
    const step = turn.begin({ '.env': 'A=2\n', 'build/x': 'y\n' }, { paths: ['.env'] });
    await turn.close(step, { paths: ['.env'] });
    await turn.end();
    const done = await undo(played, { of: turn.turn });
    expect(told(done)).toEqual({ '.env': 'ours back' });
    expect(played.read('.env')).toBe('A=1\n');
    expect(played.read('build/x')).toBe('y\n');
  });

  test('an ignored file that was first seen when it was written already is not taken away', async () => {
    const files = { '.gitignore': '.env\n', '.env': 'A=1\n' };
    const played = await playAt({ git: true, files });
    const turn = await played.start('s1');
    const step = turn.begin({ '.env': 'A=2\n' }, { paths: ['.env'] });
    await turn.close(step, { paths: ['.env'] });
    await turn.end();
    const done = await undo(played, { of: turn.turn });
    expect(done).toMatchObject({ ready: false });
    expect(told(done)).toEqual({ '.env': 'unknown asks' });
    expect(played.read('.env')).toBe('A=2\n');
  });

  test('the right to run and links go back as they were', async () => {
    const files = {
      'run.sh': { run: 'echo\n' },
      plain: 'echo\n',
      link: { link: 'plain' },
      file: 'text\n',
    };
    const played = await playAt({ files });
    const before = played.readAll();
    const { turn } = await played.play('s1', {
      plain: { run: 'echo\n' },
      link: { link: 'run.sh' },
      file: { link: 'plain' },
      'run.sh': undefined,
    });
    expect(played.readAll()).not.toEqual(before);
    await undo(played, { of: turn });
    expect(played.readAll()).toEqual(before);
  });

  test('a file that became a folder, and a folder that became a file', async () => {
    const played = await playAt({ files: { thing: 'file\n', 'pack/a': 'a\n', 'pack/b': 'b\n' } });
    const before = played.readAll();
    const turn = await played.start('s1');
    played.write({ thing: undefined, pack: undefined });
    await turn.step({ 'thing/inner': 'x\n', pack: 'now a file\n' }, { reach: 'anything' });
    await turn.end();
    await undo(played, { of: turn.turn });
    expect(played.readAll()).toEqual(before);
  });

  test('folders that become empty go, but not one that was there before', async () => {
    const played = await playAt({ files: { 'keep/me': '1\n' } });
    const before = played.readAll();
    const turn = await played.start('s1');
    await turn.step({ 'keep/new/x': 'x\n', 'made/deep/y': 'y\n', 'made/z': 'z\n' });
    await turn.end();
    await undo(played, { of: turn.turn });
    expect(played.readAll()).toEqual(before);
    expect(played.read('keep')).toBe('me');
  });

  test('a folder of the agent in which somebody else put a file stays, with the file', async () => {
    const played = await playAt({ files: { a: 'a\n' } });
    const { turn } = await played.play('s1', { 'made/x': 'x\n', 'made/too/y': 'y\n' });
    played.write({ 'made/mine': 'mine\n' });
    const done = await undo(played, { of: turn });
    expect(done).toMatchObject({ ready: true, skipped: [] });
    expect(played.readAll()).toEqual({ a: 'a\n', 'made/mine': 'mine\n' });
  });

  test('bytes that are no text go back too', async () => {
    const played = await playAt();
    const bytes = Buffer.from([0, 255, 10, 13, 0, 128]);
    writeFileSync(join(played.root, 'b.bin'), bytes);
    const { turn } = await played.play('s1', { 'b.bin': 'text now\n' });
    await undo(played, { of: turn });
    expect(played.read('b.bin')).toBe(bytes.toString('latin1'));
  });
});

test('nothing to undo is told, and does nothing', async () => {
  const played = await playAt({ files: { 'a.txt': 'a\n' } });
  const { turn } = await played.play('s1', { 'a.txt': 'b\n' });
  played.write({ 'a.txt': 'a\n' });
  const done = await undo(played, { of: turn });
  expect(told(done)).toEqual({ 'a.txt': 'identical none' });
  expect(done).toMatchObject({ ready: true });
  expect(done.undo).toBeUndefined();
});

test('what was undone is in the journal', async () => {
  const played = await playAt({ files: { 'a.txt': 'a\n', 'b.txt': 'b\n' } });
  const { turn } = await played.play('s1', { 'a.txt': 'aa\n', 'b.txt': 'bb\n' });
  played.write({ 'b.txt': 'hand\n' });
  const done = await undo(played, { of: turn, choices: { keep: ['b.txt'] } });
  expect(await played.readJournal()).toContainEqual({
    type: 'files-restored',
    undo: done.undo,
    of: { kind: 'turn', id: turn },
    safety: done.safety,
    written: ['a.txt'],
    removed: [],
    kept: ['b.txt'],
    skipped: [],
  });
});

test('who may not write there is told before anything changes', async (context) => {
  if (process.getuid?.() === 0) context.skip('root may write everywhere');
  const played = await playAt({ files: { 'a.txt': 'a\n', 'locked/b.txt': 'b\n' } });
  const { turn } = await played.play('s1', { 'a.txt': 'aa\n', 'locked/b.txt': 'bb\n' });
  const before = played.readAll();
  chmodSync(join(played.root, 'locked'), 0o555);
  const refused = undo(played, { of: turn });
  await expect(refused).rejects.toMatchObject({ code: 'restore-refused' });
  chmodSync(join(played.root, 'locked'), 0o755);
  expect(played.readAll()).toEqual(before);
});

test('empty folders that took the place of a link or a file come back when that is undone', async () => {
  const files = { 'a.txt': 'a\n', link: { link: 'a.txt' }, file: 'f\n' };
  const played = await playAt({ files });
  const before = played.readAll();
  await played.play(
    's1',
    {},
    {
      paths: ['link', 'file'],
      run: (root) => {
        for (const name of ['link', 'file']) {
          rmSync(join(root, name));
          mkdirSync(join(root, name));
        }
      },
    },
  );
  const after = played.readAll();
  await undo(played);
  expect(played.readAll()).toEqual(before);
  await undo(played, { of: '@undo' });
  expect(played.readAll()).toEqual(after);
});

test('a turn that no checkpoint followed is not said to have changed nothing', async () => {
  const played = await playAt({ files: { 'a.txt': 'a\n' } });
  const turn = await played.start('s1');
  played.write({ 'a.txt': 'by the agent\n' });
  for (const of of [turn.turn, 's1'])
    await expect(undo(played, { of })).rejects.toMatchObject({
      code: 'restore-refused',
      message: expect.stringContaining('there is no checkpoint since'),
      data: { before: turn.before.id },
    });
  expect(played.read('a.txt')).toBe('by the agent\n');
  await turn.end();
  // Nobody said to have written it; but that is known by now.
  expect(told(await undo(played, { of: turn.turn }))).toEqual({});
});

test('links that lead out come back when that is asked for, so that an undo can be undone', async () => {
  const played = await playAt({ files: { 'a.txt': 'a\n', out: { link: '/etc/hostname' } } });
  await played.play('s1', { out: undefined, up: { link: '../..' } });
  const after = played.readAll();
  await expect(undo(played)).rejects.toMatchObject({
    code: 'restore-refused',
    message: expect.stringContaining('out: is a link out of the workspace'),
    hint: expect.stringContaining('--outside-links'),
  });
  expect(played.readAll()).toEqual(after);
  await undo(played, { outsideLinks: true });
  expect(played.readAll()).toEqual({ 'a.txt': 'a\n', out: '-> /etc/hostname' });
  await undo(played, { of: '@undo', outsideLinks: true });
  expect(played.readAll()).toEqual(after);
});

describe('others wrote in the same file between the same two checkpoints', () => {
  const numbers = Array.from({ length: 30 }, (_, at) => at + 1);
  const text = (changed: Record<number, string>) =>
    lines(...numbers.map((it) => changed[it] ?? it));
  const claim = (before: string, after: string) => ({ path: 'f', before, after });

  test.each([
    ['a part of the file', claim('5\n6\n', 'FIVE\n6\n')],
    ['the whole of it', { ...claim(text({}), text({ 5: 'FIVE' })), whole: true as const }],
  ])('an agent that told %s takes only its own back, and not without asking', async (_, told) => {
    const played = await playAt({ files: { f: text({}) } });
    const shared = text({ 5: 'FIVE', 20: 'by hand' });
    const { turn } = await played.play('s1', { f: shared }, { paths: ['f'], claims: [told] });
    const asked = await undo(played, { of: turn });
    expect(asked).toMatchObject({ ready: false, paths: [{ path: 'f', lost: ['by hand\n'] }] });
    expect(played.read('f')).toBe(shared);
    await undo(played, { of: turn, choices: { merge: ['f'] } });
    expect(played.read('f')).toBe(text({ 20: 'by hand' }));
    const again = await undo(played, { of: '@undo' });
    expect(played.read('f')).toBe(shared);
    await undo(played, { of: again.undo ?? '' });
    played.write({ f: shared });
    await undo(played, { of: turn, choices: { overwrite: ['f'] } });
    expect(played.read('f')).toBe(text({}));
  });

  test('what a hand wrote after it, before anybody looked, is not taken for the agent’s', async () => {
    const played = await playAt({ files: { f: text({}) } });
    const turn = await played.start('s1');
    const step = turn.begin({ f: text({ 5: 'FIVE' }) }, { claims: [claim('5\n', 'FIVE\n')] });
    const other = await played.start('s2');
    played.write({ f: text({ 5: 'FIVE', 20: 'by hand' }) });
    await turn.close(step);
    await turn.end();
    await other.end();
    expect(told(await undo(played, { of: turn.turn }))).toEqual({ f: 'foreign asks' });
    await undo(played, { of: turn.turn, choices: { merge: ['.'] } });
    expect(played.read('f')).toBe(text({ 20: 'by hand' }));
  });

  test('of two agents at once each takes its own', async () => {
    const played = await playAt({ files: { f: text({}) } });
    const [one, two] = [await played.start('s1'), await played.start('s2')];
    const first = one.begin({ f: text({ 5: 'ONE' }) }, { claims: [claim('4\n5\n', '4\nONE\n')] });
    const second = two.begin(
      { f: text({ 5: 'ONE', 20: 'TWO' }) },
      { claims: [claim('20\n', 'TWO\n')] },
    );
    await one.close(first);
    await two.close(second);
    await one.end();
    await two.end();
    await undo(played, { of: one.turn, choices: { merge: ['f'] } });
    expect(played.read('f')).toBe(text({ 20: 'TWO' }));
    await undo(played, { of: two.turn, choices: { merge: ['f'] } });
    expect(played.read('f')).toBe(text({}));
  });

  test('claims that account for everything ask nothing', async () => {
    const played = await playAt({ files: { f: text({}) } });
    const changed = text({ 5: 'FIVE', 9: 'NINE' });
    const claims = [claim('5\n', 'FIVE\n'), claim('9\n10\n', 'NINE\n10\n')];
    const { turn } = await played.play('s1', { f: changed }, { claims });
    expect(told(await undo(played, { of: turn }))).toEqual({ f: 'ours back' });
    expect(played.read('f')).toBe(text({}));
  });
});
