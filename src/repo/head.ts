/** Reads which branch and commit a repository is at from its files; no git is run. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readTableStack } from './read-table-stack.ts';

export type Head = {
  /** Left out when HEAD is detached or cannot be understood. */
  readonly branch?: string;
  /** Commit; left out on a branch without one, and where refs cannot be read. */
  readonly head?: string;
};

const refLimitBytes = 8 * 1024;
const packedLimitBytes = 256 * 1024 * 1024;
/** How many refs may name another ref; git allows five. */
const hopLimit = 5;

const commit = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
/** HEAD in a repository whose refs are in a reftable: a name that no branch can have. */
const elsewhere = 'refs/heads/.invalid';

export function readHead(gitDir: string, commonDir: string = gitDir): Head {
  const text = readSmall(join(gitDir, 'HEAD'), refLimitBytes)?.trim();
  if (text === undefined) return {};
  if (commit.test(text)) return { head: text };
  const ref = refNamedBy(text);
  if (ref === elsewhere) return readTableHead(gitDir, commonDir);
  if (ref === undefined) return {};
  return resolveRef(ref, [gitDir, commonDir], hopLimit);
}

function readTableHead(gitDir: string, commonDir: string): Head {
  const found = readTableStack(gitDir)?.value('HEAD');
  if (found?.kind !== 'symbolic') return found?.kind === 'id' ? { head: found.id } : {};
  let ref = found.target;
  const shared = readTableStack(commonDir);
  for (let hops = hopLimit; 0 <= hops; hops -= 1) {
    const value = shared?.value(ref);
    if (value?.kind !== 'symbolic')
      return {
        branch: ref.replace(/^refs\/heads\//, ''),
        ...(value?.kind === 'id' ? { head: value.id } : {}),
      };
    ref = value.target;
  }
  return {};
}

/** A branch may stand for another; what git calls the branch is the last of them. */
function resolveRef(ref: string, folders: readonly string[], hops: number): Head {
  const branch = ref.replace(/^refs\/heads\//, '');
  for (const folder of folders) {
    const text = readSmall(join(folder, ref), refLimitBytes)?.trim();
    if (text === undefined) continue;
    if (commit.test(text)) return { branch, head: text };
    const next = refNamedBy(text);
    return next === undefined || hops === 0 ? {} : resolveRef(next, folders, hops - 1);
  }
  const head = findPacked(ref, folders.at(-1) ?? '');
  return { branch, ...(head === undefined ? {} : { head }) };
}

function findPacked(ref: string, commonDir: string): string | undefined {
  const packed = readSmall(join(commonDir, 'packed-refs'), packedLimitBytes);
  if (packed === undefined) return undefined;
  const end = `${packed}\n`.indexOf(` ${ref}\n`);
  const line = packed.slice(packed.lastIndexOf('\n', end) + 1, Math.max(0, end));
  return commit.test(line) ? line : undefined;
}

/** A ref may only name a ref: never a path that leaves the folder of refs. */
function refNamedBy(text: string): string | undefined {
  const ref = /^ref:\s*(refs\/\S.*)$/.exec(text)?.[1];
  if (ref === undefined || ref.includes('\0') || ref.split('/').includes('..')) return undefined;
  return ref;
}

/** Undefined when there is no such plain file of a bearable size. */
function readSmall(path: string, limitBytes: number): string | undefined {
  try {
    const found = statSync(path);
    return found.isFile() && found.size <= limitBytes ? readFileSync(path, 'utf8') : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== undefined && expected.has(code)) return undefined;
    throw error;
  }
}

const expected = new Set([
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'EACCES',
  'EPERM',
  'ELOOP',
  'ENAMETOOLONG',
]);
