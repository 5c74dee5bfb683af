/** How quickly it is known who wrote which line: one edit, many files at once, a file with a long history. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { explainChange } from '../../src/attribution/explain-change.ts';
import { unseen } from '../../src/attribution/origin.ts';
import { readText } from '../../src/attribution/text-lines.ts';
import { openContext } from '../../src/methods/context.ts';
import { nameText } from '../../src/methods/name-text.ts';
import { openAttribution } from '../../src/methods/open-attribution.ts';
import { answer } from '../../src/methods/table.ts';
import { openStateHome, openWorkspaceFolder } from '../../src/store/state-folder.ts';
import type { Act } from '../../src/undo/act.ts';
import type { Bench, Figure } from './figure.ts';

const rounds = 7;
const manyFiles = 2000;
const manyVersions = 200;
const megabyte = 1e6;

export const attribution: Bench = {
  name: 'attribution',
  about: 'who wrote which line; versions are read from a real shadow repository',
  async run(): Promise<readonly Figure[]> {
    return [oneLine(), ...(await filesAtOnce()), ...(await longHistory())];
  },
};

function linesOf(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `  const value${at} = compute(${at * 7});`);
}

function time<T>(work: () => T): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function oneLine(): Figure {
  const old = linesOf(10_000);
  const before = `${old.join('\n')}\n`;
  const [was, made] = [`${old[5000]}\n`, '  const changed = 1;\n'];
  const after = before.replace(was, made);
  const measured = Array.from({ length: rounds * 3 }, () =>
    time(() => {
      const base = readText(before);
      explainChange({
        before: { ...base, origins: new Array(base.lines.length).fill(unseen) },
        after: readText(after),
        suspects: [
          {
            by: { session: 's', turn: 't', step: 'u' },
            claims: [{ before: was, after: made, isWhole: false }],
            witness: 'W',
            isUntold: false,
            isAble: false,
          },
        ],
        seen: 'c',
      });
    }),
  );
  return { name: 'one line of 10,000, claimed', unit: 'ms', rounds: measured, bar: { atMost: 10 } };
}

/** A workspace in which files are written and checkpoints taken, as by a session. */
async function openPlace() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'clew-bench-attribution-')));
  const root = join(folder, 'work');
  mkdirSync(root);
  const env = { CLEW_HOME: join(folder, 'state'), HOME: folder, XDG_RUNTIME_DIR: '' };
  openWorkspaceFolder({ home: openStateHome(env), workspace: root });
  const open = () => openContext({ folder: root, env });
  const context = open();
  const keeper = await context.keeper();
  let count = 0;
  return {
    root,
    open,
    context,
    async take(acts: readonly Act[] = [], texts: readonly string[] = []) {
      count += 1;
      const marks = { reason: 'step', session: 'S', turn: 'T' };
      await keeper.take({ ...context.mint(), marks, acts, texts });
      return count;
    },
    async close() {
      await context.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const command: Act = {
  by: { session: 'S', turn: 'T', step: 'C' },
  paths: [],
  reach: 'anything',
};

type Place = Awaited<ReturnType<typeof openPlace>>;

const text = linesOf(100);

function writeAll(place: Place, round: number): void {
  for (let at = 0; at < manyFiles; at += 1) {
    const own = [...text, `// file ${at}`];
    own[50] = `  changed in round ${round} of file ${at}`;
    writeFileSync(join(place.root, `f${at}`), `${own.join('\n')}\n`);
  }
}

async function filesAtOnce(): Promise<Figure[]> {
  const place = await openPlace();
  const one: number[] = [];
  const all: number[] = [];
  writeAll(place, 0);
  await place.take();
  for (let round = 1; round <= 3; round += 1) {
    writeAll(place, round);
    await place.take([command]);
    let start = performance.now();
    await answer(place.context, 'blame/file', { path: 'f0' });
    one.push(performance.now() - start);
    start = performance.now();
    await openAttribution(place.context);
    all.push(performance.now() - start);
  }
  const growth = await measureGrowth(place);
  await place.close();
  const name = `${manyFiles} files changed at once`;
  return [
    { name: `${name}, all explained`, unit: 'ms', rounds: all, bar: { atMost: 2000 } },
    { name: `${name}, blame of one`, unit: 'ms', rounds: one, bar: { atMost: 200 } },
    ...growth,
  ];
}

const blames = 200;

/** One process that stays and is asked of one file after the other; now and then it has to fold everything anew. */
async function measureGrowth(place: Place): Promise<Figure[]> {
  const cache = join(place.context.folder().path, 'attribution.ndjson');
  async function askAll(): Promise<void> {
    for (let at = 0; at < blames; at += 1) {
      if (at % 50 === 0) rmSync(cache, { force: true });
      await answer(place.context, 'blame/file', { path: `f${(at * 37) % manyFiles}` });
      if (at % 50 === 0) await openAttribution(place.context);
    }
  }
  await askAll();
  const warm = measureMemory();
  await askAll();
  const end = measureMemory();
  const name = `memory grown by ${blames} more blames`;
  const grown = (of: keyof typeof end) => [Math.max(0, end[of] - warm[of])];
  return [
    { name: `${name}: heap`, unit: 'MB', rounds: grown('heap'), bar: { atMost: 8 } },
    { name: `${name}: process`, unit: 'MB', rounds: grown('all'), bar: { atMost: 32 } },
  ];
}

function measureMemory(): { heap: number; all: number } {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  gc();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed / megabyte, all: rss / megabyte };
}

async function longHistory(): Promise<Figure[]> {
  const place = await openPlace();
  const lines = linesOf(5000);
  const file = join(place.root, 'long');
  writeFileSync(file, `${lines.join('\n')}\n`);
  await place.take();
  for (let version = 1; version < manyVersions; version += 1) {
    const at = (version * 2477) % lines.length;
    const [before, after] = [`${lines[at]}\n`, `  edit ${version} of the agent\n`];
    lines[at] = after.trimEnd();
    writeFileSync(file, `${lines.join('\n')}\n`);
    const told = [{ path: 'long', before: nameText(before), after: nameText(after) }];
    const by = { session: 'S', turn: 'T', step: `E${version}` };
    await place.take([{ by, paths: ['long'], reach: 'named', told }], [before, after]);
  }
  const cache = join(place.context.folder().path, 'attribution.ndjson');
  const ask = async () => {
    const start = performance.now();
    const { totals } = await answer(place.context, 'blame/file', { path: 'long' });
    if (totals.W < manyVersions - 1) throw new Error(`only ${totals.W} lines were credited`);
    return performance.now() - start;
  };
  const cold: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    rmSync(cache, { force: true });
    cold.push(await ask());
  }
  const warm: number[] = [];
  for (let round = 0; round < rounds; round += 1) warm.push(await ask());
  await place.close();
  const name = `blame of 5,000 lines, ${manyVersions} versions`;
  return [
    { name: `${name}, known`, unit: 'ms', rounds: warm, bar: { atMost: 200 } },
    { name: `${name}, nothing kept`, unit: 'ms', rounds: cold, bar: { atMost: 200 } },
  ];
}
