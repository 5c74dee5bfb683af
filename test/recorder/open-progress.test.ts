/** Progress through a real socket: told to who listens, redacted, often enough and not more often. */
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openProgress } from '../../src/recorder/open-progress.ts';
import { hearProgress } from '../../src/store/hear-progress.ts';
import type { Progress } from '../../src/store/serve-progress.ts';
import { makeFolder } from '../scratch.ts';

/** However busy the machine is. */
const waitFor = (look: () => void) => vi.waitFor(look, 60_000);

function openRig() {
  const folder = makeFolder();
  const moved = new Map<string, string>();
  const all = new Map<string, string>();
  let reads = 0;
  const refusals: unknown[] = [];
  const teller = openProgress({
    read(which) {
      reads += 1;
      const from = which === 'all' ? all : moved;
      const told = [...from].map(([step, text]) => ({
        session: `in ${step}`,
        step,
        text,
        from: 0,
      }));
      moved.clear();
      return told;
    },
    redact: (text) => text.replaceAll('secret', '[redacted]'),
    rootOf: (session) => (session.endsWith('b') ? '/other' : '/here'),
    folder: () => folder,
    refused: (error) => void refusals.push(error),
  });
  onTestFinished(() => teller.close());
  return { folder, teller, moved, all, refusals, reads: () => reads };
}

async function listen(path: string) {
  const told: Progress[] = [];
  let ended = false;
  const hearing = hearProgress(path, {
    hear: (it) => void told.push(it),
    ended() {
      ended = true;
    },
  });
  onTestFinished(() => hearing.close());
  return { told, hasEnded: () => ended };
}

test('who comes late has what there is, and then what moves in this workspace', async () => {
  const { teller, moved, all } = openRig();
  const path = teller.serve('/here', 'W1') ?? '';
  teller.serve('/other', 'W2');
  all.set('a', 'so far');
  all.set('b', 'elsewhere');
  const { told } = await listen(path);
  await waitFor(() => expect(told.map((it) => it.content)).toEqual(['so far']));
  moved.set('a', 'so far the secret').set('b', 'more');
  teller.wake();
  await waitFor(() =>
    expect(told.map((it) => it.content)).toEqual(['so far', 'so far the [redacted]']),
  );
});

test('while nobody listens nothing is put together', () => {
  const { teller, moved, reads } = openRig();
  teller.serve('/here', 'W1');
  moved.set('a', 'x');
  for (let n = 0; n < 1_000; n += 1) teller.wake();
  expect(reads()).toBe(0);
});

test('a thousand words are a few messages, the last of them whole', async () => {
  const { teller, moved } = openRig();
  const { told } = await listen(teller.serve('/here', 'W1') ?? '');
  let text = '';
  await waitFor(() => {
    moved.set('a', 'begun');
    teller.wake();
    expect(told.length).toBeGreaterThan(0);
  });
  const before = told.length;
  for (let n = 0; n < 1_000; n += 1) {
    text += `word ${n} `;
    moved.set('a', text);
    teller.wake();
  }
  await waitFor(() => expect(told.at(-1)?.content).toBe(text.slice(-4096)));
  expect(told.at(-1)?.from).toBe(text.length - 4096);
  expect(told.length - before).toBeLessThan(10);
});

test('the socket is its user’s alone, goes with its writer, and takes the place of a dead one', async () => {
  const { folder, teller, refusals } = openRig();
  const path = join(folder, 'W1.sock');
  writeFileSync(path, 'left behind');
  expect(teller.serve('/here', 'W1')).toBe(path);
  const { hasEnded } = await listen(path);
  await waitFor(() => expect(statSync(path).mode & 0o777).toBe(0o600));
  teller.close();
  await waitFor(() => expect([hasEnded(), existsSync(path)]).toEqual([true, false]));
  writeFileSync(path, '');
  teller.clear('W1');
  expect(existsSync(path)).toBe(false);
  expect(refusals).toEqual([]);
});

test('where there can be no socket, it is said and nothing else happens', async () => {
  const { teller, refusals } = openRig();
  teller.serve('/here', 'x'.repeat(200));
  await waitFor(() => expect(refusals.length).toBe(1));
  teller.wake();
});
