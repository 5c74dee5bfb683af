/** Where the lines of a committed file come from: by its bytes where they are known, else by what it was made from. */
import { explainVersion } from '../attribution/explain-version.ts';
import { type Origin, unseen } from '../attribution/origin.ts';
import { originsOf } from '../attribution/origins-of.ts';
import { isLinewise, isShort, isText, readText } from '../attribution/text-lines.ts';
import { findRenames } from '../compare/find-renames.ts';
import type { Context } from './context.ts';
import { iterateVersions } from './explain-now.ts';
import type { Attribution } from './open-attribution.ts';
import type { Git } from './open-git.ts';

export type CommitReader = {
  /** Undefined where the commit has no such file, or its text is not at hand. */
  explain(commit: string, path: string): Promise<CommittedFile | undefined>;
  /** The file's name in a parent, also when it was renamed on the way; undefined when it is new. */
  findBefore(commit: string, parent: string, path: string): Promise<string | undefined>;
};

export type CommittedFile = {
  readonly blob: string;
  /** One character a byte. */
  readonly raw: string;
  readonly lines: readonly string[];
  readonly origins: readonly Origin[];
};

/** Commits that are walked for one question: what is older than that nobody is asked about. */
const walkLimit = 2000;
/** Other versions that a file is held against. */
const versionLimit = 16;

export function openCommitReader(
  context: Context,
  attribution: Attribution,
  git: Git,
): CommitReader {
  const explained = new Map<string, Promise<CommittedFile | undefined>>();
  const renames = new Map<string, Promise<ReadonlyMap<string, string>>>();
  const first = attribution.checkpoints[0];
  let walked = 0;

  async function isBaseline(oid: string, path: string): Promise<boolean> {
    if (first === undefined) return false;
    const version = await (await context.keeper()).versionAt(first.id, path);
    return version?.oid === oid;
  }

  /** The last commit of a straight line that has the very same file. */
  function walkSame(from: string, path: string, oid: string): string {
    let at = from;
    for (; walked < walkLimit; walked += 1) {
      const [parent, other] = git.commit(at).parents;
      if (parent === undefined || other !== undefined) return at;
      if (git.version(parent, path)?.oid !== oid) return at;
      at = parent;
    }
    return at;
  }

  async function explain(commit: string, path: string): Promise<CommittedFile | undefined> {
    const version = git.version(commit, path);
    if (version === undefined) return undefined;
    const key = `${version.oid} ${path} ${walkSame(commit, path, version.oid)}`;
    const known = explained.get(key) ?? resolve(commit, path, version.oid);
    explained.set(key, known);
    return known;
  }

  async function resolve(commit: string, path: string, blob: string) {
    const raw = git.text(blob);
    if (raw === undefined) return undefined;
    const { lines } = readText(raw);
    const page = attribution.ledger.find(blob, path);
    const isKnown = page !== undefined || !isLinewise(raw) || (await isBaseline(blob, path));
    const origins = isKnown
      ? originsOf(page, lines.length)
      : await explainByParents(walkSame(commit, path, blob), path, lines);
    return { blob, raw, lines, origins };
  }

  async function explainByParents(
    commit: string,
    path: string,
    lines: readonly string[],
  ): Promise<readonly Origin[]> {
    const befores: CommittedFile[] = [];
    const names = new Set([path]);
    walked += 1;
    for (const parent of walked < walkLimit ? git.commit(commit).parents : []) {
      const name = await findBefore(commit, parent, path);
      const before = name === undefined ? undefined : await explain(parent, name);
      if (name !== undefined) names.add(name);
      if (name === undefined || before === undefined) continue;
      befores.push({ ...before, origins: await seeThrough(parent, name, before) });
    }
    const others = iterateNames(attribution, names);
    return explainVersion(lines, { parents: befores, others, rest: unseen });
  }

  /** Who made a file binary has not written its lines: what it was before that tells of them. */
  async function seeThrough(
    commit: string,
    path: string,
    { blob, raw, lines, origins }: CommittedFile,
  ) {
    if (isText(raw) || !isShort(raw.length)) return origins;
    return explainByParents(walkSame(commit, path, blob), path, lines);
  }

  async function findBefore(commit: string, parent: string, path: string) {
    if (git.version(parent, path) !== undefined) return path;
    const key = `${parent} ${commit}`;
    const found = renames.get(key) ?? listRenames(git, parent, commit);
    renames.set(key, found);
    return (await found).get(path);
  }

  return { explain, findBefore };
}

async function* iterateNames(attribution: Attribution, names: ReadonlySet<string>) {
  for (const name of names) {
    const versions = attribution.ledger.listVersions(name).slice(0, versionLimit);
    yield* iterateVersions(attribution, name, versions);
  }
}

async function listRenames(
  git: Git,
  parent: string,
  commit: string,
): Promise<ReadonlyMap<string, string>> {
  const sources = {
    readBytes(oid: string) {
      const text = git.text(oid);
      return text === undefined ? undefined : Buffer.from(text, 'latin1');
    },
  };
  const { changes } = await findRenames(git.diff(parent, commit), sources);
  return new Map(
    changes.flatMap(({ path, oldPath }) => (oldPath === undefined ? [] : [[path, oldPath]])),
  );
}
