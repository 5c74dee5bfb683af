/** Random tests walk the path of the seed, the same every day, so that a change is judged by what it changed. */
import fc from 'fast-check';
import { endsAfterMs, seed } from './soak.ts';

fc.configureGlobal({
  seed,
  ...(endsAfterMs === undefined ? {} : { interruptAfterTimeLimit: endsAfterMs }),
});
