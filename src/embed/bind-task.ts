/** Ties the folder of a task's checkpoints to the one workspace that they are of. */
import { hash, randomUUID } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { link, open, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, parse, relative, resolve, sep } from 'node:path';
import type { Identity } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import type { KeepPlace } from '../shadow/keeper-thread.ts';
import { judgeLikeness } from '../snapshot/ground.ts';
import { readIdentity, refuseNewer, seeGround, stateVersion } from '../store/identity.ts';
import { openPrivateFolder } from '../store/private-folder.ts';
import { openSocketFolder } from '../store/socket-folder.ts';
import { locateWorkspace } from '../workspace/locate.ts';

export type TaskPlace = {
  readonly taskId: string;
  readonly workspacePath: string;
  readonly storagePath: string;
};

/** A host is told one commit for each checkpoint: nothing is left for later, whatever its size. */
const limitBytes = 2 ** 31 - 1;
const nameLimit = 40;
const hashDigits = 12;

export async function bindTask(task: TaskPlace): Promise<KeepPlace> {
  checkNames(task);
  const found = locateWorkspace(task.workspacePath);
  const root = realpathSync(task.workspacePath);
  refuseTooWide(root);
  const { gitDir, gitCommonDir } = found;
  const stateFolder = openTaskFolder(task);
  await bind(stateFolder, { task, root, gitCommonDir });
  await hideFrom(root, stateFolder);
  return {
    root,
    gitDir,
    gitCommonDir,
    // The repository may begin above the workspace.
    workTree: found.root === root ? undefined : found.root,
    stateFolder,
    socketFolder: openSocketFolder(process.env),
    limitBytes,
  };
}

function checkNames(task: TaskPlace): void {
  for (const field of ['taskId', 'workspacePath', 'storagePath'] as const) {
    if (typeof task[field] === 'string' && task[field] !== '') continue;
    throw new Failure('invalid-params', `${field} is missing`, {
      data: { field },
      hint: 'give a text that is not empty',
    });
  }
}

function refuseTooWide(root: string): void {
  if (root !== parse(root).root && root !== homedir()) return;
  throw new Failure('no-workspace', `${root} is too wide to be a workspace`, {
    data: { workspace: root },
    hint: 'give the folder of a project',
  });
}

/** A task's name may be anything; people still recognise its folder. */
function openTaskFolder({ taskId, storagePath }: TaskPlace): string {
  const name = taskId
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, nameLimit);
  const digits = hash('sha256', taskId, 'hex').slice(0, hashDigits);
  const folder = join(resolve(storagePath), `${name === '' ? 'task' : name}-${digits}`);
  try {
    openPrivateFolder(folder);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { code, message, data } = error;
    // Its own hint is for people at a command line.
    const hint = 'look at that folder, or give another storagePath';
    throw new Failure(code, message, { data, hint, cause: error });
  }
  return realpathSync(folder);
}

type Bond = {
  readonly task: TaskPlace;
  readonly root: string;
  readonly gitCommonDir: string | undefined;
};

async function bind(folder: string, { task, root, gitCommonDir }: Bond): Promise<void> {
  const ground = seeGround(root, gitCommonDir);
  const fresh: Identity = { v: stateVersion, id: task.taskId, ...ground };
  const known = readIdentity(folder);
  if (known === undefined && (await writeFirst(folder, fresh))) return;
  const bound = known ?? readIdentity(folder);
  if (bound === undefined)
    throw new Failure('damaged', `${join(folder, 'identity.json')} cannot be read`, {
      data: { taskId: task.taskId, path: folder },
      hint: 'it says which workspace the task is of; put it back, or use another task',
    });
  refuseNewer(folder, bound);
  if (judgeLikeness(bound, ground) === 'other')
    throw new Failure(
      'state-refused',
      `task ${task.taskId} is bound to ${bound.path}, not to ${root}`,
      {
        data: { taskId: task.taskId, bound: bound.path, workspace: root },
        hint: 'use another task or another storage for this workspace',
      },
    );
  if (JSON.stringify(bound) !== JSON.stringify(fresh)) await writeAgain(folder, fresh);
}

/** False when there is one already: of two who bind at once, one does. */
async function writeFirst(folder: string, identity: Identity): Promise<boolean> {
  const draft = await writeDraft(folder, identity);
  try {
    await link(draft, join(folder, 'identity.json'));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    await rm(draft);
  }
}

async function writeAgain(folder: string, identity: Identity): Promise<void> {
  await rename(await writeDraft(folder, identity), join(folder, 'identity.json'));
}

/** Durable, and not synchronous: it is the host's own thread that waits. */
async function writeDraft(folder: string, identity: Identity): Promise<string> {
  const draft = join(folder, `identity.json.${randomUUID()}.tmp`);
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(identity, null, 2)}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
  return draft;
}

/** A storage inside the workspace must neither get into checkpoints nor be restored. */
async function hideFrom(root: string, folder: string): Promise<void> {
  const inside = relative(root, folder);
  if (inside === '..' || inside.startsWith(`..${sep}`)) return;
  await writeFile(join(folder, '.gitignore'), '*\n', { mode: 0o600 });
}
