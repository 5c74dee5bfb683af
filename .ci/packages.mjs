/** The installed packages: exactly those of the lockfile, installed only when they are not. */
import { createHash } from 'node:crypto';
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runQuietly } from './program.mjs';
import { say } from './say.mjs';
import { readStamp, writeStamp } from './stamp.mjs';

const lockfile = readFileSync(join(root, 'package-lock.json'), 'utf8');
const lock = createHash('sha256').update(lockfile).digest('hex');

export const arePackagesFresh = () => readStamp().lock === lock;

/** Somebody else's, shared by a link: nothing in it is ours to install, to build or to mark. */
export const arePackagesBorrowed = () =>
  lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink() ?? false;

/** False when they could not be installed. */
export async function installPackages() {
  if (arePackagesFresh()) return true;
  if (isInstalledByHand()) {
    writeStamp({ lock });
    return true;
  }
  say('   installing the packages of the lockfile (npm ci)');
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output } = await runQuietly('npm ci', 'npm', args);
  if (code === 0) writeStamp({ lock });
  else
    say(`${output}\n   npm ci ended with ${code}; without the packages nothing else can be done`);
  return code === 0;
}

/** npm keeps a lockfile of what it put there; when that says the same, there is nothing to do. */
function isInstalledByHand() {
  let found;
  try {
    found = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8'));
  } catch {
    return false; // nothing installed, or by another program
  }
  return Object.entries(JSON.parse(lockfile).packages).every(
    ([path, wanted]) =>
      path === '' || wanted.optional || found.packages[path]?.version === wanted.version,
  );
}
