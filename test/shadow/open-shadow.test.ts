/** Taking, listing, comparing and going back, on real folders; git is the judge of what was stored. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Shadow } from '../../src/shadow/open-shadow.ts';
import { fsck, git, mintOrder, openTestShadow, writeTreeByGit } from './open-test-shadow.ts';
import { goBack, placeForEach, workIn } from './place-for-each.ts';

const place = placeForEach();
const { at, write } = workIn(place);
/** Kernels stamp by a clock that ticks every few milliseconds. */
const ticks = () => wait(30);

describe('capture: what git would have stored is what we store', () => {
  const cases: Record<string, () => void> = {
    'nothing at all': () => {},
    'plain files': () => {
      write('a', 'one\n');
      write('b/c/d.txt', 'two');
      write('empty', '');
    },
    'exec bit, links, loops and links out': () => {
      write('run.sh', '#!/bin/sh\n');
      chmodSync(at('run.sh'), 0o755);
      symlinkSync('run.sh', at('link'));
      symlinkSync('loop', at('loop'));
      symlinkSync('/etc/passwd', at('absolute'));
      symlinkSync('../../outside', at('out'));
    },
    'names with newline, dash, spaces, 255 bytes': () => {
      write('new\nline', 'x');
      write('-rf', 'x');
      write(' lead and trail ', 'x');
      write('n'.repeat(255), 'x');
      write('"quoted"\t', 'x');
    },
    'names in two Unicode forms': () => {
      write('\u00e9', 'nfc');
      write('e\u0301', 'nfd');
      write('Case', 'a');
      write('case', 'b');
    },
    'names that are not UTF-8': () => {
      writeFileSync(
        Buffer.concat([Buffer.from(`${place.root}/`), Buffer.from([0xff, 0xfe, 0x41])]),
        'x',
      );
    },
    'names that sort differently as folders': () => {
      write('a-b', '1');
      write('a/x', '2');
      write('a.c', '3');
      write('ab', '4');
    },
    'CRLF and bytes that are no text': () => {
      write('.gitattributes', '* -text\n');
      write('crlf.txt', 'a\r\nb\r\n');
      write('bytes', Buffer.from([0, 255, 13, 10, 0]));
    },
  };
  for (const [name, make] of Object.entries(cases)) {
    it(name, () => {
      make();
      const shadow = openTestShadow(place);
      const taken = shadow.take(mintOrder());
      expect(taken.tree).toBe(writeTreeByGit(place));
      expect(fsck(place)).toBe('');
      shadow.close();
    });
  }
});

