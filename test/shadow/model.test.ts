/** Random edits, checkpoints, restores, undos and crashes against a model in memory: the tree is always the model's. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { Volume } from 'memfs';
import { expect, it } from 'vitest';
import type { Shadow } from '../../src/shadow/open-shadow.ts';
import { longestMs, sizeOf, tellFigures } from '../soak.ts';
import { placeInMemory } from './copy-place.ts';
import { dropPlace, makePlace, mintOrder, openTestShadow, type Place } from './open-test-shadow.ts';

const names = ['a', 'b', 'd/a', 'd/e/f', 'd/e/g', 'x/y'];
const path = fc.constantFrom(...names);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      path,
      text: fc.constantFrom('', 'one', 'two', 'six', 'a longer text\n'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('remove' as const),
      path: fc.oneof(path, fc.constantFrom('d', 'd/e', 'x')),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('rights' as const),
      path: fc.oneof(path, fc.constantFrom('d', 'd/e', 'void')),
      rights: fc.constantFrom(0o600, 0o640, 0o644, 0o664, 0o700, 0o755),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('folder' as const),
      path: fc.constantFrom('d', 'd/e', 'void', 'a', 'x/y'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('take' as const), hinted: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('restore' as const), which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('prune' as const) }) },
);

/** A tree as one value: text and rights of each file, and the folders. */
type Tree = Record<string, string>;

type Disk = {
  existsSync(path: string): boolean;
  statSync(path: string): { isDirectory(): boolean; mode: number };
  readdirSync(path: string): unknown;
  readFileSync(path: string, encoding: 'utf8'): unknown;
};

function readTree(disk: Disk, root: string, folder = ''): Tree {
  const tree: Tree = {};
  for (const name of disk.readdirSync(join(root, folder)) as string[]) {
    const inside = join(folder, name);
    const stat = disk.statSync(join(root, inside));
    const rights = (stat.mode & 0o7777).toString(8);
    if (stat.isDirectory())
      Object.assign(tree, { [`${inside}/`]: rights }, readTree(disk, root, inside));
    else tree[inside] = `${rights} ${disk.readFileSync(join(root, inside), 'utf8')}`;
  }
  return tree;
}

type Model = { volume: InstanceType<typeof Volume>; checkpoints: { id: string; tree: Tree }[] };

function writeModel({ volume }: Model, tree: Tree): void {
  volume.rmSync('/w', { recursive: true, force: true });
  volume.mkdirSync('/w');
  for (const [name, content] of Object.entries(tree)) {
    const [rights = ''] = content.split(' ');
    const mode = Number.parseInt(rights, 8);
    if (name.endsWith('/')) volume.mkdirSync(join('/w', name), { recursive: true, mode });
    else volume.writeFileSync(join('/w', name), content.slice(rights.length + 1), { mode });
  }
}

type Edit = { kind: string; path: string; text?: string; rights?: number };

/** As this machine makes them where nobody says how; memory has no umask. */
const usual = {
  file: { mode: 0o666 & ~process.umask() },
  folder: { mode: 0o777 & ~process.umask() },
};

/** The same edit on both; one that a file system would refuse is left out on both. */
function edit(model: Model, place: Place, one: Edit): void {
  const { kind, path: name, text = '', rights = 0 } = one;
  const inModel = join('/w', name);
  const onDisk = join(place.root, name);
  const isThere = model.volume.existsSync(inModel);
  const isFolder = isThere && model.volume.statSync(inModel).isDirectory();
  const blocked = dirname(name)
    .split('/')
    .some((_, at, all) => {
      const above = join('/w', all.slice(0, at + 1).join('/'));
      return model.volume.existsSync(above) && !model.volume.statSync(above).isDirectory();
    });
  if (blocked) return;
  if (kind === 'remove') {
    model.volume.rmSync(inModel, { recursive: true, force: true });
    rmSync(onDisk, { recursive: true, force: true });
  } else if (kind === 'rights' && isThere) {
    // A folder that its owner cannot enter is another story.
    const mode = isFolder ? rights | 0o700 : rights;
    model.volume.chmodSync(inModel, mode);
    chmodSync(onDisk, mode);
  } else if (kind === 'folder' && !isThere) {
    model.volume.mkdirSync(inModel, { recursive: true, ...usual.folder });
    mkdirSync(onDisk, { recursive: true });
  } else if (kind === 'write' && !isFolder) {
    for (const [disk, file] of [
      [model.volume, inModel],
      [{ mkdirSync, writeFileSync }, onDisk],
    ] as const) {
      disk.mkdirSync(dirname(file), { recursive: true, ...usual.folder });
      disk.writeFileSync(file, text, usual.file);
    }
  }
}

