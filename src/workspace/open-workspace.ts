/** The user's tree, as the shadow repository sees it: swept, read and walked, never written. */
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { Failure } from '../errors.ts';
import type { Ground } from '../snapshot/ground.ts';
import { readIndex } from '../snapshot/index-reader.ts';
import type { RawPath } from '../snapshot/raw-path.ts';
import { makeTable, type Table } from '../snapshot/table.ts';
import { tellDisk } from '../snapshot/tell-disk.ts';
import type { WorkspacePort } from '../snapshot/workspace-port.ts';
import { foldsNames, openNameCheck } from './fold-names.ts';
import { type OutsideRules, openIgnoreFiles, readOutsideRules } from './ignore-files.ts';
import { isOwnFileSystem } from './is-own-file-system.ts';
import type { FolderList } from './list-folders.ts';
import { openQuickLook } from './open-quick-look.ts';
import { openSweeper } from './open-sweeper.ts';
import {
  type Conversions,
  expandPath,
  readConversions,
  readUserConfig,
  userConfigFolder,
} from './read-conversions.ts';
import { readFileWhole } from './read-file.ts';
import { scanUnknown } from './scan-folder.ts';
import { seedTable } from './seed-table.ts';

export type WorkspacePlace = {
  /** Real path. */
  readonly root: string;
  readonly gitDir?: string | undefined;
  readonly gitCommonDir?: string | undefined;
  /** Real path of the work tree the git folder belongs to, where that is not `root`. */
  readonly workTree?: string | undefined;
  readonly threads?: 1 | 2;
};

export function openWorkspace(
  place: WorkspacePlace,
): WorkspacePort & { readonly stop: Int32Array } {
  const { root } = place;
  const { ground, git, folds } = readPlaces(place);
  const excludes = git?.excludes ?? [];
  const files = git === undefined ? 0 : countIndexed(git.gitDir);
  const sweeper = openSweeper({ root, excludes, threads: place.threads ?? 2, files });
  return {
    root,
    ground,
    stop: sweeper.stop,
    objects: git?.isReadable ? join(git.commonDir, 'objects') : undefined,
    readOutsideRules: () => readOutsideRules(excludes),
    checkThere: () => checkThere(root),
    readIdentity() {
      const { dev, ino } = statSync(root, { bigint: true });
      return JSON.stringify([root, String(dev), String(ino), git?.commonDir ?? '']);
    },
    isStampedHere: () => isOwnFileSystem(root),
    openTable: (untilMs) =>
      git?.isReadable ? seedFrom(git, (table) => sweeper.beginEarly(table, untilMs)) : makeTable(),
    sweep: sweeper.sweep,
    read: folds ? openExactRead(root) : (path, limitBytes) => readFileWhole(root, path, limitBytes),
    walk: (path) => walkFolder(root, excludes, path),
    close: () => sweeper.close(),
  };
}

function checkThere(root: string): void {
  try {
    if (statSync(root).isDirectory()) return;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    // What else is in the way, the sweep tells of each path.
    if (code !== 'ENOENT' && code !== 'ENOTDIR') return;
  }
  throw new Failure('no-workspace', `the workspace ${root} is not there any more`, {
    data: { folder: root },
    hint: 'its checkpoints are safe: put the folder back, or make an empty one there to restore them into',
  });
}

/** What is there under another name is not there under this one: else a file renamed would be in two places. */
function openExactRead(root: string): WorkspacePort['read'] {
  const isNamedSo = openNameCheck(root);
  return (path, limitBytes) =>
    isNamedSo(path) ? readFileWhole(root, path, limitBytes) : { kind: 'gone' };
}

function readPlaces(place: WorkspacePlace) {
  try {
    return { ground: seeGround(place), git: readGitPlace(place), folds: foldsNames(place.root) };
  } catch (error) {
    throw tellDisk(error, `${place.root} cannot be looked at`, 'nothing was changed');
  }
}

function seeGround({ root, gitDir, gitCommonDir = gitDir }: WorkspacePlace): Ground {
  const { dev, ino, birthtimeNs } = statSync(root, { bigint: true });
  return {
    path: root,
    device: String(dev),
    inode: String(ino),
    ...(birthtimeNs > 0n ? { born: String(birthtimeNs) } : {}),
    ...(gitCommonDir === undefined ? {} : { gitCommonDir }),
  };
}

type GitPlace = {
  readonly root: string;
  readonly gitDir: string;
  readonly commonDir: string;
  readonly prefix: string;
  readonly excludes: readonly OutsideRules[];
  readonly above: readonly OutsideRules[];
  /** SHA-1 objects in files: sha256 and reftable repositories are only walked. */
  readonly isReadable: boolean;
  readonly config: ReturnType<typeof readUserConfig>;
};

