/** Before the first test: dist/ is what src/ says now. Whether its types are sound is for the checks to say. */
import { buildDist } from './dist.mjs';
import { inTurn } from './turn.mjs';

export default async function buildFirst() {
  if (!(await inTurn(() => buildDist(['--noCheck'])))) throw new Error('src/ cannot be compiled');
}
