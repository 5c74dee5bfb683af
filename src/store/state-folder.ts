/** Where clew keeps what it knows: one private home per user, and in it one folder for each workspace. */
import { hash } from 'node:crypto';
import { statSync, writeFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import type { Identity } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import { type Ground, judgeLikeness, type Likeness } from '../snapshot/ground.ts';
import { readIdentity, refuseNewer, seeGround, stateVersion, writeIdentity } from './identity.ts';
import { readNames } from './journal-names.ts';
import { readLeases } from './lease.ts';
import { openPrivateFolder, refuseUnusable } from './private-folder.ts';

export type WorkspaceFolder = {
  /** Name of the folder in the home. */
  readonly id: string;
  readonly path: string;
  /** The folder of the journals. */
  readonly journal: string;
  /** The file of the index. */
  readonly index: string;
  /** The file of the state store. */
  readonly state: string;
  /** The folder of the layers. */
  readonly layers: string;
};

export type OpenedFolder = WorkspaceFolder & {
  /** How this workspace's state was found; `before` is what identity.json said until now. */
  readonly found: 'new' | Exclude<Likeness, 'other'>;
  readonly before: Identity | undefined;
};

export type WorkspaceGround = {
  readonly home: string;
  /** Real path. */
  readonly workspace: string;
  readonly gitCommonDir?: string;
};

type Candidate = { readonly id: string; readonly identity: Identity; readonly likeness: Likeness };

const roomName = 'workspaces';
const nameLimit = 40;
const hashDigits = 12;

export function openStateHome(env: Readonly<Record<string, string | undefined>>): string {
  const home = nameStateHome(env);
  openPrivateFolder(home, (names) => names.length === 0 || names.includes(roomName));
  return home;
}

/** What was found is verified; what has changed is written down; what is new is made. */
export function openWorkspaceFolder(where: WorkspaceGround): OpenedFolder {
  const room = join(where.home, roomName);
  openPrivateFolder(room);
  const ground = seeGround(where.workspace, where.gitCommonDir);
  return refuseUnusable(room, () => {
    keepApart(where.home);
    return openOn(room, ground);
  });
}

/** A home that lies in a workspace is no part of it: of no checkpoint, and of no commit. */
function keepApart(home: string): void {
  const rules = join(home, '.gitignore');
  // An empty one is left where the disk was full.
  if (!statSync(rules, { throwIfNoEntry: false })?.size)
    writeFileSync(rules, '*\n', { mode: 0o600 });
}

/** For those who only read: makes nothing. Undefined when nothing was ever recorded there. */
export function findWorkspaceFolder(where: WorkspaceGround): WorkspaceFolder | undefined {
  const room = join(where.home, roomName);
  const ground = seeGround(where.workspace, where.gitCommonDir);
  const known = refuseUnusable(room, () => findCandidate(room, ground));
  if (known === undefined) return undefined;
  const folder = folderOf(room, known.id);
  refuseNewer(folder.path, known.identity);
  return folder;
}

export type Worktree = { readonly path: string; readonly state: WorkspaceFolder };

/** Other workspaces of the same repository, also such as are gone by now. */
export function listWorktrees({ home, workspace, gitCommonDir }: WorkspaceGround): Worktree[] {
  const room = join(home, roomName);
  if (gitCommonDir === undefined) return [];
  return readNames(room).flatMap((id): Worktree[] => {
    const identity = readIdentity(join(room, id));
    const isOther = identity?.gitCommonDir === gitCommonDir && identity.path !== workspace;
    const isReadable = isOther && identity.v <= stateVersion;
    return isReadable ? [{ path: identity.path, state: folderOf(room, id) }] : [];
  });
}

function openOn(room: string, ground: Ground): OpenedFolder {
  const known = findCandidate(room, ground);
  const before = known?.identity;
  const id = known?.id ?? nameNew(room, ground.path);
  const folder = folderOf(room, id);
  if (before !== undefined) refuseNewer(folder.path, before);
  openPrivateFolder(folder.path);
  openPrivateFolder(folder.journal);
  // Who did not look for a repository does not say that there is none.
  const gitCommonDir = ground.gitCommonDir ?? before?.gitCommonDir;
  const git = gitCommonDir === undefined ? {} : { gitCommonDir };
  const identity: Identity = { v: stateVersion, id, ...ground, ...git };
  if (JSON.stringify(identity) !== JSON.stringify(before)) writeIdentity(folder.path, identity);
  const found = known === undefined || known.likeness === 'other' ? 'new' : known.likeness;
  return { ...folder, found, before };
}

function nameStateHome(env: Readonly<Record<string, string | undefined>>): string {
  const own = env['CLEW_HOME'];
  if (own !== undefined && own !== '') {
    if (isAbsolute(own)) return own;
    throw new Failure('state-refused', `CLEW_HOME is not an absolute path: ${own}`, {
      hint: 'an editor may start clew anywhere: write the whole path',
    });
  }
  const state = env['XDG_STATE_HOME'];
  // The specification tells us to pass over relative ones.
  if (state !== undefined && isAbsolute(state)) return join(state, 'clew');
  // Node believes a HOME that is empty, or is no whole path.
  const home = [env['HOME'] ?? '', homedir()].find(isAbsolute) ?? userInfo().homedir;
  return join(home, '.local', 'state', 'clew');
}

function folderOf(room: string, id: string): WorkspaceFolder {
  const path = join(room, id);
  const [index, state] = [join(path, 'index.db'), join(path, 'state.db')];
  return { id, path, journal: join(path, 'journal'), index, state, layers: join(path, 'layers') };
}

/**
 * A folder cloned anew or put back from a backup keeps its history: whoever lost a workspace needs the way
 * back. It does not when somebody in another container or on another machine writes it just now under the
 * same path: that is another folder. A folder that was moved keeps it where its birth proves that it is
 * the same; otherwise it begins anew, since inode numbers are given away again at once.
 */
function findCandidate(room: string, ground: Ground): Candidate | undefined {
  const usual = readCandidate(room, nameFolder(ground.path, 0), ground);
  if (usual?.likeness === 'same') return usual;
  const all = readNames(room)
    .map((id) => readCandidate(room, id, ground))
    .filter((it) => it !== undefined);
  const like = (likeness: Likeness) => all.filter((it) => it.likeness === likeness);
  return (
    like('same')[0] ??
    like('moved').find((it) => !stillLeadsThere(it.identity)) ??
    like('replaced').find((it) => !isWrittenElsewhere(folderOf(room, it.id)))
  );
}

function readCandidate(room: string, id: string, ground: Ground): Candidate | undefined {
  const identity = readIdentity(join(room, id));
  return identity && { id, identity, likeness: judgeLikeness(identity, ground) };
}

/** Then one folder is seen under two paths, as bind mounts show it. */
function stillLeadsThere({ path, inode }: Identity): boolean {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return String(stat?.ino) === inode;
}

function isWrittenElsewhere({ journal }: WorkspaceFolder): boolean {
  return readLeases(journal).some((it) => it.state === 'elsewhere' || it.state === 'silent');
}

function nameNew(room: string, workspace: string): string {
  for (let attempt = 0; ; attempt += 1) {
    const id = nameFolder(workspace, attempt);
    if (readIdentity(join(room, id)) === undefined) return id;
  }
}

/** A name that people recognise, and a hash that tells workspaces of one name apart. */
function nameFolder(workspace: string, attempt: number): string {
  const name = basename(workspace)
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, nameLimit);
  const salted = attempt === 0 ? workspace : `${workspace}\0${attempt}`;
  return `${name === '' ? 'root' : name}-${hash('sha256', salted, 'hex').slice(0, hashDigits)}`;
}
