/** Every kind of repository: what is stored is what is on the disk, it comes back, and the user's .git stays as it is. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Shadow } from '../../src/shadow/open-shadow.ts';
import { locateWorkspace } from '../../src/workspace/locate.ts';
import {
  fsck,
  git,
  mintOrder,
  openTestShadow,
  type Place,
  writeTreeByGit,
} from './open-test-shadow.ts';
import { placeForEach, writeIn } from './place-for-each.ts';
import { printTree } from './print-tree.ts';
import { readCheckpoint } from './read-checkpoint.ts';

const place = placeForEach();

/** Thirty files in three folders, committed, packed, and older than their index. */
function makeRepository(root: string, ...options: string[]): string {
  mkdirSync(root, { recursive: true });
  git(root, 'init', '-q', ...options);
  for (let id = 0; id < 30; id += 1) writeIn(root, `src/part${id % 3}/f${id}.ts`, `file ${id}\n`);
  writeIn(root, 'top.txt', 'top\n');
  commit(root);
  git(root, 'repack', '-adq');
  git(root, 'prune-packed');
  return root;
}

function commit(root: string): void {
  git(root, 'add', '-A');
  git(root, 'commit', '-qm', 'step');
  settle(root);
}

function settle(root: string): void {
  const past = Date.now() / 1000 - 60;
  for (const path of git(root, 'ls-files', '-z').split('\0'))
    if (path !== '') touch(join(root, path), past);
  git(root, 'update-index', '-q', '--refresh');
}

