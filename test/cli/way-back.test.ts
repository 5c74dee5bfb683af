/** The commands of the way back: checkpoint, checkpoints, undo, restore and status, for people and for programs. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { openProgress } from '../../src/cli/progress.ts';
import { compileSchema } from '../../src/methods/validate.ts';
import { listJournals } from '../../src/store/journal-names.ts';
import { readJournalFile } from '../../src/store/journal-reader.ts';
import { type Played, playAt } from '../methods/checkpointed.ts';
import { ask } from '../methods/recorded.ts';
import { makeFolder } from '../scratch.ts';
import { type Ran, runHere } from './fake-io.ts';

const main = resolve(import.meta.dirname, '../../dist/main.js');
const short = (id: string) => id.slice(-6).toLowerCase();

/** Commands are processes of their own: they ask whoever leads the workspace, here the test. */
function openShell(played: Played) {
  const at = Date.now();
  const shell = (argv: readonly string[], world: object = {}): Promise<Ran> =>
    runHere(argv, { cwd: played.root, env: played.env, now: () => at, untilInterrupted, ...world });
  const untilInterrupted = () => new Promise<never>(() => undefined);
  /** With ids named by what they are, in the order of their making. */
  async function tidy(text: string): Promise<string> {
    const { checkpoints } = await ask(played.context, 'checkpoint/list', { limit: 1000 });
    let told = text.replaceAll(played.root, '/w').replaceAll(played.folder, '/f');
    const cards = checkpoints.toReversed();
    const name = (ids: readonly (string | undefined)[], called: string) => {
      const all = [...new Set(ids.filter((it) => it !== undefined))];
      all.forEach((id, place) => {
        told = told.replaceAll(short(id), `${called}${place + 1}`.padEnd(6, '_'));
      });
    };
    name(
      cards.map(({ turn }) => turn),
      'turn',
    );
    name(
      cards.map(({ step }) => step),
      'step',
    );
    name(
      cards.map(({ undo }) => undo),
      'undo',
    );
    name(
      cards.map(({ id }) => id),
      'ckpt',
    );
    return told.replace(/\d+(\.\d)? (ms|KB|B)\b/g, '# $2');
  }
  return { shell, tidy };
}

const nine = '1\n2\n3\n4\n5\n6\n7\n8\n9\n';

async function playTurn(hand?: string) {
  const played = await playAt({ files: { 'src/a.txt': nine, 'b.txt': 'b\n' } });
  const { turn } = await played.play('session-one', {
    'src/a.txt': nine.replace('2\n', 'two\n'),
    'b.txt': undefined,
    'new/c.txt': 'c\n',
  });
  if (hand !== undefined) played.write({ 'src/a.txt': hand });
  return { played, turn, ...openShell(played) };
}
const byHand = nine.replace('2\n', 'two\n').replace('8\n', 'mine\n');