function readGitPlace(place: WorkspacePlace): GitPlace | undefined {
  const { gitDir, root } = place;
  if (gitDir === undefined) return undefined;
  const commonDir = place.gitCommonDir ?? gitDir;
  const config = readUserConfig({ gitDir, commonDir });
  const format = config.get('extensions.objectformat');
  const refs = config.get('extensions.refstorage');
  const workTree = place.workTree ?? root;
  const inside = toRaw(relative(workTree, root));
  const prefix = inside === '' ? '' : `${inside}/`;
  return {
    root,
    gitDir,
    commonDir,
    config,
    prefix,
    excludes: [
      { file: readExcludesFile(config), lead: prefix },
      { file: join(commonDir, 'info', 'exclude'), lead: prefix },
      ...listAbove(workTree, root, '.gitignore'),
    ],
    above: listAbove(workTree, root, '.gitattributes'),
    isReadable: (format ?? 'sha1') === 'sha1' && (refs ?? 'files') === 'files',
  };
}

function toRaw(path: string): RawPath {
  return Buffer.from(path.split(sep).join('/')).toString('latin1');
}

/** Files of that name in the folders between the work tree and the workspace, the highest first. */
function listAbove(workTree: string, root: string, name: string): OutsideRules[] {
  const above: OutsideRules[] = [];
  for (let at = root; at !== workTree && at !== dirname(at); ) {
    at = dirname(at);
    above.unshift({ file: join(at, name), lead: `${toRaw(relative(at, root))}/` });
  }
  return above;
}

function readExcludesFile(config: GitPlace['config']): string {
  const named = config.get('core.excludesfile');
  return named === undefined ? join(userConfigFolder(), 'git', 'ignore') : expandPath(named);
}

type BeginSweep = (table: Table) => FolderList | undefined;

function seedFrom(git: GitPlace, beginSweep: BeginSweep): Table {
  const file = join(git.gitDir, 'index');
  if (!existsSync(file)) return makeTable();
  // Stat first: an index written while we read it then counts as older, and more entries as racy.
  const { mtimeNs } = statSync(file, { bigint: true });
  const index = readFileSync(file);
  const conversions = readConversions(git, listAttributeFiles(index, git.prefix));
  if (conversions.kind === 'all') return makeTable();
  const count = index.length > 12 ? index.readUInt32BE(8) : 0;
  const rows = Math.min(count, Math.ceil(index.length / 64));
  const table = makeTable(rows + (rows >> 1) + 1024, (rows >> 2) + 128, rows * 24 + 16_384);
  const list = beginSweep(table);
  try {
    const seeded = seedTable(table, {
      index,
      indexMtime: mtimeNs,
      prefix: git.prefix,
      isConverted: conversions.kind === 'some' ? touchesIn(conversions) : undefined,
      list,
    });
    if (seeded.why !== undefined) return makeTable();
    list?.close();
    return table;
  } finally {
    // Once closed, it stays as it is.
    list?.spoil();
  }
}

/** As the index says in its first bytes; 0 where there is none. */
function countIndexed(gitDir: string): number {
  const head = Buffer.alloc(12);
  const file = join(gitDir, 'index');
  if (!existsSync(file)) return 0;
  const opened = openSync(file, 'r');
  try {
    readSync(opened, head);
  } finally {
    closeSync(opened);
  }
  return head.readUInt32BE(8);
}

function touchesIn(conversions: Conversions): ((path: string) => boolean) | undefined {
  return conversions.kind === 'some' ? conversions.touches : undefined;
}

/** A quick look over the bytes first: most repositories name no such file, or one. */
function listAttributeFiles(index: Buffer, prefix: string): RawPath[] {
  const found: RawPath[] = ['.gitattributes'];
  if (index.indexOf('.gitattributes') < 0 && index.readUInt32BE(4) !== 4) return found;
  const decode = (from: number, to: number) => index.toString('latin1', from, to);
  readIndex(index, decode, ({ path }) => {
    if (path.endsWith('/.gitattributes') && path.startsWith(prefix))
      found.push(path.slice(prefix.length));
  });
  return found;
}

function walkFolder(root: string, excludes: readonly OutsideRules[], path: RawPath): RawPath[] {
  const { columns } = makeTable(1, 1, 1);
  const scan = {
    root,
    columns,
    names: Buffer.alloc(0),
    quick: openQuickLook(root, columns),
    device: undefined,
    rulesOf: openIgnoreFiles(root, excludes),
    changed: [] as RawPath[],
    found: [path],
    unreadable: [],
  };
  for (let next = scan.found.pop(); next !== undefined; next = scan.found.pop()) {
    scanUnknown(scan, next);
  }
  return scan.changed;
}
