/** Before the first test: dist/ is what src/ says now, and there is a place for what tests write. */
import { rmSync } from 'node:fs';
import { buildDist } from './dist.mjs';
import { makeMemoryFolder } from './memory-folder.mjs';
import { inTurn } from './turn.mjs';

/** Resolves with what is to be done after the last one. */
export default async function prepareTests() {
  // Whether types are sound is for the checks to say.
  if (!(await inTurn(() => buildDist(['--noCheck'])))) throw new Error('src/ cannot be compiled');
  const folder = makeMemoryFolder();
  if (folder === undefined) return undefined;
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
