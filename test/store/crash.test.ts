/** Fault 1: a writing process that is killed at any moment, and at each named place. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { settleJournals } from '../../src/store/settle-journals.ts';
import { verifyJournals } from '../../src/store/verify-journals.ts';
import { buildChild } from '../build-child.ts';
import { hasTime, isSoak, longestMs, seed, sizeOf, tellFigures } from '../soak.ts';
import { makeFolder, openDice, openWriter, readBack } from './make-journal.ts';

const child = buildChild('store/writing-child');

type Killed = { readonly writer: string; readonly promised: number };

function start(folder: string, failpoint = ''): ChildProcess {
  return spawn(process.execPath, [child.main, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, CLEW_FAILPOINT: failpoint },
  });
}

/** What the child had printed when it died; `onWord` hears each promise. */
async function outlive(running: ChildProcess, onWord: () => void): Promise<Killed> {
  let said = '';
  running.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    onWord();
  });
  const [, signal] = await once(running, 'close');
  expect(signal).toBe('SIGKILL');
  // A last word that was cut off in the middle promises nothing.
  const words = said
    .slice(0, said.lastIndexOf('\n') + 1)
    .trim()
    .split('\n');
  const [writer = '', seq = '0'] = (words.at(-1) ?? '').split(' ');
  return { writer, promised: Number(seq) };
}

/** Every promise is kept, damage is at most a torn tail, and the next start puts that in order. */
async function checkRemains(folder: string, { writer, promised }: Killed): Promise<void> {
  const remains = readBack(folder);
  expect(remains.problems.filter((it) => it.kind !== 'torn-tail')).toEqual([]);
  const seqs = remains.entries.map((it) => it.seq);
  expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => index + 1));
  expect(seqs.length).toBeGreaterThanOrEqual(promised);

  const next = openWriter(folder);
  const { lost, problems } = settleJournals(folder);
  expect(problems.length).toBeLessThanOrEqual(1);
  if (promised > 0) expect(lost).toMatchObject([{ writer, lastSeq: seqs.length }]);
  for (const it of lost) {
    next.append({ event: { type: 'writer-lost', writer: it.writer, lastSeq: it.lastSeq } });
    await next.acknowledge();
    it.forget();
  }
  await next.close();
  expect(settleJournals(folder)).toEqual({ lost: [], problems: [] });
  expect(await verifyJournals(folder)).toMatchObject({ sound: true, problems: [] });
  expect(readBack(folder).entries.length).toBe(seqs.length + lost.length);
}

const kills = sizeOf(20, 2_000);

/** At once, since each mostly waits: for a program to start, for its time to come, for the disk. */
const lanes = 4;

type Tally = { kills: number; promised: number; torn: number };

test(`killed at any moment, ${kills} times: everything that was promised is there`, {
  timeout: longestMs,
}, async () => {
  const tally: Tally = { kills: 0, promised: 0, torn: 0 };
  const all = Array.from({ length: lanes }, (_, lane) => killInTurn(openDice(seed + lane), tally));
  await Promise.all(all);
  tellFigures('a writer killed', { ...tally, lost: 0 });
  expect(tally.promised).toBeGreaterThan(0);
});

async function killInTurn(dice: () => number, tally: Tally): Promise<void> {
  while (tally.kills < kills && hasTime()) {
    tally.kills += 1;
    const folder = makeFolder();
    const running = start(folder);
    let isDoomed = false;
    const killed = await outlive(running, () => {
      if (!isDoomed) setTimeout(() => running.kill('SIGKILL'), dice() * 60);
      isDoomed = true;
    });
    tally.promised += killed.promised;
    tally.torn += readBack(folder).problems.length;
    await checkRemains(folder, killed);
    rmSync(folder, { recursive: true });
  }
}

const places = [
  'journal-created',
  'journal-write',
  'journal-torn',
  'journal-sync',
  'journal-synced',
  'journal-rotate',
];

test.each(places)('killed at %s', async (place) => {
  for (const pass of isSoak ? [1, 2, 3, 5, 9] : [1, 3]) {
    const folder = makeFolder();
    const killed = await outlive(start(folder, `${place}:crash@${pass}`), () => {});
    if (place === 'journal-torn') expect(readBack(folder).problems.length).toBe(1);
    await checkRemains(folder, killed);
  }
});
