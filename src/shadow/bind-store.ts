/** Ties a store to the workspace that it was made for, and refuses it to any other. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../errors.ts';
import { readShape } from '../journal/json.ts';
import { type Ground, judgeLikeness } from '../snapshot/ground.ts';
import { makeFolder, writeDurable } from './durable-file.ts';

/** Asked before anything is made or changed. A workspace that moved, or was cloned anew, keeps its store. */
export function bindStore(stateFolder: string, ground: Ground): void {
  const file = join(stateFolder, 'workspace.json');
  refuseForeign(stateFolder);
  const known = readBinding(file);
  if (known !== undefined && judgeLikeness(known, ground) === 'other') throw refuse(known, ground);
  const text = `${JSON.stringify({ v: 1, ...ground })}\n`;
  if (known !== undefined && text === readFileSync(file, 'utf8')) return;
  makeFolder(stateFolder);
  writeDurable(file, Buffer.from(text));
}

function refuse(known: Ground, ground: Ground): Failure {
  return new Failure(
    'state-refused',
    `these checkpoints belong to ${known.path}, not to ${ground.path}`,
    {
      data: { belongsTo: known.path, asked: ground.path },
      hint: 'nothing was changed; give each workspace a folder of its own',
    },
  );
}

function refuseForeign(stateFolder: string): void {
  const uid = process.getuid?.();
  const owner = statSync(stateFolder, { throwIfNoEntry: false })?.uid;
  if (uid === undefined || owner === undefined || owner === uid) return;
  throw new Failure('state-refused', `the state folder ${stateFolder} belongs to another user`, {
    data: { path: stateFolder, owner },
    hint: 'nothing was changed; run clew as its owner',
  });
}

/** One that cannot be read says nothing against anybody. */
function readBinding(file: string): Ground | undefined {
  if (!existsSync(file)) return undefined;
  const known = readShape(readFileSync(file, 'utf8')) as Partial<Ground> | undefined;
  const isWhole = typeof known?.path === 'string' && typeof known.inode === 'string';
  return isWhole ? (known as Ground) : undefined;
}
