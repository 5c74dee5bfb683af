/** better-sqlite3, the one native module: built when it does not load; clew records without it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, runQuietly } from './program.mjs';
import { elapsedSeconds, say } from './say.mjs';
import { readStamp, writeStamp } from './stamp.mjs';

const host = `${process.platform}-${process.arch}-${process.versions.modules}`;
const binary = join(root, 'node_modules/better-sqlite3/build/Release/better_sqlite3.node');
const trial = "new (require('better-sqlite3'))(':memory:').close()";

/** A build that failed counts as settled too: nobody should wait three minutes for it each time. */
export function isNativeModuleSettled() {
  const { native } = readStamp();
  return native?.host === host && (!native.loads || existsSync(binary));
}

export function sayWhatIsUnavailable() {
  if (readStamp().native?.loads !== false) return;
  say(
    '   better-sqlite3 could not be built for this Node. `clew acp` forwards and records all the',
  );
  say('   same; `clew log`, `show` and what else needs the index will answer "index unavailable",');
  say('   and their tests fail. To try once more: npm run setup -- --again');
}

export async function buildNativeModule() {
  if (isNativeModuleSettled()) return;
  if (await loads()) {
    writeStamp({ native: { host, loads: true } });
    return;
  }
  const since = Date.now();
  say('   building better-sqlite3: seconds where a ready binary can be downloaded, about three');
  say('   minutes where it has to be compiled');
  const args = ['rebuild', 'better-sqlite3', '--ignore-scripts=false'];
  const { output } = await runQuietly('building better-sqlite3', 'npm', args);
  const built = await loads();
  writeStamp({ native: { host, loads: built } });
  if (built) say(`   better-sqlite3 is built, after ${elapsedSeconds(since)} s`);
  else say(output.split('\n').slice(-15).join('\n'));
}

async function loads() {
  const { code } = await runQuietly('trying better-sqlite3', process.execPath, ['-e', trial]);
  return code === 0;
}
