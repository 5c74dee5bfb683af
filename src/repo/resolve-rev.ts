/** Which commit somebody means: a branch, a tag, the beginning of an id, `HEAD~2`, `stash@{1}`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCommitText, readTagTarget } from '../snapshot/commit-object.ts';
import type { GitObjects } from './open-objects.ts';
import { readRefLog } from './read-ref-log.ts';
import { readTableStack } from './read-table-stack.ts';
import { withoutMissing } from './without-missing.ts';

export type Repository = {
  readonly gitDir: string;
  readonly commonDir: string;
  readonly objects: GitObjects;
};

export type Resolved =
  | { readonly kind: 'commit'; readonly id: string }
  | { readonly kind: 'unknown'; readonly why: string };

const hopLimit = 5;
const fewestDigits = 4;

export function resolveRev(repository: Repository, rev: string): Resolved {
  const [, base = '', ways = ''] = /^(.*?)((?:~\d*|\^(?:\d+|\{\w*\})?)*)$/.exec(rev) ?? [];
  let at = resolveBase(repository, base === '@' ? 'HEAD' : base);
  if (typeof at !== 'string') return at;
  at = peel(repository, at);
  for (const [way] of ways.matchAll(/~\d*|\^(?:\d+|\{\w*\})?/g)) {
    const next = walk(repository, at, way);
    if (next === undefined) return unknown(`${rev} goes further back than there are commits`);
    at = next;
  }
  const found = repository.objects.read(at);
  if (found?.type === 'commit') return { kind: 'commit', id: at };
  return unknown(found === undefined ? `${rev} is not in this repository` : `${rev} is no commit`);
}

function unknown(why: string): Resolved & { kind: 'unknown' } {
  return { kind: 'unknown', why };
}

function resolveBase(repository: Repository, base: string): string | Resolved {
  const [, name, count] = /^(.+)@\{(\d+)\}$/.exec(base) ?? [];
  if (name !== undefined) return resolveLogged(repository, name, Number(count));
  const named = findRef(repository, base);
  if (named !== undefined) return named;
  if (!/^[0-9a-f]+$/i.test(base) || base.length < fewestDigits)
    return unknown(`there is no branch, tag or commit ${base}`);
  const prefix = base.toLowerCase();
  const found = prefix.length === 40 ? [prefix] : repository.objects.find(prefix);
  const commits = found.filter((it) => isCommit(repository, it));
  const [only] = commits.length === 0 ? found : commits;
  if (only === undefined) return unknown(`there is no branch, tag or commit ${base}`);
  return commits.length > 1 ? unknown(`${base} is the beginning of several commits`) : only;
}

function isCommit({ objects }: Repository, id: string): boolean {
  const type = objects.read(id)?.type;
  return type === 'commit' || type === 'tag';
}

/** The newest is 0. */
function resolveLogged(repository: Repository, name: string, count: number): string | Resolved {
  const { gitDir, commonDir } = repository;
  for (const ref of listNames(name))
    for (const folder of [gitDir, commonDir]) {
      const { lines } = readRefLog(folder, ref);
      const line = lines[lines.length - 1 - count];
      if (line?.to !== undefined) return line.to;
    }
  return unknown(`there is no ${name}@{${count}}`);
}

/** In the order in which git looks. */
function listNames(name: string): string[] {
  return [
    name,
    ...['', 'tags/', 'heads/', 'remotes/'].map((it) => `refs/${it}${name}`),
    `refs/remotes/${name}/HEAD`,
  ].filter((it) => /^[A-Z_]+$/.test(it) || it.startsWith('refs/'));
}

function findRef(repository: Repository, name: string): string | undefined {
  if (name.split('/').some((it) => it === '..' || it === '') || name.includes('\0'))
    return undefined;
  for (const ref of listNames(name)) {
    const id = readRef(repository, ref);
    if (id !== undefined) return id;
  }
  return undefined;
}

const commit = /^[0-9a-f]{40}$/;

/** Undefined where there is no such ref. */
function readRef(
  { gitDir, commonDir }: Pick<Repository, 'gitDir' | 'commonDir'>,
  ref: string,
  hops = hopLimit,
): string | undefined {
  for (const folder of [gitDir, commonDir]) {
    const text = readTableText(folder, ref) ?? readText(join(folder, ref))?.trim();
    const next = /^ref:\s*(refs\/\S+)$/.exec(text ?? '')?.[1];
    if (text !== undefined && commit.test(text)) return text;
    if (next !== undefined && hops > 0 && !next.split('/').includes('..'))
      return readRef({ gitDir, commonDir }, next, hops - 1);
  }
  const packed = withoutMissing(() => readFileSync(join(commonDir, 'packed-refs'), 'utf8')) ?? '';
  const lines = packed.split('\n');
  const place = lines.findIndex((it) => it.endsWith(` ${ref}`) && !it.startsWith('#'));
  // Behind a tag stands the commit that it is of.
  const peeled = /^\^([0-9a-f]{40})$/.exec(lines[place + 1] ?? '')?.[1];
  const id = place < 0 ? undefined : (peeled ?? lines[place]?.slice(0, 40));
  return id !== undefined && commit.test(id) ? id : undefined;
}

const readText = (path: string) => withoutMissing(() => readFileSync(path, 'utf8'));

/** As it would stand in a file of its own. */
function readTableText(folder: string, ref: string): string | undefined {
  const value = readTableStack(folder)?.value(ref);
  if (value?.kind === 'symbolic') return `ref: ${value.target}`;
  return value?.kind === 'id' ? (value.peeled ?? value.id) : undefined;
}

function peel({ objects }: Repository, id: string): string {
  let at = id;
  for (let hops = 0; hops < hopLimit; hops += 1) {
    const found = objects.read(at);
    const target =
      found?.type === 'tag' ? readTagTarget(found.bytes.toString('latin1')) : undefined;
    if (target === undefined) return at;
    at = target;
  }
  return at;
}

function walk({ objects }: Repository, from: string, way: string): string | undefined {
  if (way.startsWith('^{')) return from;
  const parentsOf = (id: string) => {
    const found = objects.read(id);
    return found?.type === 'commit'
      ? (readCommitText(found.bytes.toString('latin1'))?.parents ?? [])
      : [];
  };
  const count = way.length === 1 ? 1 : Number(way.slice(1));
  if (way.startsWith('^')) return count === 0 ? from : parentsOf(from)[count - 1];
  let at: string | undefined = from;
  for (let step = 0; step < count && at !== undefined; step += 1) at = parentsOf(at)[0];
  return at;
}