describe('what no tree can hold', () => {
  it('lists special files, and empty folders come back', () => {
    mkdirSync(at('void/deep'), { recursive: true });
    execFileSync('mkfifo', [at('pipe')]);
    const shadow = openTestShadow(place);
    const first = shadow.take(mintOrder());
    expect(first.uncaptured).toBe(0);
    rmSync(at('void'), { recursive: true });
    goBack(shadow, first.id);
    expect(statSync(at('void/deep')).isDirectory()).toBe(true);
    expect(lstatSync(at('pipe')).isFIFO()).toBe(true);
    shadow.close();
  });

  it('never enters a .git, and takes what a nested repository and a submodule hold', () => {
    write('inner/file', 'x');
    git(at('inner'), 'init', '-q');
    write('sub/.git', 'gitdir: ../elsewhere\n');
    write('sub/file', 'y');
    const shadow = openTestShadow(place);
    const taken = shadow.take(mintOrder());
    expect(shadow.versionAt(taken.id, 'inner/file')).toBeDefined();
    expect(shadow.versionAt(taken.id, 'sub/file')).toBeDefined();
    expect(shadow.versionAt(taken.id, 'sub/.git')).toBeUndefined();
    expect(shadow.versionAt(taken.id, 'inner/.git/HEAD')).toBeUndefined();
    shadow.close();
  });

  it('notes a file too large for the foreground, and captures it when there is time', () => {
    write('large', 'x'.repeat(5000));
    const shadow = openTestShadow(place, { limitBytes: 1000 });
    const taken = shadow.take(mintOrder());
    expect(taken).toMatchObject({ uncaptured: 1, degraded: 'still capturing' });
    expect(shadow.engine.capture(1000)).toBe(true);
    expect(shadow.versionAt(taken.id, 'large')).toBeDefined();
    shadow.close();
  });

  it('captures it for every checkpoint that is of the same look', () => {
    write('large', 'x'.repeat(5000));
    const shadow = openTestShadow(place, { limitBytes: 1000 });
    const { engine } = shadow;
    const ids = [engine.take(mintOrder()), engine.repeat(mintOrder()), engine.repeat(mintOrder())];
    engine.capture(1000);
    for (const { id } of ids) {
      expect(shadow.show(id).degraded).toBeUndefined();
      expect(shadow.versionsAt(id, ['large'])).toMatchObject([{ mode: '100644' }]);
    }
    expect(shadow.list().map(({ id }) => id)).toEqual(ids.map(({ id }) => id));
    expect(fsck(place)).toBe('');
    shadow.close();
  });

  it('captures it for an earlier checkpoint too, where nothing has changed in between', () => {
    write('large', 'x'.repeat(5000));
    const shadow = openTestShadow(place, { limitBytes: 1000 });
    const old = shadow.take(mintOrder());
    write('large', 'y'.repeat(6000));
    const ids = [shadow.take(mintOrder()), shadow.take(mintOrder())].map(({ id }) => id);
    shadow.engine.capture(1000);
    for (const id of ids)
      expect(shadow.versionsAt(id, ['large'])).toMatchObject([{ mode: '100644' }]);
    expect(shadow.versionsAt(old.id, ['large'])).toEqual(['unknown']);
    shadow.close();
  });

  it('keeps what it has captured of such a file when it is named again, and nothing has changed', () => {
    write('large', 'x'.repeat(5000));
    const shadow = openTestShadow(place, { limitBytes: 1000 });
    // Read long after it was written.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
    shadow.take(mintOrder());
    shadow.engine.capture(1000);
    expect(shadow.take(mintOrder({ paths: ['large'] })).uncaptured).toBe(0);
    write('large', 'y'.repeat(6000));
    expect(shadow.take(mintOrder({ paths: ['large'] })).uncaptured).toBe(1);
    vi.useRealTimers();
    shadow.close();
  });

  it('an earlier run left one uncaptured: nobody can say that it is the same, and it can be captured', () => {
    write('large', 'x'.repeat(5000));
    const first = openTestShadow(place, { limitBytes: 1000 });
    const taken = first.take(mintOrder());
    first.close();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
    const shadow = openTestShadow(place, { limitBytes: 1000 });
    const again = shadow.take(mintOrder({ unlessSame: true }));
    expect(again).not.toHaveProperty('same');
    expect(shadow.engine.capture(1000)).toBe(true);
    expect(shadow.versionsAt(again.id, ['large'])).toMatchObject([{ mode: '100644' }]);
    expect(shadow.versionsAt(taken.id, ['large'])).toEqual(['unknown']);
    expect(shadow.take(mintOrder({ unlessSame: true })).same).toBe(true);
    vi.useRealTimers();
    shadow.close();
  });

  it('keeps what gets no smaller as it is, and gives it back', () => {
    const dense = randomBytes(9 << 20);
    write('dense', dense);
    const shadow = openTestShadow(place);
    const taken = shadow.take(mintOrder());
    expect(taken.tree).toBe(writeTreeByGit(place));
    rmSync(at('dense'));
    goBack(shadow, taken.id);
    expect(readFileSync(at('dense')).equals(dense)).toBe(true);
    expect(fsck(place)).toBe('');
    shadow.close();
  });
});

