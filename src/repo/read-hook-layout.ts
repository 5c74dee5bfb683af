/** Reads what is there of a repository's hooks, for planning to decide. Nothing of it is run. */
import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import {
  type Folder,
  type Found,
  type HookName,
  hookNames,
  judgeGround,
  type Layout,
  listPaths,
  spoolPath,
} from '../hooking/layout.ts';
import { type ConfigPlaces, type HooksPath, readHooksPath } from './read-hooks-path.ts';

export type HookLayout = Layout & { readonly hooksPath: HooksPath | undefined };

type Place = ConfigPlaces & {
  readonly root: string;
  readonly knowsConfigHooks: boolean;
};

const templateFolder = new URL('../../hooks/', import.meta.url);
const sizeLimitBytes = 4 << 20;

export function readHookLayout(place: Place): HookLayout {
  const { root, commonDir: common, knowsConfigHooks } = place;
  const hooksPath = readHooksPath(place);
  const usual = readFolder(join(common, 'hooks'), common, root);
  const folder =
    hooksPath === undefined ? usual : readFolder(resolve(root, hooksPath.value), common, root);
  const files = new Map<string, Found>();
  for (const path of listPaths(common, [folder.path, usual.path])) {
    const found = readFound(path);
    if (found !== undefined) files.set(path, found);
  }
  const templates = Object.fromEntries(
    hookNames.map((it) => [it, readFileSync(new URL(it, templateFolder), 'latin1')]),
  ) as Record<HookName, string>;
  const spool = readNames(spoolPath(common));
  return { common, folder, usual, files, knowsConfigHooks, templates, spool, hooksPath };
}

/** By its real path: a link may lead out of the repository. */
function readFolder(path: string, common: string, root: string): Folder {
  const real = realPath(path);
  return { path: real, ground: judgeGround(real, common, root), exists: existsSync(real) };
}

function realPath(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const parent = dirname(path);
  return parent === path ? path : join(realPath(parent), path.slice(parent.length));
}

function readFound(path: string): Found | undefined {
  try {
    const stat = lstatSync(path);
    if (stat.isSymbolicLink()) return { kind: 'link', target: readlinkSync(path) };
    if (!stat.isFile()) return { kind: 'other' };
    // Nobody writes such a script: a program, then, which no block goes into.
    const text = sizeLimitBytes < stat.size ? '\0' : readFileSync(path, 'latin1');
    return { kind: 'file', text, mode: stat.mode & 0o7777 };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function readNames(folder: string): string[] | undefined {
  try {
    return readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
