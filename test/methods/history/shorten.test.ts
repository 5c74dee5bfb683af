/** history/shorten: ten thousand turns stay within the budget; state, tasks and living writers are not touched. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Event } from '../../../src/contract/types.gen.ts';
import type { Entry } from '../../../src/journal/entry.ts';
import { listJournals } from '../../../src/store/journal-names.ts';
import { readJournalFile } from '../../../src/store/journal-reader.ts';
import { takeLease } from '../../../src/store/lease.ts';
import { openScribe } from '../../store/index/journals.ts';
import { ask, openAt, type Recorded, recordWorkspace } from '../recorded.ts';

const said = 'what was said here '.repeat(12);

/** One run: a session of so many turns, in each of which something is said. */
function tellRun(run: number, turns: number): Entry[] {
  const writer = `01K5A${String(run).padStart(5, '0')}00000000000WRTR`;
  const session = `01K5A${String(run).padStart(5, '0')}00000000000SESS`;
  const told: Event[] = [
    { type: 'session-opened', how: 'new', agentSession: `s${run}`, cwd: '/w' },
  ];
  for (let n = 0; n < turns; n += 1) {
    const turn = `01K5A${String(run).padStart(5, '0')}${String(n).padStart(11, '0')}TVRN`;
    const step = `01K5A${String(run).padStart(5, '0')}${String(n).padStart(11, '0')}STEP`;
    told.push(
      { type: 'turn-started', turn, origin: 'prompt', prompt: `turn ${n} of run ${run}` },
      { type: 'step-started', turn, step, kind: 'message', role: 'agent' },
      { type: 'message-said', turn, step, role: 'agent', part: 0, text: said },
      { type: 'message-said', turn, step, role: 'agent', part: 1, text: said },
      { type: 'step-ended', step, outcome: 'completed', afterMs: 1 },
      { type: 'turn-ended', turn, outcome: 'end_turn', afterMs: 2 },
    );
  }
  const began = 1_790_000_000_000 + run * 1e6;
  const begun: Event = {
    ...{ type: 'recording-started', workspace: '/w', pid: 1, clew: '0', command: ['x'] },
    ...{ platform: 'linux', node: 'v20' },
  };
  const ended: Event = { type: 'recording-ended', reason: 'editor-left' };
  return [begun, ...told, ended].map((event, at) => ({
    ...{ writer, seq: at + 1, at: began + at, mono: at },
    ...(event === begun || event === ended ? {} : { session }),
    event,
  }));
}

const state: Event = {
  ...{ type: 'state-changed', how: 'set', by: 'person' },
  changes: [
    { id: 'purpose', section: 'purpose', was: [], value: { id: 'purpose', text: 'A shop' } },
  ],
};

function readEvents({ journal }: Recorded): Event[] {
  return listJournals(journal)
    .flatMap(({ path }) => [...readJournalFile(path)])
    .flatMap((it) => ('entry' in it ? [it.entry.event] : []));
}

const sizeOf = ({ journal }: Recorded) =>
  listJournals(journal).reduce((sum, it) => sum + statSync(it.path).size, 0);

function recordRuns(runs: number, turns: number): Recorded {
  const recorded = recordWorkspace(tellRun(0, turns));
  for (let run = 1; run < runs; run += 1) recorded.write(tellRun(run, turns));
  recorded.write([
    { writer: '01K5A000000000000000WRTRST', seq: 1, at: 1_780_000_000_000, mono: 0, event: state },
  ]);
  return recorded;
}

test('ten thousand turns stay within the budget; what was dropped is told, and all is sound', async () => {
  const recorded = recordRuns(250, 40);
  const context = openAt(recorded);
  await ask(context, 'config/set', { key: 'history.max_bytes', value: '4M' });
  const size = sizeOf(recorded);
  expect(size).toBeGreaterThan(12 << 20);
  const planned = await ask(context, 'history/shorten', { dryRun: true });
  expect(sizeOf(recorded)).toBe(size);
  const done = await ask(context, 'history/shorten', {});
  expect(done).toEqual({ ...planned, dryRun: false });
  expect(sizeOf(recorded)).toBeLessThanOrEqual(4 << 20);
  expect(await ask(context, 'journal/verify', {})).toMatchObject({ sound: true, problems: [] });
  const told = readEvents(recorded).find((it) => it.type === 'history-shortened');
  expect(told).toMatchObject({ files: done.files, entries: done.entries, limitBytes: 4 << 20 });
  // What is said last is said still, and what the project knows.
  const { project } = await ask(context, 'state/get', {});
  expect(project.purpose).toMatchObject([{ text: 'A shop' }]);
  // Within the budget there is nothing more to do.
  expect(await ask(context, 'history/shorten', {})).toMatchObject({ files: 0 });
});