describe('changes that are easy to miss', () => {
  const cases: Record<string, (shadow: Shadow) => void> = {
    'a write in the same tick': () => write('f', 'two'),
    'the same size and the same mtime': () => {
      const { atimeMs, mtimeMs } = statSync(at('f'));
      write('f', 'eno');
      utimesSync(at('f'), atimeMs / 1000, mtimeMs / 1000);
    },
    'exec bit only': () => chmodSync(at('f'), 0o755),
    'a file that became a folder': () => {
      rmSync(at('f'));
      write('f/inside', 'x');
    },
    'a file that became a link': () => {
      rmSync(at('f'));
      symlinkSync('g', at('f'));
    },
    'a case-only rename': () => renameSync(at('f'), at('F')),
    'a folder renamed': () => renameSync(at('d'), at('e')),
    'a folder gone': () => rmSync(at('d'), { recursive: true }),
    'a folder that became a file': () => {
      rmSync(at('d'), { recursive: true });
      write('d', 'now a file');
    },
    'another file renamed over it': () => {
      write('other', 'one');
      renameSync(at('other'), at('f'));
    },
  };
  for (const [name, change] of Object.entries(cases)) {
    it(`sees and takes back: ${name}`, () => {
      write('f', 'one');
      write('g', 'gee');
      write('d/x/y', 'deep');
      write('d/z', 'flat');
      const shadow = openTestShadow(place);
      const before = shadow.take(mintOrder());
      change(shadow);
      const after = shadow.take(mintOrder());
      expect(after.tree).toBe(writeTreeByGit(place));
      const back = goBack(shadow, before.id);
      expect(back.report.skipped).toEqual([]);
      expect(writeTreeByGit(place)).toBe(before.tree);
      goBack(shadow, back.safety);
      expect(writeTreeByGit(place)).toBe(after.tree);
      expect(fsck(place)).toBe('');
      shadow.close();
    });
  }
});