describe('clew undo', () => {
  test('tells what happens to each path, what came of it, and how to take it back', async () => {
    const { played, turn, shell, tidy } = await playTurn();
    const trial = await shell(['undo', '--dry-run']);
    expect(trial).toMatchObject({ exit: 0, err: '' });
    expect(await tidy(trial.out)).toMatchInlineSnapshot(`
      "undo of turn turn1_
        bring back  b.txt      it named this path
        remove      new/c.txt  it named this path
        write back  src/a.txt  it named this path

      nothing was changed: this is what would happen
      "
    `);
    expect(played.read('new')).toBe('c.txt');
    const done = await shell(['undo', short(turn)]);
    expect(done).toMatchObject({ exit: 0, err: '' });
    expect(await tidy(done.out)).toMatchInlineSnapshot(`
      "undo of turn turn1_
        bring back  b.txt      it named this path
        remove      new/c.txt  it named this path
        write back  src/a.txt  it named this path

      done: 2 paths written, 2 paths removed
      only files went back: the agent still remembers what it did
      to take this back: clew undo undo1_
      "
    `);
    expect(played.readAll()).toEqual({ 'src/a.txt': nine, 'b.txt': 'b\n' });
    const [, command = ''] = /take this back: clew (.*)/.exec(done.out) ?? [];
    expect(await shell(command.split(' '))).toMatchObject({ exit: 0 });
    expect(played.read('new/c.txt')).toBe('c\n');
  });

  test('asks with 8 what is to become of the work of others, and does as it is told', async () => {
    const { played, turn, shell, tidy } = await playTurn(byHand);
    const before = played.readAll();
    const asked = await shell(['undo', turn]);
    expect(asked).toMatchObject({ exit: 8, err: '' });
    expect(await tidy(asked.out.replaceAll(turn, '<turn>'))).toMatchInlineSnapshot(`
      "undo of turn turn1_
        bring back  b.txt      it named this path
        remove      new/c.txt  it named this path
        asks        src/a.txt  changed after what is to be undone
            going back would lose:
            - mine

      nothing was changed: 1 path asks what is to become of it
        clew undo <turn> --keep src/a.txt       leave it as it is now
        clew undo <turn> --overwrite src/a.txt  go back anyway, and lose what was written since
        clew undo <turn> --merge src/a.txt      take only its own lines back out
      "
    `);
    expect(played.readAll()).toEqual(before);
    const last = await shell(['undo']);
    expect(last.out).toContain(`clew undo ${short(turn)} --keep src/a.txt`);
    // Paths are meant from where one is.
    const cwd = join(played.root, 'src');
    const there = await shell(['undo', turn], { cwd });
    expect(there.out).toContain(`clew undo ${turn} --merge a.txt`);
    const done = await shell(['undo', turn, '--merge', 'a.txt'], { cwd });
    expect(done.exit).toBe(0);
    expect(await tidy(done.out)).toMatchInlineSnapshot(`
      "undo of turn turn1_
        bring back  b.txt      it named this path
        remove      new/c.txt  it named this path
        merge       src/a.txt  the lines of others stay

      done: 2 paths written, 2 paths removed
      only files went back: the agent still remembers what it did
      to take this back: clew undo undo1_
      "
    `);
    expect(played.read('src/a.txt')).toBe(nine.replace('8\n', 'mine\n'));
  });

  test('takes several paths, hunks and choices', async () => {
    const { played, turn, shell } = await playTurn(byHand);
    const argv = ['undo', turn, '--path', 'src', '--path', 'b.txt', '--keep', 'src/a.txt'];
    expect(await shell([...argv, '--overwrite', '.'])).toMatchObject({ exit: 0 });
    expect(played.readAll()).toEqual({ 'src/a.txt': byHand, 'b.txt': 'b\n', 'new/c.txt': 'c\n' });
    // What to type next says again what was asked for: else all of the turn would go.
    const asked = await shell(['undo', turn, '--path=src/a.txt', '--hunk', '1', '--keep', 'b.txt']);
    expect(asked).toMatchObject({ exit: 8 });
    expect(asked.out).toContain(
      `clew undo ${turn} --path src/a.txt --hunk 1 --keep b.txt --merge src/a.txt`,
    );
    expect(asked.out).toContain('hunks are numbered as it left the file');
    const hunk = ['undo', turn, '--path=src/a.txt', '--hunk', '1', '--merge', 'src/a.txt'];
    expect(await shell(hunk)).toMatchObject({ exit: 0 });
    expect(played.read('src/a.txt')).toBe(nine.replace('8\n', 'mine\n'));
  });

  test('of a merge that cannot be, what is to be typed next takes its place', async () => {
    const over = nine.replace('2\n', 'mine\n');
    const { played, turn, shell } = await playTurn(over);
    for (const named of ['src/a.txt', './src/../src/a.txt', 'src', '.']) {
      const tried = await shell(['undo', turn, '--merge', named, '--keep', 'b.txt']);
      expect(tried).toMatchObject({ exit: 8 });
      expect(tried.out).toContain('the same lines were changed again');
      const [next, ...more] =
        tried.out.match(/clew undo .*--(keep|overwrite|merge) src\/a\.txt/g) ?? [];
      expect(more).toEqual([next?.replace(/keep src\/a\.txt$/, 'overwrite src/a.txt')]);
      const isFolder = !named.endsWith('a.txt');
      const merge = isFolder ? ` --merge ${named}` : '';
      expect(next).toBe(`clew undo ${turn} --keep b.txt${merge} --keep src/a.txt`);
    }
    expect(played.read('src/a.txt')).toBe(over);
    const done = await shell(['undo', turn, '--merge', 'src', '--overwrite', 'src/a.txt']);
    expect(done).toMatchObject({ exit: 0 });
    expect(played.read('src/a.txt')).toBe(nine);
  });

  test('in colour on a terminal, cut to its width, and safe whatever a path is called', async () => {
    const played = await playAt({ files: { a: 'a\n' } });
    const { shell } = openShell(played);
    const long = `${'long-'.repeat(20)}name`;
    await played.play('s1', { a: 'A\n', [long]: 'x\n', 'evil\x1b[2J\u202e': 'x\n' });
    const plain = await shell(['undo', '--dry-run']);
    expect(plain.out).not.toContain('\x1b');
    expect(plain.out).toContain(long);
    expect(plain.out).toContain('evil\\x1b[2J\\u{202e}');
    const { out } = await shell(['undo', '--dry-run'], { usesColor: true, columns: 60 });
    expect(out).toContain('\x1b[32mwrite back\x1b[0m');
    expect(out).not.toContain('\x1b[2J');
    expect(out).not.toContain(long);
  });

  test('--json is the answer, with the same exit codes', async () => {
    const { played, turn, shell } = await playTurn(byHand);
    const check = await compileSchema('rpc/undo/apply', 'result');
    const asked = await shell(['undo', turn, '--json']);
    expect(asked.exit).toBe(8);
    expect(check(JSON.parse(asked.out)), JSON.stringify(check.errors)).toBe(true);
    const trial = await shell(['undo', turn, '--merge', '.', '--json', '--dry-run']);
    expect(trial.exit).toBe(0);
    expect(played.read('src/a.txt')).toBe(byHand);
    const done = await shell(['undo', turn, '--merge', '.', '--json']);
    expect(check(JSON.parse(done.out)), JSON.stringify(check.errors)).toBe(true);
    expect(JSON.parse(done.out).paths).toEqual(JSON.parse(trial.out).paths);
    expect(played.read('src/a.txt')).toBe(nine.replace('8\n', 'mine\n'));
  });

  test('every path that stands in the way is told', async () => {
    const played = await playAt({ files: { '.gitignore': 'i\n', 'a/x': 'x\n', 'b/y': 'y\n' } });
    const { shell } = openShell(played);
    const files = { a: undefined, b: undefined };
    const { turn } = await played.play('s1', files, { paths: ['a', 'b'] });
    played.write({ 'away/x': '' });
    played.write({ a: { link: 'away' }, b: { link: 'away' } });
    const { exit, out, err } = await shell(['undo', turn]);
    expect({ exit, out }).toEqual({ exit: 8, out: '' });
    expect(err).toMatch(/and 1 more\)\n {2}a\/x: .*\n {2}b\/y: .*\nhint: nothing was changed/);
  });
});

