/** The process that is killed at random: edits, takes, goes back and prunes for ever, and says beforehand and afterwards what it does. */
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openTestShadow, type Place } from './open-test-shadow.ts';
import { printTree } from './print-tree.ts';

const [folder = '', life = '0', seed = '1'] = process.argv.slice(2);
const place: Place = { folder, root: join(folder, 'work'), state: join(folder, 'state') };

let dice = Number(seed);
function roll(sides: number): number {
  dice = (Math.imul(dice, 1_103_515_245) + 12_345) & 0x7fffffff;
  return (dice >> 8) % sides;
}

function say(...words: readonly (string | number)[]): void {
  writeSync(1, `${words.join(' ')}\n`);
}

const names = ['a', 'b', 'c/d', 'c/e/f', 'g/h', 'g/i', 'k/l/m', 'run'];

/** Never half done for the judge: it says so before, and what came of it after. */
function edit(): void {
  say('editing');
  for (let turn = 1 + roll(6); turn > 0; turn -= 1) {
    const name = names[roll(names.length)] ?? 'a';
    const path = join(place.root, name);
    const kind = roll(6);
    const gone = kind === 0 ? (name.split('/')[0] ?? name) : name;
    rmSync(join(place.root, gone), { recursive: true, force: true });
    mkdirSync(join(path, '..'), { recursive: true });
    if (kind === 1) mkdirSync(path, { recursive: true });
    else if (kind === 2) symlinkSync('a', path);
    else writeFileSync(path, `${life} ${roll(1000)}\n`.repeat(1 + roll(400)));
    if (kind === 3) chmodSync(path, 0o755);
  }
  say('edited');
}

let minted = 0;
function mint() {
  minted += 1;
  return { id: `01K${life.padStart(10, '0')}${String(minted).padStart(13, '0')}`, at: Date.now() };
}

const shadow = openTestShadow(place, { isHelped: Number(life) % 3 === 0 });
const trees = new Map<string, string>();
say('ready', shadow.rolledForward.map((report) => report.id).join(','));
for (;;) {
  if (roll(2) === 0) edit();
  const tree = printTree(place.root);
  const taken = shadow.take(mint());
  trees.set(taken.id, tree);
  say('acked', taken.id, JSON.stringify(tree));
  const ids = [...trees.keys()];
  const target = ids[roll(ids.length)] ?? taken.id;
  const safety = mint();
  const { steps } = shadow.plan(safety, target);
  trees.set(safety.id, tree);
  say('acked', safety.id, JSON.stringify(tree));
  say('restoring', safety.id, JSON.stringify(tree), JSON.stringify(trees.get(target)));
  const { skipped } = shadow.apply(safety.id, steps);
  say('restored', JSON.stringify(skipped));
  if (roll(4) !== 0) continue;
  say('pruning');
  const { dropped } = shadow.prune({ keepLast: 6, before: Number.MAX_SAFE_INTEGER });
  for (const id of dropped) trees.delete(id);
  say('pruned', dropped.join(','));
}
