/** The process that crash tests kill: does one scenario, says what was acknowledged, dies at its failpoint. */
import { appendFileSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { mintOrder, openTestShadow, type Place } from './open-test-shadow.ts';

const [scenario = '', folder = '', target = ''] = process.argv.slice(2);
const place: Place = { folder, root: join(folder, 'work'), state: join(folder, 'state') };
const [, wanted = '', turn = '0'] =
  /^(.+):crash@(\d+)$/.exec(process.env.CLEW_FAILPOINT ?? '') ?? [];
const counts = new Map<string, number>();

function failpoint(name: string): void {
  const count = (counts.get(name) ?? 0) + 1;
  counts.set(name, count);
  if (wanted === '') say(`point ${name} ${count}`);
  if (name === wanted && count === Number(turn)) process.kill(process.pid, 'SIGKILL');
}

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

const shadow = openTestShadow(place, { failpoint });
if (scenario === 'take') {
  const id = `01CRASH${String(process.pid).padStart(19, '0')}`;
  appendFileSync(join(place.root, 'a'), `more ${process.pid}\n`);
  writeFileSync(join(place.root, `new-${process.pid}`), 'fresh');
  const taken = shadow.take(mintOrder({ id }));
  say(`acked ${taken.id} ${taken.tree}`);
} else if (scenario === 'restore') {
  const steps = JSON.parse(readFileSync(join(folder, 'steps.json'), 'utf8'));
  shadow.apply(target, steps);
  say('restored');
} else say(`rolled ${shadow.rolledForward.length}`);
shadow.close();