describe('in a repository', () => {
  beforeEach(() => {
    write('.gitignore', 'ignored/\n*.log\n!kept.log\n');
    for (let id = 0; id < 30; id += 1)
      write(`src/part${id % 3}/file${id}.ts`, `file ${id}\n`.repeat(id));
    git(place.root, 'init', '-q');
    git(place.root, 'add', '-A');
    git(place.root, 'commit', '-qm', 'start');
    git(place.root, 'repack', '-adq');
    git(place.root, 'prune-packed');
    // Older than the index, as after a moment's work: nothing is racy.
    const past = Date.now() / 1000 - 60;
    for (const path of git(place.root, 'ls-files').split('\n')) utimesSync(at(path), past, past);
    git(place.root, 'update-index', '--refresh');
  });

  it('takes clean files from the base and gives them back after gc, amend and prune', () => {
    const shadow = openTestShadow(place, { git: true });
    const first = shadow.take(mintOrder());
    expect(first.changed).toBe(0);
    expect(first.tree).toBe(git(place.root, 'rev-parse', 'HEAD^{tree}'));
    const text = readFileSync(at('src/part0/file27.ts'), 'utf8');
    rmSync(at('src'), { recursive: true });
    git(place.root, 'add', '-A');
    git(place.root, 'commit', '-q', '--amend', '-m', 'gone');
    git(place.root, 'reflog', 'expire', '--expire=all', '--all');
    git(place.root, 'gc', '-q', '--prune=now');
    goBack(shadow, first.id);
    expect(readFileSync(at('src/part0/file27.ts'), 'utf8')).toBe(text);
    expect(fsck(place)).toBe('');
    shadow.close();
  });

  it('with its own copy of the base: nothing is linked, and nothing is missed after gc', () => {
    const shadow = openTestShadow(place, { git: true, copiesBase: true });
    const first = shadow.take(mintOrder());
    while (shadow.engine.copyBase()) expect(shadow.engine.store.base.length).toBeGreaterThan(0);
    const [pack] = shadow.engine.store.base;
    expect(statSync(pack?.file ?? '').nlink).toBe(1);
    rmSync(at('.git/objects/pack'), { recursive: true });
    rmSync(at('src'), { recursive: true });
    goBack(shadow, first.id);
    expect(writeTreeByGit(place)).toBe(first.tree);
    shadow.close();
  });

  it('keeps what a borrowed pack has before the disk forgets it', () => {
    const shadow = openTestShadow(place, { git: true, copiesBase: true });
    const first = shadow.take(mintOrder());
    write('src/part1/file1.ts', 'changed');
    shadow.take(mintOrder());
    rmSync(at('.git/objects/pack'), { recursive: true });
    const version = shadow.versionAt(first.id, 'src/part1/file1.ts');
    const again = openTestShadow(place);
    expect(Buffer.from(again.readBlob(version?.oid ?? '') ?? '').toString()).toBe('file 1\n');
    again.close();
    shadow.close();
  });

  it("never writes the user's .git", () => {
    const print = () =>
      execFileSync('sh', ['-c', 'find .git -type f | sort | xargs sha1sum'], {
        cwd: place.root,
        encoding: 'utf8',
      });
    const before = print();
    const shadow = openTestShadow(place, { git: true });
    const first = shadow.take(mintOrder());
    write('src/part1/file1.ts', 'changed');
    goBack(shadow, first.id);
    expect(print()).toBe(before);
    shadow.close();
  });

  it('does not believe flags, racy entries, filters, nor entries of another size', () => {
    const lies: Record<string, () => void> = {
      'assume-unchanged': () => {
        git(place.root, 'update-index', '--assume-unchanged', 'src/part0/file3.ts');
        appendFileSync(at('src/part0/file3.ts'), 'x');
      },
      'skip-worktree': () => {
        git(place.root, 'update-index', '--skip-worktree', 'src/part0/file6.ts');
        appendFileSync(at('src/part0/file6.ts'), 'x');
      },
      filter: () => {
        git(place.root, 'config', 'filter.up.clean', 'tr a-z A-Z');
        write('.gitattributes', '*.up filter=up\n');
        write('name.up', 'lower');
        git(place.root, 'add', '-A');
      },
      'autocrlf input': () => {
        git(place.root, 'config', 'core.autocrlf', 'input');
        write('crlf.txt', 'a\r\n');
        git(place.root, 'add', '-A');
      },
      'intent to add': () => {
        write('later', 'x');
        git(place.root, 'add', '-N', 'later');
      },
      unmerged: () => {
        const oid = git(place.root, 'hash-object', '-w', 'src/part0/file9.ts');
        const info = [1, 2, 3]
          .map((stage) => `100644 ${oid} ${stage}\tsrc/part0/file9.ts`)
          .join('\n');
        git(place.root, 'rm', '-q', '--cached', 'src/part0/file9.ts');
        execFileSync('git', ['update-index', '--index-info'], {
          cwd: place.root,
          input: `${info}\n`,
        });
      },
      'index version 4': () => git(place.root, 'update-index', '--index-version', '4'),
      'split index': () => git(place.root, 'update-index', '--split-index'),
      'a loose blob': () => {
        write('loose', 'not packed');
        git(place.root, 'add', 'loose');
      },
    };
    for (const [name, lie] of Object.entries(lies)) {
      lie();
      const state = join(place.folder, `state-${name}`);
      const shadow = openTestShadow({ ...place, state }, { git: true });
      const taken = shadow.take(mintOrder());
      // The judge stores raw bytes too: its own repository has no config, and attributes are overruled.
      mkdirSync(join(place.folder, 'judge.git', 'info'), { recursive: true });
      writeFileSync(
        join(place.folder, 'judge.git', 'info', 'attributes'),
        '* -text -filter -ident -working-tree-encoding\n',
      );
      expect({ name, tree: taken.tree }).toEqual({ name, tree: writeTreeByGit(place) });
      shadow.close();
    }
  });

  it('leaves ignored files alone, in both directions of an edited .gitignore', () => {
    const shadow = openTestShadow(place, { git: true });
    write('ignored/secret', 'mine');
    write('debug.log', 'noise');
    write('kept.log', 'kept');
    const first = shadow.take(mintOrder());
    expect(shadow.versionAt(first.id, 'ignored/secret')).toBeUndefined();
    expect(shadow.versionAt(first.id, 'kept.log')).toBeDefined();
    write('.gitignore', '*.ts\n');
    goBack(shadow, first.id);
    expect(readFileSync(at('ignored/secret'), 'utf8')).toBe('mine');
    expect(readFileSync(at('debug.log'), 'utf8')).toBe('noise');
    expect(readFileSync(at('.gitignore'), 'utf8')).toContain('ignored/');
    shadow.close();
  });

  it('what rules outside of the tree leave out was not looked at, and so is not new', () => {
    write('.git/info/exclude', '*.env\n');
    write('my.env', 'mine');
    const shadow = openTestShadow(place, { git: true });
    const first = shadow.take(mintOrder());
    // Somebody names it: from now on it is in there.
    const named = shadow.take(mintOrder({ paths: ['my.env'] }));
    expect(shadow.versionAt(named.id, 'my.env')).toBeDefined();
    const [window] = shadow.windows(named.id);
    expect(window?.changes).toMatchObject([{ path: 'my.env', unknown: 'before' }]);
    goBack(shadow, first.id);
    expect(readFileSync(at('my.env'), 'utf8')).toBe('mine');
    shadow.close();
  });

  it('a second look takes nothing out that went after the checkpoint, nor after a restore began', () => {
    write('a', 'one');
    write('d/e/f', 'two');
    const shadow = openTestShadow(place);
    shadow.take(mintOrder());
    const { id, tree } = shadow.take(mintOrder({ paths: ['a'] }));
    rmSync(at('d'), { recursive: true });
    expect(shadow.engine.confirm()).toBeUndefined();
    expect(shadow.show(id).tree).toBe(tree);
    const safety = mintOrder();
    const before = shadow.take(safety);
    shadow.apply(safety.id, [
      { path: 'a', found: shadow.versionAt(before.id, 'a') ?? { mode: '100644', oid: '' } },
    ]);
    expect(shadow.engine.confirm()).toBeUndefined();
    expect(shadow.show(before.id).tree).toBe(before.tree);
    shadow.close();
  });

  it('sees in a folder that was named what went with it when it was taken away and made anew', () => {
    const shadow = openTestShadow(place, { git: true });
    write('src/deep/under/old.ts', 'old');
    shadow.take(mintOrder());
    rmSync(join(place.root, 'src'), { recursive: true });
    write('src/new.ts', 'new');
    const hinted = shadow.take(mintOrder({ paths: ['src', 'src/new.ts'] }));
    expect(hinted.tree).toBe(writeTreeByGit(place));
    shadow.close();
  });

  it('confirms in the background what was only hinted, and amends under the same name', async () => {
    const shadow = openTestShadow(place, { git: true });
    shadow.take(mintOrder());
    write('src/part1/file1.ts', 'told');
    write('src/part2/file2.ts', 'not told');
    write('fresh/new.ts', 'not told either');
    await ticks();
    const hinted = shadow.take(mintOrder({ paths: ['src/part1/file1.ts'] }));
    expect(hinted.tree).not.toBe(writeTreeByGit(place));
    const amended = shadow.engine.confirm();
    expect(amended).toMatchObject({ id: hinted.id, tree: writeTreeByGit(place) });
    expect(shadow.show(hinted.id).tree).toBe(amended?.tree);
    // Whoever was told of the first commit finds what it became.
    expect(shadow.show(hinted.commit)).toMatchObject({ id: hinted.id, commit: amended?.commit });
    expect(amended?.commit).not.toBe(hinted.commit);
    expect(shadow.list()).toHaveLength(2);
    expect(shadow.engine.confirm()).toBeUndefined();
    shadow.close();
  });

  it('amends nothing that was written after its look, however soon', async () => {
    const shadow = openTestShadow(place, { git: true });
    write('src/part1/file1.ts', 'as it was');
    write('src/part2/file2.ts', 'as it was');
    shadow.take(mintOrder());
    await ticks();
    const told = shadow.take(mintOrder({ paths: ['src/part1/file1.ts'] }));
    // An agent that is let through begins to write within the same tick: the file is empty at first.
    write('src/part1/file1.ts', '');
    write('src/part2/file2.ts', '');
    write('src/part2/new.ts', '');
    shadow.engine.confirm();
    expect(shadow.show(told.id).tree).toBe(told.tree);
    const next = shadow.take(mintOrder());
    expect(next.tree).toBe(writeTreeByGit(place));
    shadow.close();
  });

  it('amends nothing that its look saw, on a disk whose clock is behind ours', () => {
    const shadow = openTestShadow(place, { git: true });
    shadow.take(mintOrder());
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5_000 });
    const told = shadow.take(mintOrder({ paths: ['src/part1/file1.ts'] }));
    vi.useRealTimers();
    write('src/part1/file1.ts', '');
    shadow.engine.confirm();
    expect(shadow.show(told.id).tree).toBe(told.tree);
    shadow.close();
  });

  it('amends nothing that was written within a tick of its look', () => {
    const shadow = openTestShadow(place);
    shadow.take(mintOrder());
    write('told', 'one');
    write('missed', 'two');
    const writtenMs = Math.floor(lstatSync(at('missed')).ctimeMs);
    for (const [laterMs, isAmended] of [
      [10, false],
      [100, true],
    ] as const) {
      vi.useFakeTimers({ toFake: ['Date'], now: writtenMs + laterMs });
      const { id } = shadow.take(mintOrder({ paths: ['told'] }));
      vi.useRealTimers();
      shadow.engine.confirm();
      const has = shadow.versionAt(id, 'missed') !== undefined;
      expect([laterMs, has]).toEqual([laterMs, isAmended]);
    }
    shadow.close();
  });

  it('takes an ignored file that somebody announces', () => {
    const shadow = openTestShadow(place, { git: true });
    shadow.take(mintOrder());
    write('ignored/out.txt', 'old');
    const before = shadow.take(mintOrder({ paths: ['ignored/out.txt'] }));
    write('ignored/out.txt', 'new');
    goBack(shadow, before.id);
    expect(readFileSync(at('ignored/out.txt'), 'utf8')).toBe('old');
    shadow.close();
  });

  it('does not touch files that are as wanted', () => {
    const shadow = openTestShadow(place, { git: true });
    const first = shadow.take(mintOrder());
    const mtimes = () =>
      git(place.root, 'ls-files')
        .split('\n')
        .map((path) => lstatSync(at(path), { bigint: true }).mtimeNs);
    const before = mtimes();
    write('new', 'x');
    goBack(shadow, first.id);
    expect(mtimes()).toEqual(before);
    expect(existsSync(at('new'))).toBe(false);
    shadow.close();
  });
});