describe('clew checkpoint and clew checkpoints', () => {
  test('takes, lists, pins and forgets', async () => {
    const { played, shell, tidy } = await playTurn();
    const taken = await shell(['checkpoint', '-m', 'before\nthe release', '--pin']);
    expect(taken).toMatchObject({ exit: 0, err: '' });
    expect(await tidy(taken.out)).toMatch(
      /^checkpoint ckpt4_ {2}before ⏎ the release · pinned · \d paths? read · (# ms|\d.* s)\n$/,
    );
    const listed = await shell(['checkpoints', '-n', '3']);
    expect(await tidy(listed.out)).toMatchInlineSnapshot(`
      "ckpt4_  just now  asked for                  pinned · before ⏎ the release
      ckpt3_  just now  after a turn  turn turn1_
      ckpt2_  just now  after a step  step step1_

      There are older ones: raise -n.
      "
    `);
    const all = JSON.parse((await shell(['checkpoints', '--json'])).out);
    const { id } = all.checkpoints[0];
    expect((await shell(['checkpoints', 'unpin', short(id)])).out).toMatch(/is not pinned\n$/);
    expect((await shell(['checkpoints', 'pin', id])).out).toMatch(/is pinned: /);
    const trial = await shell(['checkpoints', 'prune', '--keep-last', '1', '--dry-run']);
    expect(await tidy(trial.out)).toMatchInlineSnapshot(`
      "3 checkpoints would go; all of them take # KB
        ckpt1_
        ckpt2_
        ckpt3_
      "
    `);
    // A limit alone forgets none of the newest 200, and says so.
    for (const [more, told] of [
      [['--dry-run'], /^nothing would go by number and age; .*\nthen the oldest, .* in 1\.0 KB\n$/],
      [[], /^nothing to forget; .*\nstill more than 1\.0 KB: .*--keep-last/],
    ] as const)
      expect((await shell(['checkpoints', 'prune', '--limit', '1K', ...more])).out).toMatch(told);
    const pruned = await shell(['checkpoints', 'prune', '--keep-last', '1']);
    expect(await tidy(pruned.out)).toMatch(/^3 checkpoints forgotten; # KB became # K?B\n$/);
    expect((await shell(['checkpoints'])).out.trimEnd().split('\n')).toHaveLength(1);
    expect((await shell(['checkpoints', '--session', 'session-one'])).exit).toBe(5);
    expect(played.read('new/c.txt')).toBe('c\n');
  });

  test('--json is the answer', async () => {
    const { shell } = await playTurn();
    const asked: [string[], string][] = [
      [['checkpoint', '-m', 'x'], 'checkpoint/take'],
      [['checkpoint', '--', 'b.txt', 'src'], 'checkpoint/take'],
      [['checkpoints'], 'checkpoint/list'],
      [['checkpoints', '--session', 'session-one', '--number=2'], 'checkpoint/list'],
      [['checkpoints', 'pin', '@last'], 'checkpoint/pin'],
      [['restore', '@turn', '--dry-run'], 'checkpoint/plan'],
      [['restore', '@turn', '--', 'src'], 'checkpoint/restore'],
      [['checkpoints', 'prune', '--older-than', '1', '--limit', '1G'], 'checkpoint/prune'],
      [['status'], 'workspace/status'],
    ];
    for (const [argv, method] of asked) {
      const { exit, out, err } = await shell([argv[0] ?? '', '--json', ...argv.slice(1)]);
      expect({ argv, exit, err }).toEqual({ argv, exit: 0, err: '' });
      const check = await compileSchema(`rpc/${method}`, 'result');
      expect(check(JSON.parse(out)), `${argv}: ${JSON.stringify(check.errors)}`).toBe(true);
    }
  });

  const refused: [string[], number, RegExp][] = [
    [['checkpoints', 'nonsense'], 2, /no checkpoints nonsense\nhint: there is prune/],
    [['checkpoints', 'list'], 2, /no checkpoints list/],
    [['checkpoints', 'pin'], 2, /pin needs an id/],
    [['checkpoints', 'pin', 'x', '--dry-run'], 2, /pin has no option --dry-run/],
    [['checkpoints', 'prune', 'x'], 2, /prune does not take x/],
    [['checkpoints', '--keep-last', '3'], 2, /the list has no option --keep-last/],
    [['checkpoints', '-n', 'many'], 2, /--number is no number/],
    [['checkpoints', '-n', '0'], 2, /--number is no number: 0/],
    [['checkpoints', 'prune', '--limit', 'much'], 2, /--limit is no size/],
    [
      ['checkpoints', 'prune', '--keep-last', '0'],
      2,
      /--keep-last is no number: 0\nhint: say how many/,
    ],
    [['checkpoints', 'prune', '--older-than', 'long'], 2, /no number of days/],
    [['undo', '--hunk', 'first'], 2, /--hunk is no number/],
    [['undo', '--keep'], 2, /--keep needs a value/],
    [['undo', '--merge', '../../x'], 2, /outside of the workspace/],
    [['undo', 'nobody'], 5, /is called nobody\nhint: /],
    [['undo', '@turn~7'], 5, /only 1\nhint: /],
    [['restore'], 2, /restore needs <checkpoint>/],
    [['restore', 'nobody'], 5, /is called nobody/],
    [['restore', '@last', '--', '../x'], 2, /outside of the workspace/],
    [['checkpoint', '--', '/etc/passwd'], 2, /outside of the workspace/],
  ];
  test('what makes no sense is refused, and changes nothing', async () => {
    const { played, shell } = await playTurn();
    const before = played.readAll();
    const check = await compileSchema('cli/failure-line');
    for (const [argv, code, said] of refused) {
      const { exit, out, err } = await shell(argv);
      expect({ argv, exit, out }).toEqual({ argv, exit: code, out: '' });
      expect(err).toMatch(said);
    }
    for (const [argv, code] of refused.slice(-4)) {
      const json = await shell([argv[0] ?? '', '--json', ...argv.slice(1)]);
      expect(json.exit).toBe(code);
      expect(check(JSON.parse(json.err))).toBe(true);
    }
    expect(played.readAll()).toEqual(before);
  });

  test.each([['undo'], ['checkpoints'], ['restore', '@last']])(
    '%s where nothing is recorded says what to do',
    async (...argv) => {
      const folder = makeFolder();
      const env = { CLEW_HOME: join(folder, 'state') };
      const { exit, out, err } = await runHere(argv, { cwd: folder, env });
      expect({ exit, out }).toEqual({ exit: 3, out: '' });
      expect(err).toMatch(/nothing is recorded of .*\nhint: start your agent through clew/);
    },
  );

  test('clew checkpoint needs nothing to be recorded before', async () => {
    const folder = makeFolder();
    const root = join(folder, 'fresh');
    mkdirSync(root);
    const io = { cwd: root, env: { CLEW_HOME: join(folder, 'state'), HOME: folder } };
    expect(await runHere(['checkpoint'], io)).toMatchObject({ exit: 0, err: '' });
    expect((await runHere(['checkpoints'], io)).out).toMatch(/asked for\n$/);
  });
});

describe('clew restore', () => {
  test('tells what happens, what came of it, and how to take it back', async () => {
    const { played, shell, tidy } = await playTurn();
    const after = played.readAll();
    const done = await shell(['restore', '@turn']);
    expect(done).toMatchObject({ exit: 0, err: '' });
    expect(await tidy(done.out)).toMatchInlineSnapshot(`
      "back to checkpoint ckpt1_
        bring back  b.txt
        remove      new/c.txt
        write back  src/a.txt
        remove      new

      done: 2 paths written, 2 paths removed
      only files went back: the agent still remembers what it did
      to take this back: clew undo undo1_
      "
    `);
    expect(played.readAll()).toEqual({ 'src/a.txt': nine, 'b.txt': 'b\n' });
    expect((await shell(['undo'])).exit).toBe(0);
    expect(played.readAll()).toEqual(after);
    // Interrupted: before anything is written it just ends, and then nothing is left half done.
    const world = { cwd: join(played.root, 'src'), untilInterrupted: async () => 'SIGINT' };
    const trial = await shell(['restore', '@turn', '--dry-run'], world);
    expect(trial).toMatchObject({ exit: 0, err: '' });
    const some = await shell(['restore', '@turn', '--', 'a.txt'], world);
    expect(some.exit).toBe(0);
    expect(some.err).toMatch(/^clew: files are being written, .*finished first\nhint: .*once more/);
    expect(played.readAll()).toEqual({ ...after, 'src/a.txt': nine });
    const again = await shell(['restore', '@turn', '--', 'src']);
    expect(again.out).toMatch(/nothing to do/);
  });
});

test('clew status tells of checkpoints', async () => {
  const { shell, tidy } = await playTurn();
  const { out } = await shell(['status']);
  expect((await tidy(out)).split('\n').find((it) => it.startsWith('checkpoints'))).toBe(
    'checkpoints  3, # KB, last taken just now',
  );
});

test('a restore that was killed half way is finished by the next command, told, and can be undone', () => {
  const folder = makeFolder();
  const root = join(folder, 'work');
  mkdirSync(root);
  const write = (text: string) => {
    for (const path of ['a', 'b', 'c']) writeFileSync(join(root, path), text);
  };
  const read = () => ['a', 'b', 'c'].map((path) => readFileSync(join(root, path), 'utf8'));
  const clew = (failpoint: string, ...argv: string[]) => {
    const env = { PATH: process.env.PATH, HOME: folder, CLEW_FAILPOINT: failpoint };
    const args = [main, ...argv];
    const options = { cwd: root, env, encoding: 'utf8' } as const;
    const { status, signal, stdout } = spawnSync(process.execPath, args, options);
    return { end: signal ?? status, out: stdout };
  };
  write('one');
  expect(clew('', 'checkpoint').end).toBe(0);
  write('two');
  expect(clew('restore-placed:crash@2', 'restore', '@last').end).toBe('SIGKILL');
  expect(read()).toEqual(['one', 'one', 'two']);
  expect(clew('', 'checkpoints').end).toBe(0);
  expect(read()).toEqual(['one', 'one', 'one']);
  const room = join(folder, '.local/state/clew/workspaces');
  const told = listJournals(join(room, readdirSync(room)[0] ?? '', 'journal'))
    .flatMap(({ path }) => [...readJournalFile(path)])
    .flatMap((it) => ('entry' in it ? [it.entry.event] : []))
    .filter(({ type }) => type === 'files-restored');
  expect(told).toMatchObject([{ written: ['a', 'b', 'c'], removed: [], rolledForward: true }]);
  expect(clew('', 'undo').out).toMatch(/^undo of undo .*\n(?:.|\n)*done: 3 paths written/);
  expect(read()).toEqual(['two', 'two', 'two']);
});

describe('what may not be written', () => {
  const nobody = 65_534;

  /** The real program; as nobody where we are root, who may do everything. */
  function openPlace() {
    const folder = makeFolder();
    const root = join(folder, 'work');
    const isRoot = process.getuid?.() === 0;
    mkdirSync(join(root, 'locked'), { recursive: true });
    const write = (text: string) => {
      for (const path of ['a', 'locked/b']) writeFileSync(join(root, path), text);
      if (isRoot) execFileSync('chown', ['-R', `${nobody}:${nobody}`, folder]);
    };
    const env = { PATH: process.env.PATH, HOME: folder, TMPDIR: folder };
    const who = isRoot ? { uid: nobody, gid: nobody } : {};
    const args = [main];
    const clew = (...argv: string[]) => {
      const options = { cwd: root, env, encoding: 'utf8', ...who } as const;
      const { status, stdout, stderr } = spawnSync(process.execPath, [...args, ...argv], options);
      return { exit: status, out: stdout, err: stderr };
    };
    const read = () => ['a', 'locked/b'].map((path) => readFileSync(join(root, path), 'utf8'));
    return { root, folder, write, clew, read };
  }

  test.skipIf(process.platform === 'win32')(
    'a folder of the workspace: nothing changes',
    (context) => {
      const { root, write, clew, read } = openPlace();
      write('one');
      if (clew('--version').exit !== 0) context.skip('only we may read the sources here');
      expect(clew('checkpoint')).toMatchObject({ exit: 0, err: '' });
      write('two');
      chmodSync(join(root, 'locked'), 0o555);
      const { exit, out, err } = clew('restore', '@last');
      chmodSync(join(root, 'locked'), 0o755);
      expect({ exit, out }).toEqual({ exit: 8, out: '' });
      expect(err).toMatch(/locked\/b: its folder cannot be written .*\nhint: nothing was changed/);
      expect(read()).toEqual(['two', 'two']);
      expect(clew('restore', '@last')).toMatchObject({ exit: 0, err: '' });
      expect(read()).toEqual(['one', 'one']);
    },
  );

  test.skipIf(process.platform === 'win32')(
    'the state: commands say so, and status goes on',
    (context) => {
      const { folder, write, clew } = openPlace();
      write('one');
      if (clew('--version').exit !== 0) context.skip('only we may read the sources here');
      clew('checkpoint');
      const room = join(folder, '.local/state/clew/workspaces');
      const store = join(room, readdirSync(room)[0] ?? '', 'store.git');
      chmodSync(store, 0);
      const taken = clew('checkpoint');
      const status = clew('status');
      chmodSync(store, 0o700);
      expect(taken).toMatchObject({ exit: 3, out: '' });
      expect(taken.err).toMatch(/^clew: .*EACCES.*\nhint: .*right to write/);
      expect(status).toMatchObject({ exit: 0, err: '' });
      expect(status.out).toMatch(/\ncheckpoints +0, unavailable, .*EACCES/);
      expect(clew('status').out).toMatch(/\ncheckpoints +1, /);
    },
  );
});

test('what takes long says so on a terminal, after a second, and leaves nothing behind', () => {
  vi.useFakeTimers();
  try {
    let err = '';
    const warn = (text: string) => {
      err += text;
    };
    const progress = openProgress({ showsProgress: true, warn, now: Date.now }, 'looking around');
    vi.advanceTimersByTime(900);
    expect(err).toBe('');
    vi.advanceTimersByTime(600);
    expect(err.startsWith('\r\x1b[K| looking around 1.')).toBe(true);
    progress.clear();
    expect(err.endsWith('\r\x1b[K')).toBe(true);
    const said = err;
    vi.advanceTimersByTime(5000);
    expect(err).toBe(said);
    const quiet = openProgress({ showsProgress: false, warn, now: Date.now }, 'looking around');
    vi.advanceTimersByTime(5000);
    quiet.tell('indexing');
    quiet.clear();
    expect(err).toBe(said);
  } finally {
    vi.useRealTimers();
  }
});
