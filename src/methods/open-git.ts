/** The user's repository, to read commits and files of: no git is run, and nothing is written. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../errors.ts';
import { type GitObjects, openObjects, type PackReader } from '../repo/open-objects.ts';
import { type Repository, resolveRev } from '../repo/resolve-rev.ts';
import { openPack } from '../shadow/open-pack.ts';
import { openTreeFinder } from '../shadow/open-tree-finder.ts';
import { diffTrees, versionOf } from '../shadow/read-trees.ts';
import { type Commit, readCommitText } from '../snapshot/commit-object.ts';
import { readObjectId } from '../snapshot/pack-index.ts';
import { readPath } from '../snapshot/raw-path.ts';
import type { Version } from '../snapshot/restore-step.ts';
import { hexOf } from '../snapshot/tree-object.ts';
import type { Context } from './context.ts';

export type Git = {
  readonly repository: Repository;
  /** Throws where there is none. */
  resolve(rev: string): string;
  /** The commit that a ref names. */
  find(ref: string): string | undefined;
  commit(id: string): Commit;
  /** Whether such a commit is here. */
  has(id: string): boolean;
  /** Of a file in a commit; undefined where it has none. */
  version(commit: string, path: string): Version | undefined;
  /** One character a byte. */
  text(oid: string): string | undefined;
  /** From one commit's files to another's; from none without. */
  diff(before: string | undefined, after: string): GitChange[];
  close(): void;
};

export type GitChange = {
  readonly path: string;
  readonly before?: Version;
  readonly after?: Version;
};

function refuse(root: string): Failure {
  const data = { workspace: root };
  if (['HEAD', 'objects', 'refs'].every((it) => existsSync(join(root, it))))
    return new Failure('no-repository', `${root} is a bare repository: nothing is written there`, {
      data,
      hint: 'ask where its files are checked out, and something is recorded',
    });
  return new Failure('no-repository', `${root} is in no git repository: it has no commits`, {
    data,
    hint: 'leave the revision out, to ask of the files as they are now',
  });
}

export function openGit({ workspace }: Pick<Context, 'workspace'>): Git {
  const { gitDir, gitCommonDir, root } = workspace;
  if (gitDir === undefined || gitCommonDir === undefined) throw refuse(root);
  const objects = openObjects(gitCommonDir, openReader);
  const repository = { gitDir, commonDir: gitCommonDir, objects };
  const commits = new Map<string, Commit>();
  const store = { read: readStored(objects) };
  const findEntry = openTreeFinder(store);

  function commit(id: string): Commit {
    const known = commits.get(id);
    if (known !== undefined) return known;
    const found = objects.read(id);
    const read = found?.type === 'commit' ? readCommitText(latin1(found.bytes)) : undefined;
    if (read === undefined)
      throw new Failure('damaged', `commit ${id} cannot be read`, {
        data: { commit: id },
        hint: 'in a shallow or partial clone it may not be here: `git fetch` brings it',
      });
    commits.set(id, read);
    return read;
  }

  return {
    repository,
    resolve(rev) {
      const found = resolveRev(repository, rev);
      if (found.kind === 'commit') return found.id;
      throw new Failure('unknown-id', found.why, {
        data: { rev },
        hint: 'name a branch, a tag, HEAD~2, or at least four letters of a commit',
      });
    },
    find(ref) {
      const found = resolveRev(repository, ref);
      return found.kind === 'commit' ? found.id : undefined;
    },
    commit,
    has: (id) => /^[0-9a-f]{40}$/.test(id) && objects.read(id)?.type === 'commit',
    version: (id, path) => versionOf(findEntry(commit(id).tree, readPath(path))),
    text(oid) {
      const found = objects.read(oid);
      return found?.type === 'blob' ? latin1(found.bytes) : undefined;
    },
    diff: (before, after) =>
      diffTrees(store, before === undefined ? undefined : commit(before).tree, commit(after).tree),
    close: () => objects.close(),
  };
}

function readStored(objects: GitObjects) {
  return (oid: string) => {
    const found = objects.read(oid);
    return found === undefined || found.type === 'tag'
      ? undefined
      : { type: found.type, bytes: found.bytes };
  };
}

function latin1(bytes: Buffer): string {
  return bytes.toString('latin1');
}

function openReader(file: string): PackReader | undefined {
  const pack = openPack(file);
  if (pack === undefined) return undefined;
  const { index } = pack;
  return {
    find: pack.find,
    read: (offset, other) =>
      pack.read(offset, (oid) => {
        const found = other(oid);
        return found === undefined || found.type === 'tag'
          ? undefined
          : { type: found.type, bytes: found.bytes };
      }),
    listIds(prefix) {
      const first = Number.parseInt(prefix.slice(0, 2), 16);
      const from = first === 0 ? 0 : index.view.getUint32(8 + (first - 1) * 4);
      const to = index.view.getUint32(8 + first * 4);
      const ids: string[] = [];
      for (let place = from; place < to; place += 1) {
        const id = hexOf(readObjectId(index, place), 0);
        if (id.startsWith(prefix)) ids.push(id);
      }
      return ids;
    },
    close: pack.close,
  };
}