test('the index counts, and becomes shorter with what it is made of', async () => {
  const recorded = recordRuns(25, 20);
  const context = openAt(recorded);
  await ask(context, 'log/query', {});
  const { history } = await ask(context, 'workspace/status', {});
  const maxBytes = Math.round((history?.bytes ?? 0) / 2);
  await ask(context, 'history/shorten', { maxBytes });
  expect((await ask(context, 'log/query', { limit: 1000 })).sessions.length).toBeGreaterThan(5);
  const after = await ask(context, 'workspace/status', {});
  expect(after.history?.bytes).toBeLessThanOrEqual(maxBytes);
});

test('first what was said goes, of the oldest; the turns can still be listed', async () => {
  const recorded = recordRuns(20, 10);
  const context = openAt(recorded);
  const limit = Math.round(sizeOf(recorded) * 0.8);
  const done = await ask(context, 'history/shorten', { maxBytes: limit });
  expect(done.files).toBeGreaterThan(3);
  expect(sizeOf(recorded)).toBeLessThanOrEqual(limit);
  const texts = listJournals(recorded.journal).map((it) => readFileSync(it.path, 'utf8'));
  const isSaid = texts.map((it) => it.includes(said));
  expect(isSaid.indexOf(true)).toBe(isSaid.lastIndexOf(false, 19) + 1);
  const { sessions } = await ask(context, 'log/query', { limit: 1000 });
  expect(sessions.flatMap((it) => it.turns)).toHaveLength(200);
  const shown = await ask(context, 'log/show', { id: sessions.at(-1)?.id ?? '' });
  expect(JSON.stringify(shown)).not.toMatch(/missing before this|recording had stopped/);
});

test('a writer that lives is not touched, whatever the budget; nor one whose file is damaged', async () => {
  const recorded = recordRuns(3, 20);
  const context = openAt(recorded);
  const big = listJournals(recorded.journal).filter((it) => statSync(it.path).size > 5_000);
  const [living, damaged] = big;
  if (living === undefined || damaged === undefined) throw new Error('no journals');
  const lease = takeLease(recorded.journal, living.writer);
  const before = [living, damaged].map((it) => readFileSync(it.path));
  before[1]?.write('X', 500);
  writeFileSync(damaged.path, before[1] ?? '');
  const done = await ask(context, 'history/shorten', { maxBytes: 0 });
  expect([living, damaged].map((it) => readFileSync(it.path))).toEqual(before);
  expect(done).toMatchObject({ files: 1, held: before[0]?.length });
  lease.release();
});

test('a writer of several files stays one chain, also when it is shortened again', async () => {
  const recorded = recordWorkspace([]);
  openScribe(recorded.journal, 50).write(tellRun(1, 40));
  const context = openAt(recorded);
  const names = listJournals(recorded.journal).map((it) => it.name);
  expect(names.length).toBeGreaterThan(3);
  const size = sizeOf(recorded);
  for (const share of [0.7, 0.5, 0.3, 0]) {
    await ask(context, 'history/shorten', { maxBytes: Math.round(size * share) });
    expect(await ask(context, 'journal/verify', {})).toMatchObject({ problems: [] });
  }
  const own = listJournals(recorded.journal).filter((it) => names.includes(it.name));
  expect(own).toHaveLength(names.length);
  const [first] = own;
  // A file that is exchanged for another is still found out.
  const other = readFileSync(own[2]?.path ?? '', 'utf8');
  writeFileSync(first?.path ?? '', other);
  expect((await ask(context, 'journal/verify', {})).sound).toBe(false);
  expect(join(recorded.journal, names[0] ?? '')).toBe(first?.path);
});

test('without a budget nothing is dropped', async () => {
  const recorded = recordRuns(2, 5);
  const context = openAt(recorded);
  const { limitBytes, files } = await ask(context, 'history/shorten', {});
  expect([limitBytes, files]).toEqual([undefined, 0]);
});
