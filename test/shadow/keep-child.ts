/** A process among several on one workspace: leads or asks, takes checkpoint after checkpoint, and can die at a failpoint. */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { openKeeper } from '../../src/shadow/open-keeper.ts';
import { judgeLife, type ProcessMark, readOwnMark } from '../../src/store/process-mark.ts';
import { mintUlid } from '../../src/store/ulid.ts';
import { openTestShadow, type Place } from './open-test-shadow.ts';

const [folder = '', task = 'take', diesAt = ''] = process.argv.slice(2);
const place: Place = { folder, root: join(folder, 'work'), state: join(folder, 'state') };
const own = readOwnMark();

function say(...words: readonly (string | number)[]): void {
  writeSync(1, `${words.join(' ')}\n`);
}

const keeper = await openKeeper<ProcessMark>({
  openShadow: (holds) =>
    openTestShadow(place, {
      holds,
      failpoint: (name) => name === diesAt && process.kill(process.pid, 'SIGKILL'),
    }),
  placeLead() {
    const token = mintUlid(Date.now());
    return {
      folder: place.state,
      socket: join(folder, `${token}.sock`),
      token,
      marks: { own, judge: (mark) => judgeLife(mark, own) },
    };
  },
  onTrouble: (error) => say('trouble', String(error)),
});
say('ready', keeper.role);
for (let count = 0; task === 'take'; count += 1) {
  const before = performance.now();
  const paths = count % 3 === 0 ? undefined : ['a'];
  const at = Date.now();
  const taken = await keeper.take({ id: mintUlid(at), at, ...(paths ? { paths } : {}) });
  say('acked', taken.id, Math.round(performance.now() - before));
  if (count % 40 === 39) await keeper.prune({ keepLast: 1_000_000, before: Date.now() });
}