type Run = {
  readonly place: Place;
  readonly model: Model;
  readonly touched: Set<string>;
  shadow: Shadow;
  /** What crashed goes on holding its files, which a process that died would not: closed at the end. */
  readonly crashed: Shadow[];
};

const here = ({ model }: Run) => readTree(model.volume as unknown as Disk, '/w');
const there = ({ place }: Run) =>
  readTree({ existsSync, statSync, readdirSync, readFileSync } as Disk, place.root);

function goBack(run: Run, target: { id: string; tree: Tree }): { id: string; tree: Tree } {
  const safety = { id: mintOrder().id, tree: here(run) };
  const plan = run.shadow.plan(mintOrder({ id: safety.id }), target.id);
  expect(run.shadow.apply(safety.id, plan.steps).skipped).toEqual([]);
  run.model.checkpoints.push(safety);
  writeModel(run.model, target.tree);
  expect(there(run)).toEqual(target.tree);
  run.touched.clear();
  return safety;
}

/** A hint is only as good as what it names: all that was touched. */
function takeOne(run: Run, hinted: boolean): void {
  const taken = run.shadow.take(mintOrder(hinted ? { paths: [...run.touched] } : {}));
  run.touched.clear();
  run.model.checkpoints.push({ id: taken.id, tree: here(run) });
}

/** There, back, and there again. */
function restoreOne(run: Run, which: number): void {
  const { checkpoints } = run.model;
  const target = checkpoints[which % Math.max(1, checkpoints.length)];
  if (!target) return;
  const safety = goBack(run, target);
  goBack(run, safety);
  goBack(run, target);
}

function pruneSome(run: Run): void {
  const { dropped } = run.shadow.prune({ keepLast: 3, before: Number.MAX_SAFE_INTEGER });
  run.model.checkpoints = run.model.checkpoints.filter(({ id }) => !dropped.includes(id));
}

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

function act(run: Run, one: Step): void {
  if (one.kind === 'take') takeOne(run, one.hinted);
  else if (one.kind === 'restore') restoreOne(run, one.which);
  else if (one.kind === 'crash') {
    run.crashed.push(run.shadow);
    run.shadow = openTestShadow(run.place);
  } else if (one.kind === 'prune') pruneSome(run);
  else {
    edit(run.model, run.place, one);
    run.touched.add(one.path);
  }
}

it("the tree is the model's after every step, and every restore can be undone", {
  timeout: longestMs,
}, () => {
  const numRuns = sizeOf(500, 50_000);
  let runs = 0;
  const law = fc.property(fc.array(step, { minLength: 3, maxLength: 25 }), (steps) => {
    runs += 1;
    const place = makePlace(placeInMemory());
    const model: Model = { volume: Volume.fromJSON({}), checkpoints: [] };
    model.volume.mkdirSync('/w');
    const shadow = openTestShadow(place);
    const run: Run = { place, model, touched: new Set(), shadow, crashed: [] };
    try {
      for (const one of steps) {
        act(run, one);
        expect(there(run)).toEqual(here(run));
      }
      expect(run.shadow.list().map(({ id }) => id)).toEqual(model.checkpoints.map(({ id }) => id));
    } finally {
      for (const it of [...run.crashed, run.shadow]) it.close();
      dropPlace(place);
    }
  });
  fc.assert(law, { numRuns });
  tellFigures('against the model', { runs, wrong: 0 });
});