describe('refusals: nothing is changed', () => {
  it('a missing blob', () => {
    write('a', 'one');
    const shadow = openTestShadow(place);
    shadow.take(mintOrder());
    write('a', 'two');
    const steps = [{ path: 'a', want: { mode: '100644' as const, oid: '1'.repeat(40) } }];
    expect(() => shadow.apply('R1', steps)).toThrow(/changed since|missing or damaged/);
    expect(readFileSync(at('a'), 'utf8')).toBe('two');
    shadow.close();
  });

  it('an edit between plan and apply', () => {
    write('a', 'one');
    const shadow = openTestShadow(place);
    const first = shadow.take(mintOrder());
    write('a', 'two');
    const plan = shadow.plan(mintOrder(), first.id);
    write('a', 'three');
    expect(() => shadow.apply('R2', plan.steps)).toThrow('a: changed since the plan was made');
    expect(readFileSync(at('a'), 'utf8')).toBe('three');
    shadow.close();
  });

  it('a parent that became a link, and a link out of the tree', () => {
    write('d/a', 'one');
    symlinkSync('/etc/passwd', at('link'));
    const shadow = openTestShadow(place);
    const first = shadow.take(mintOrder());
    write('d/a', 'two');
    rmSync(at('link'));
    const plan = shadow.plan(mintOrder(), first.id);
    mkdirSync(join(place.folder, 'outside'));
    renameSync(at('d'), join(place.folder, 'outside', 'd'));
    symlinkSync(join(place.folder, 'outside', 'd'), at('d'));
    expect(() => shadow.apply('R3', plan.steps)).toThrow(/symbolic link/);
    expect(() =>
      shadow.apply(
        'R4',
        plan.steps.filter((step) => step.path === 'link'),
      ),
    ).toThrow('is a link out of the workspace');
    expect(readFileSync(join(place.folder, 'outside', 'd', 'a'), 'utf8')).toBe('two');
    shadow.close();
  });

  it('unknown and ambiguous ids', () => {
    const shadow = openTestShadow(place);
    shadow.take(mintOrder());
    shadow.take(mintOrder());
    expect(() => shadow.show('nothing')).toThrow('no checkpoint "nothing"');
    expect(() => shadow.show('01TEST')).toThrow('2 checkpoints begin with "01TEST"');
    shadow.close();
  });
});

