/** Fault 1: a writing process that is killed at any moment, and at each named place. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
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

test(`killed at any moment, ${kills} times: everything that was promised is there`, {
  timeout: longestMs,
}, async () => {
  const dice = openDice(seed);
  let promised = 0;
  let torn = 0;
  let round = 0;
  for (; round < kills && hasTime(); round += 1) {
    const folder = makeFolder();
    const running = start(folder);
    let isDoomed = false;
    const killed = await outlive(running, () => {
      if (!isDoomed) setTimeout(() => running.kill('SIGKILL'), dice() * 60);
      isDoomed = true;
    });
    promised += killed.promised;
    torn += readBack(folder).problems.length;
    await checkRemains(folder, killed);
  }
  tellFigures('a writer killed', { kills: round, promised, torn, lost: 0 });
  expect(promised).toBeGreaterThan(0);
});

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
