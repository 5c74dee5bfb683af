/** Makes a fresh clone ready: packages, the one native module, dist/. Says and does nothing when it is. */
import './node-version.mjs';
import { buildDist, isDistFresh } from './dist.mjs';
import {
  buildNativeModule,
  isNativeModuleSettled,
  sayWhatIsUnavailable,
} from './native-module.mjs';
import { arePackagesFresh, installPackages } from './packages.mjs';
import { elapsedSeconds, say } from './say.mjs';
import { writeStamp } from './stamp.mjs';
import { inTurn } from './turn.mjs';

const isReady = () => arePackagesFresh() && isNativeModuleSettled() && isDistFresh();

async function setUp() {
  if (!(await installPackages())) return false;
  await buildNativeModule();
  return buildDist();
}

if (process.argv.includes('--again')) writeStamp({ native: undefined });

let succeeded = true;
if (!isReady()) {
  say('setting up');
  succeeded = await inTurn(setUp);
  say(succeeded ? `ready, after ${elapsedSeconds()} s` : 'set-up failed');
}
sayWhatIsUnavailable();
process.exitCode = succeeded ? 0 : 1;