describe('retention', () => {
  it('forgets what is old, keeps what is pinned, and frees the space', () => {
    const shadow = openTestShadow(place);
    const ids: string[] = [];
    for (let turn = 0; turn < 6; turn += 1) {
      write(
        'big',
        Buffer.from(Array.from({ length: 20_000 }, (_, index) => (index * (turn + 7) * 31) % 251)),
      );
      ids.push(shadow.take(mintOrder({ at: 1000 + turn })).id);
    }
    shadow.pin(ids[1] ?? '');
    const pruned = shadow.prune({ keepLast: 2, before: 2000 });
    expect(pruned.dropped).toEqual([ids[0], ids[2], ids[3]]);
    expect(pruned.bytesAfter).toBeLessThan(pruned.bytesBefore);
    expect(shadow.list().map((one) => one.id)).toEqual([ids[1], ids[4], ids[5]]);
    expect(fsck(place)).toBe('');
    goBack(shadow, ids[1] ?? '');
    expect(writeTreeByGit(place)).toBe(shadow.show(ids[1] ?? '').tree);
    shadow.close();
  });

  it('a second opening goes on where the first left off', () => {
    write('a', 'one');
    const first = openTestShadow(place);
    const taken = first.take(mintOrder());
    first.close();
    write('a', 'two');
    const second = openTestShadow(place);
    expect(second.list().map((one) => one.id)).toEqual([taken.id]);
    goBack(second, taken.id);
    expect(readFileSync(at('a'), 'utf8')).toBe('one');
    second.close();
  });
});

