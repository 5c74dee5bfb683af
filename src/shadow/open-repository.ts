/** Our own small packs as a git repository, through isomorphic-git: log, refs and walks for whoever wants git's view. */
import * as fs from 'node:fs/promises';
import type { PromiseFsClient, ReadCommitResult, WalkerEntry } from 'isomorphic-git';
import { writeDurable } from './durable-file.ts';
import type { Oid } from './object-id.ts';

export type Repository = {
  readCommit(oid: Oid): Promise<ReadCommitResult>;
  log(oid: Oid, depth: number): Promise<readonly ReadCommitResult[]>;
  listRefs(kind: string): Promise<readonly string[]>;
  /** Every file in a checkpoint's tree. */
  listFiles(commit: Oid): Promise<readonly { path: string; oid: Oid }[]>;
};

/**
 * Loading it takes 350 ms, so it is loaded when first asked for and never on the way of a checkpoint.
 * It sees store.git only: it ignores alternates, and loads whole packs.
 */
export async function openRepository(gitdir: string): Promise<Repository> {
  const git = await import('isomorphic-git');
  const where = { fs: durableFs, dir: gitdir, gitdir, cache: {} };
  return {
    readCommit: (oid) => git.readCommit({ ...where, oid }),
    log: (ref, depth) => git.log({ ...where, ref, depth }),
    listRefs: (kind) => git.listRefs({ ...where, filepath: `refs/clew/${kind}` }),
    async listFiles(commit) {
      const files: { path: string; oid: Oid }[] = [];
      const map = async (path: string, [entry]: (WalkerEntry | null)[]) => {
        if (!entry || (await entry.type()) !== 'blob' || !path.startsWith('tree/'))
          return undefined;
        files.push({ path: path.slice('tree/'.length), oid: await entry.oid() });
        return undefined;
      };
      await git.walk({ ...where, trees: [git.TREE({ ref: commit })], map });
      return files;
    },
  };
}

/** isomorphic-git writes files in place, unsynced; through this they are whole or not there. */
const durableFs: PromiseFsClient = {
  promises: {
    ...fs,
    async writeFile(file: string, data: string | Uint8Array): Promise<void> {
      writeDurable(file, typeof data === 'string' ? Buffer.from(data) : data);
    },
  },
};
