/** dist/, compiled from src/ whenever something there is newer. */
import {
  chmodSync,
  existsSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { root, runQuietly, toolPath } from './program.mjs';
import { say } from './say.mjs';

const dist = join(root, 'dist');

/** Folders count too: a file that was deleted shows only there. */
export function isDistFresh() {
  const builtAt = statSync(dist, { throwIfNoEntry: false })?.mtimeMs;
  if (builtAt === undefined) return false;
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const paths = [
    'tsconfig.json',
    'package-lock.json',
    'src',
    ...sources.map((it) => join('src', it)),
  ];
  return paths.every((it) => statSync(join(root, it)).mtimeMs <= builtAt);
}

/** Builds beside the old one and changes places, so that nobody meets half a program. `flags` are for tsc. */
export async function buildDist(flags = []) {
  if (isDistFresh()) return true;
  const since = new Date();
  const fresh = join(root, `dist.${process.pid}`);
  say('   compiling src/ into dist/');
  const args = ['-p', '.', '--outDir', fresh, ...flags];
  const { code, output } = await runQuietly('tsc', toolPath('tsc'), args);
  if (code !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    say(`${output}\n   src/ does not compile; dist/ is left as it was`);
    return false;
  }
  if (existsSync(join(fresh, 'main.js'))) chmodSync(join(fresh, 'main.js'), 0o755);
  utimesSync(fresh, since, since);
  const old = `${fresh}.old`;
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
  return true;
}