it('hard links stay what they are', () => {
  write('a', 'one');
  linkSync(at('a'), at('b'));
  const shadow = openTestShadow(place);
  const first = shadow.take(mintOrder());
  writeFileSync(at('a'), 'two');
  goBack(shadow, first.id);
  expect(readFileSync(at('b'), 'utf8')).toBe('one');
  expect(() => readlinkSync(at('a'))).toThrow();
  shadow.close();
});

it('what was only looked at, to compare it, is kept for the checkpoint after it', () => {
  write('a', 'one');
  const shadow = openTestShadow(place);
  const first = shadow.take(mintOrder());
  write('a', 'two');
  write('d/e/new', 'three');
  const changed = () => shadow.diff(first.id).map(({ path }) => path);
  expect(changed()).toEqual(['a', 'd/e/new']);
  expect(changed()).toEqual(['a', 'd/e/new']);
  const taken = shadow.take(mintOrder());
  expect(taken.tree).toBe(writeTreeByGit(place));
  shadow.close();
  expect(fsck(place)).toBe('');
});

it('whoever leads no more names no checkpoint, and takes no number; one that is to stay is pinned at once', () => {
  write('a', 'one');
  let holds = true;
  let at = '';
  const failpoint = (name: string) => {
    if (name === at) holds = false;
  };
  const shadow = openTestShadow(place, { failpoint, holds: () => holds });
  const number = (id: string) => shadow.show(id).number ?? 0;
  const first = shadow.take(mintOrder({ pinned: true }));
  for (const point of ['take-looked', 'pack-indexed']) {
    at = point;
    write('a', point);
    expect(() => shadow.take(mintOrder())).toThrow('taken over');
    expect(shadow.list().map(({ id, pinned }) => [id, pinned])).toEqual([[first.id, true]]);
    holds = true;
  }
  at = '';
  const next = shadow.take(mintOrder());
  expect([number(next.id), shadow.show(next.id).pinned]).toEqual([number(first.id) + 1, false]);
  shadow.close();
});

it('a look that cannot be kept under one more name says so, and the next one is whole', () => {
  write('a', 'one');
  let isFull = false;
  const failpoint = (name: string) => {
    if (isFull && name === 'pack-synced') throw Object.assign(new Error(name), { code: 'ENOSPC' });
  };
  const shadow = openTestShadow(place, { failpoint });
  const first = shadow.take(mintOrder());
  isFull = true;
  expect(() => shadow.engine.repeat(mintOrder())).toThrow(/the checkpoint was not taken/);
  expect(readdirSync(join(place.state, 'store.git/objects/pack'))).toHaveLength(2);
  isFull = false;
  const next = shadow.engine.repeat(mintOrder());
  expect(shadow.list()).toMatchObject([
    { id: first.id, number: 1 },
    { id: next.id, number: 2, tree: first.tree },
  ]);
  expect(fsck(place)).toBe('');
  shadow.close();
});