/** A submodule's folder, and what a sparse checkout left out, are listed too. */
function touch(file: string, past: number): void {
  try {
    utimesSync(file, past, past);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Of all repositories around, but for those of ours and of the judge. */
function printGit(folder: string): string {
  const ours = '-name state -o -name judge.git';
  const script = `find . \\( ${ours} \\) -prune -o -path '*.git/*' -type f -print0 | sort -z | xargs -0 sha1sum`;
  return execFileSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8' });
}

function open(at: Place = place): Shadow {
  const { root: _, linked: __, ...ground } = locateWorkspace(at.root);
  return openTestShadow(at, { ground });
}

function withoutGit(tree: string): string {
  return tree
    .split('\n')
    .filter((line) => !/^(?:.*\/)?\.git(?:\/| )/.test(line))
    .join('\n');
}

/** Takes, changes a little of everything, goes there and back; git itself is the judge of what was stored. */
function checkAll(at: Place, isSound: boolean): void {
  const before = printGit(at.folder);
  const shadow = open(at);
  const first = shadow.take(mintOrder());
  const tree = printTree(at.root);
  expect(readCheckpoint(shadow, first.id)).toBe(withoutGit(tree));
  // The judge takes a submodule for one entry.
  if (!/^.+\/\.git/m.test(tree)) expect(first.tree).toBe(writeTreeByGit(at));
  expect(first.uncaptured).toBe(0);
  appendFileSync(join(at.root, 'src/part1/f1.ts'), 'more\n');
  rmSync(join(at.root, 'src/part2'), { recursive: true });
  writeIn(at.root, 'fresh/file', 'fresh');
  const changed = printTree(at.root);
  const safety = mintOrder();
  expect(shadow.apply(safety.id, shadow.plan(safety, first.id).steps).skipped).toEqual([]);
  expect(printTree(at.root)).toBe(tree);
  const back = mintOrder();
  expect(shadow.apply(back.id, shadow.plan(back, safety.id).steps).skipped).toEqual([]);
  expect(printTree(at.root)).toBe(changed);
  if (isSound) expect(fsck(at)).toBe('');
  expect(printGit(at.folder)).toBe(before);
  shadow.close();
}

describe('kinds of repositories', () => {
  /** Each makes what is at `place.root`, or says where else it is. */
  const cases: Record<string, () => Place | undefined> = {
    plain: () => {
      makeRepository(place.root);
      return undefined;
    },
    'with sha256 names': () => {
      makeRepository(place.root, '--object-format=sha256');
      return undefined;
    },
    'with references in tables': () => {
      makeRepository(place.root);
      git(place.root, 'config', 'core.repositoryformatversion', '1');
      git(place.root, 'config', 'extensions.refstorage', 'reftable');
      return undefined;
    },
    'with an index of version 4': () => {
      makeRepository(place.root);
      git(place.root, 'update-index', '--index-version', '4');
      return undefined;
    },
    'with a split index': () => {
      makeRepository(place.root);
      git(place.root, 'update-index', '--split-index');
      return undefined;
    },
    'with a sparse checkout, and a sparse index': () => {
      makeRepository(place.root);
      writeIn(place.root, 'out/side', 'x');
      commit(place.root);
      git(place.root, 'sparse-checkout', 'init', '--cone', '--sparse-index');
      git(place.root, 'sparse-checkout', 'set', 'src');
      return undefined;
    },
    'with a sparse checkout without cones': () => {
      makeRepository(place.root);
      git(place.root, 'sparse-checkout', 'set', '--no-cone', '/src/', '/top.txt');
      return undefined;
    },
    'in the middle of a merge': () => {
      makeRepository(place.root);
      git(place.root, 'checkout', '-qb', 'other');
      writeIn(place.root, 'top.txt', 'theirs\n');
      commit(place.root);
      git(place.root, 'checkout', '-q', '-');
      writeIn(place.root, 'top.txt', 'ours\n');
      commit(place.root);
      expect(() => git(place.root, 'merge', 'other')).toThrow('merge');
      return undefined;
    },
    'a linked worktree': () => {
      const main = makeRepository(join(place.folder, 'main'));
      rmSync(place.root, { recursive: true, force: true });
      git(main, 'worktree', 'add', '-q', '-b', 'side', place.root);
      settle(place.root);
      return undefined;
    },
    'with a submodule': () => {
      const inner = makeRepository(join(place.folder, 'inner'));
      makeRepository(place.root);
      git(place.root, '-c', 'protocol.file.allow=always', 'submodule', '-q', 'add', inner, 'sub');
      commit(place.root);
      appendFileSync(join(place.root, 'sub/top.txt'), 'changed in the submodule\n');
      return undefined;
    },
    'the submodule itself': () => {
      const inner = makeRepository(join(place.folder, 'inner'));
      const outer = makeRepository(place.root);
      git(outer, '-c', 'protocol.file.allow=always', 'submodule', '-q', 'add', inner, 'sub');
      return { ...place, root: join(outer, 'sub') };
    },
    'a shallow clone': () => {
      const full = makeRepository(join(place.folder, 'full'));
      appendFileSync(join(full, 'top.txt'), 'second\n');
      commit(full);
      rmSync(place.root, { recursive: true });
      git(place.folder, 'clone', '-q', '--depth', '1', `file://${full}`, place.root);
      settle(place.root);
      return undefined;
    },
    'a partial clone, blobs missing': () => {
      const full = makeRepository(join(place.folder, 'full'));
      git(full, 'config', 'uploadpack.allowFilter', 'true');
      rmSync(place.root, { recursive: true });
      const filter = ['--filter=blob:none', '--no-checkout'];
      git(place.folder, 'clone', '-q', ...filter, `file://${full}`, place.root);
      git(place.root, 'read-tree', 'HEAD');
      for (const path of git(place.root, 'ls-files').split('\n'))
        writeIn(place.root, path, readFileSync(join(full, path)));
      return undefined;
    },
    'with borrowed objects': () => {
      const full = makeRepository(join(place.folder, 'full'));
      rmSync(place.root, { recursive: true });
      git(place.folder, 'clone', '-q', '--shared', full, place.root);
      settle(place.root);
      return undefined;
    },
    'with filters that keep the size, idents and encodings': () => {
      makeRepository(place.root);
      git(place.root, 'config', 'filter.up.clean', 'tr a-z A-Z');
      git(place.root, 'config', 'filter.lfs.clean', 'sha1sum');
      const rules = ['*.up filter=up', '*.id ident', '*.big filter=lfs', '*.crlf text eol=crlf'];
      writeIn(
        place.root,
        '.gitattributes',
        `${rules.join('\n')}\n*.w working-tree-encoding=UTF-16LE\n`,
      );
      writeIn(place.root, 'a.up', 'lower\n');
      writeIn(place.root, 'a.id', '$Id$\n');
      writeIn(place.root, 'a.big', 'large file\n');
      writeIn(place.root, 'a.crlf', 'one\r\ntwo\r\n');
      writeIn(place.root, 'a.w', Buffer.from('wide\n', 'utf16le'));
      commit(place.root);
      return undefined;
    },
    'a part of one, with a filter from above': () => {
      const outer = makeRepository(place.root);
      git(outer, 'config', 'filter.up.clean', 'tr a-z A-Z');
      writeIn(outer, '.gitattributes', 'part/*.up filter=up\n');
      for (const path of ['src/part1/f1.ts', 'src/part2/f2.ts', 'a.up'])
        writeIn(outer, `part/${path}`, 'low\n');
      commit(outer);
      return { ...place, root: join(outer, 'part') };
    },
    'with HEAD unborn and nothing added': () => {
      git(place.root, 'init', '-q');
      for (const path of ['src/part1/f1.ts', 'src/part2/f2.ts']) writeIn(place.root, path, 'x');
      return undefined;
    },
    'whose index is torn': () => {
      makeRepository(place.root);
      const index = join(place.root, '.git/index');
      writeFileSync(index, readFileSync(index).subarray(0, 700));
      return undefined;
    },
    'whose packs are torn': () => {
      makeRepository(place.root);
      const folder = join(place.root, '.git/objects/pack');
      const name = execFileSync('ls', [folder], { encoding: 'utf8' }).match(/\S+\.pack/)?.[0] ?? '';
      const bytes = readFileSync(join(folder, name));
      rmSync(join(folder, name));
      writeFileSync(join(folder, name), bytes.subarray(0, bytes.length >> 1));
      return undefined;
    },
  };
  for (const [name, make] of Object.entries(cases)) {
    // What the user has that is torn stays torn, also where it is linked.
    const isSound = name !== 'whose packs are torn';
    it(name, () => checkAll(make() ?? place, isSound));
  }
});

describe('what the user does with git between two checkpoints', () => {
  const deeds: Record<string, () => void> = {
    stash: () => {
      appendFileSync(join(place.root, 'top.txt'), 'uncommitted\n');
      git(place.root, 'stash', '-q');
    },
    'another branch': () => {
      git(place.root, 'checkout', '-qb', 'other');
      git(place.root, 'rm', '-rq', 'src/part0');
      git(place.root, 'commit', '-qm', 'less');
    },
    'rebase, and everything unreachable pruned': () => {
      writeIn(place.root, 'second', 'x');
      commit(place.root);
      git(place.root, 'rebase', '-q', '--root', '--exec', 'true');
      git(place.root, 'reflog', 'expire', '--expire=all', '--all');
      git(place.root, 'gc', '-q', '--prune=now');
    },
    'reset --hard and clean': () => {
      appendFileSync(join(place.root, 'top.txt'), 'uncommitted\n');
      writeIn(place.root, 'untracked', 'x');
      git(place.root, 'reset', '-q', '--hard');
      git(place.root, 'clean', '-fdq');
    },
    'its .git thrown away': () => rmSync(join(place.root, '.git'), { recursive: true }),
  };
  for (const [name, deed] of Object.entries(deeds)) {
    it(name, () => {
      makeRepository(place.root);
      writeIn(place.root, 'untracked before', 'mine');
      const shadow = open();
      const first = shadow.take(mintOrder());
      deed();
      const between = shadow.take(mintOrder());
      expect(between.tree).toBe(writeTreeByGit(place));
      const safety = mintOrder();
      expect(shadow.apply(safety.id, shadow.plan(safety, first.id).steps).skipped).toEqual([]);
      expect(writeTreeByGit(place)).toBe(first.tree);
      shadow.close();
      const again = open();
      expect(again.list()).toHaveLength(3);
      expect(again.take(mintOrder()).tree).toBe(first.tree);
      expect(fsck(place)).toBe('');
      again.close();
    });
  }
});

describe('a store and its workspace', () => {
  const takeFirst = () => {
    makeRepository(place.root);
    const shadow = open();
    const { id } = shadow.take(mintOrder());
    shadow.close();
    return id;
  };
  const goBack = (shadow: Shadow, id: string) => {
    const safety = mintOrder();
    const report = shadow.apply(safety.id, shadow.plan(safety, id).steps);
    shadow.close();
    return report;
  };

  it('a workspace that was moved keeps its checkpoints', () => {
    const id = takeFirst();
    const root = join(place.folder, 'moved');
    renameSync(place.root, root);
    const tree = printTree(root);
    writeIn(root, 'top.txt', 'changed');
    goBack(open({ ...place, root }), id);
    expect(printTree(root)).toBe(tree);
  });

  it('one that was deleted, or cloned again at the same path, is given back what it was', () => {
    const id = takeFirst();
    writeIn(place.root, 'untracked', 'no other copy');
    const shadow = open();
    const last = shadow.take(mintOrder());
    shadow.close();
    const tree = withoutGit(printTree(place.root));
    cpSync(place.root, join(place.folder, 'origin'), { recursive: true });
    rmSync(place.root, { recursive: true });
    git(place.folder, 'clone', '-q', join(place.folder, 'origin'), place.root);
    goBack(open(), last.id);
    expect(withoutGit(printTree(place.root))).toBe(tree);
    rmSync(place.root, { recursive: true });
    mkdirSync(place.root);
    goBack(open(), id);
    expect(printTree(place.root)).toContain('src/part0/f0.ts');
    expect(printTree(place.root)).not.toContain('untracked');
  });

  it("another workspace's store is refused, and nothing is changed", () => {
    takeFirst();
    const root = makeRepository(join(place.folder, 'other'));
    const before = [printTree(place.state), printTree(root)];
    expect(() => open({ ...place, root })).toThrow(
      `these checkpoints belong to ${place.root}, not to ${root}`,
    );
    expect([printTree(place.state), printTree(root)]).toEqual(before);
  });
});
