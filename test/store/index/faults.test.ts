/** Faults 3 and 6: the one who builds the index is killed, and bits of its files are flipped or cut off. */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeFile, readSeal, writeSeal } from '../../../src/store/index/seal.ts';
import { openIndex } from '../../../src/store/index/trace-index.ts';
import { buildChild } from '../../build-child.ts';
import { makeFolder } from '../../scratch.ts';
import { hasTime, longestMs, seed, sizeOf, tellFigures } from '../../soak.ts';
import { openChance, tellStory } from '../../trace/story.ts';
import { type Answers, askAll } from './asking.ts';
import { openScribe } from './journals.ts';

const sizes = { kills: sizeOf(6, 1_000), flips: sizeOf(60, 6_000) };
const child = buildChild('store/index/ingest-child');

function runChild(folder: string, failpoint?: string) {
  const env = { ...process.env, ...(failpoint === undefined ? {} : { CLEW_FAILPOINT: failpoint }) };
  const often = failpoint === undefined ? [] : ['once'];
  const running = spawn(process.execPath, [child.main, folder, ...often], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<string | null>((done) =>
    running.once('exit', (_, signal) => done(signal)),
  );
  const began = new Promise((done) => running.stdout.once('data', done));
  return { running, began, ended };
}

async function answersIn(
  folder: string,
): Promise<{ answers: Answers; rebuilt: string | undefined }> {
  const index = await openIndex({
    path: join(folder, 'index.db'),
    journal: join(folder, 'journal'),
  });
  try {
    const { behind, rebuilt } = await index.catchUp();
    expect(behind).toBe(false);
    return { answers: await askAll(index), rebuilt };
  } finally {
    index.close();
  }
}

/** As one string, since a walk through both takes half as long as all the questions did. */
function expectSame(found: Answers, wanted: Answers, what: string): void {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) expect(found, what).toStrictEqual(wanted);
}

function writeStory(): { folder: string; journals: ReturnType<typeof tellStory> } {
  const folder = makeFolder();
  const journals = tellStory({ seed, writers: 5, turns: 12 });
  openScribe(join(folder, 'journal'), 200).write(journals.flat());
  return { folder, journals };
}

test(`killed at any time while it builds the index (seed ${seed})`, {
  timeout: longestMs,
}, async () => {
  const chance = openChance(seed);
  const { folder } = writeStory();
  const { answers: whole } = await answersIn(folder);
  let kills = 0;
  for (let n = 0; n < sizes.kills && hasTime(); n += 1) {
    const { running, began, ended } = runChild(folder);
    await began;
    const delayMs = chance.below(120);
    await new Promise((done) => setTimeout(done, delayMs));
    running.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    expectSame((await answersIn(folder)).answers, whole, `kill ${n} after ${delayMs} ms`);
    kills += 1;
  }
  tellFigures('who builds the index killed', { kills, wrong: 0 });
});

test.each([
  ['index-commit:crash@1'],
  ['index-commit:crash@4'],
  ['index-settle:crash@1'],
  ['index-make:crash@1'],
])('killed at %s', async (failpoint) => {
  const { folder } = writeStory();
  expect(await runChild(folder, failpoint).ended).toBe('SIGKILL');
  const { answers } = await answersIn(folder);
  const other = makeFolder();
  openScribe(join(other, 'journal'), 200).write(tellStory({ seed, writers: 5, turns: 12 }).flat());
  expect(answers).toEqual((await answersIn(other)).answers);
});

test(`bits flipped and ends cut off in its files (seed ${seed})`, {
  timeout: longestMs,
}, async () => {
  const chance = openChance(seed);
  const folder = makeFolder();
  const told = tellStory({ seed, writers: 5, turns: 12 }).flat();
  const scribe = openScribe(join(folder, 'journal'), 200);
  scribe.write(told.slice(0, told.length / 2));
  await answersIn(folder);
  scribe.write(told.slice(told.length / 2));
  // With much in the file, and with a log that was not moved into it yet.
  expect(await runChild(folder, 'index-commit:crash@4').ended).toBe('SIGKILL');
  const files = ['index.db', 'index.db-wal', 'index.db-shm'].filter((it) =>
    existsSync(join(folder, it)),
  );
  expect(files.length).toBe(3);
  const bytes = new Map(files.map((it) => [it, readFileSync(join(folder, it))]));
  const figures = { harmless: 0, detected: 0 };
  let whole: Answers | undefined;

  for (let n = 0; n < sizes.flips && hasTime(); n += 1) {
    const copy = makeFolder();
    for (const [name, text] of bytes) writeFileSync(join(copy, name), text);
    cpSync(join(folder, 'journal'), join(copy, 'journal'), { recursive: true });
    writeFileSync(join(copy, 'index.db-seal'), readFileSync(join(folder, 'index.db-seal')));
    const name = chance.pick(files);
    // A bit that rots changes no times; then only the checksums can tell.
    const isRot = chance.below(2) === 0;
    if (!isRot) keepTimes(join(copy, 'index.db'));
    const what =
      n === 0 ? 'nothing' : damage(join(copy, name), chance.below(4) === 0 ? 'cut' : 'flip');
    if (isRot) keepTimes(join(copy, 'index.db'));
    const { answers, rebuilt } = await answersIn(copy);
    whole ??= answers;
    expectSame(answers, whole, `${what} in ${name}, no ${n}`);
    figures[rebuilt === undefined ? 'harmless' : 'detected'] += 1;
    // Thousands of them would fill the disk before the test is over.
    rmSync(copy, { recursive: true });
  }
  tellFigures('index.db, bits and ends', { ...figures, wrong: 0 });

  /** As if the file had been left so, a long time ago. */
  function keepTimes(path: string): void {
    const seal = readSeal(path);
    if (seal === undefined) throw new Error(`${path} has no seal`);
    writeSeal(path, { ...seal, file: describeFile(path), checkedAt: 0 });
  }

  function damage(path: string, how: 'flip' | 'cut'): string {
    const found = readFileSync(path);
    const at = chance.below(found.length);
    if (how === 'cut') truncateSync(path, at);
    else {
      found[at] = (found[at] ?? 0) ^ (1 << chance.below(8));
      writeFileSync(path, found);
    }
    return `${how} at ${at}`;
  }
});
