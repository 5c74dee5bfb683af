/** trace/subscribe: rows, cards and progress as they come, without loss over any break. */
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { TraceCard, TraceRow } from '../../../src/contract/types.gen.ts';
import type { Entry } from '../../../src/journal/entry.ts';
import { takeLease } from '../../../src/store/lease.ts';
import { serveProgress } from '../../../src/store/serve-progress.ts';
import { holdRows } from '../../../src/trace/hold-rows.ts';
import { reachesAsFar } from '../../../src/trace/trace-seq.ts';
import { makeFolder } from '../../scratch.ts';
import { longestMs, sizeOf } from '../../soak.ts';
import { tellStory } from '../../trace/story.ts';
import { ask, openAt, type Recorded, recordWorkspace } from '../recorded.ts';
import { sessions, smallStory } from '../small-story.ts';
import { connectAt, writersIn } from './connection.ts';

const writer = smallStory[0]?.writer ?? '';

/** Its writers live until the test is over. */
function recordLiving(entries: readonly Entry[], told = entries): Recorded {
  const recorded = recordWorkspace(entries);
  for (const name of writersIn(told)) {
    const lease = takeLease(recorded.journal, name);
    onTestFinished(() => lease.release());
  }
  return recorded;
}

test('a session’s rows are told as they change, and then its end', async () => {
  const recorded = recordLiving(smallStory.slice(0, 5), smallStory);
  const connection = connectAt(recorded);
  const { subscription, seq } = await connection.ask('trace/subscribe', { session: '@last' });
  expect(seq).toEqual({ [writer]: 5 });
  recorded.write(smallStory.slice(5, 18));
  await connection.until('trace:reached', (it) => it.seq[writer] === 18);
  const rows = connection.told('agent_session:step:started').map(({ row }) => row);
  expect(rows.map((it) => `${it.kind} ${it.revision}`)).toEqual([
    ...['tool 12', 'tool 14', 'permission 16', 'message 22', 'message 24', 'message 26'],
  ]);
  const ended = connection.told('agent_session:step:completed').map(({ row }) => row);
  expect(ended.map((it) => `${it.kind} ${it.status} ${it.outcome}`)).toEqual([
    'permission completed allowed',
    'tool completed completed',
    'message completed completed',
    'plan completed undefined',
    'turn completed end_turn',
  ]);
  expect(ended[2]?.content).toBe('Done: it is renamed.');
  expect(connection.told('agent_session:completed').map((it) => it.card.status)).toEqual([
    'completed',
  ]);
  expect(connection.all().every((it) => it.params.subscription === subscription)).toBe(true);
  const snapshot = await connection.ask('trace/snapshot', { session: '@last', seq });
  for (const row of ended) expect(snapshot.rows).toContainEqual(row);
});

test('the workspace’s room hears of cards only', async () => {
  const recorded = recordLiving(smallStory.slice(0, 3), smallStory);
  const connection = connectAt(recorded);
  await connection.ask('trace/subscribe', { subscription: 'all' });
  recorded.write(smallStory.slice(3));
  await connection.until('trace:reached', (it) => it.seq[writer] === smallStory.length);
  const names = new Set(connection.all().map((it) => it.name));
  expect([...names].filter((it) => it.includes('step'))).toEqual([]);
  const cards = new Map<string, TraceCard>();
  for (const { params } of connection.all())
    if ('card' in params) cards.set(params.card.id, params.card);
  const whole = await connection.ask('trace/snapshot', {});
  expect([...cards.values()].sort(byId)).toEqual([...whole.cards].sort(byId));
  expect(cards.get(sessions[1])).toMatchObject({
    status: 'running',
    current: { id: 'T2', kind: 'thought' },
    counts: { turns: 1, steps: 1, tools: 0, failed: 0 },
  });
  expect(connection.told('agent_session:started').map((it) => it.card.id)).toEqual([...sessions]);
});

test('over any breaks and slow readers, what is held is what a snapshot has, each row once', {
  timeout: longestMs,
}, async () => {
  const plan = fc.record({
    seed: fc.integer(),
    bites: fc.array(
      fc.record({
        count: fc.nat(25),
        isCut: fc.boolean(),
        isSlow: fc.boolean(),
        waits: fc.boolean(),
      }),
      { minLength: 1, maxLength: 8 },
    ),
  });
  await fc.assert(
    fc.asyncProperty(plan, async ({ seed, bites }) => {
      const entries = mixed(tellStory({ seed, writers: 2, turns: 3, trouble: false }));
      const session = entries.find((it) => it.session !== undefined)?.session ?? '';
      const first = entries.findIndex((it) => it.session === session) + 1;
      const recorded = recordLiving(entries.splice(0, first), entries);
      const held = holdRows();
      let connection = await follow(recorded, session, held);
      const wanted: Record<string, number> = {};
      for (const { count, isCut, isSlow, waits } of [...bites, lastBite]) {
        connection.slow = isSlow;
        const bite = entries.splice(0, count);
        for (const it of bite) if (it.session === session) wanted[it.writer] = it.seq;
        recorded.write(bite);
        if (waits && !isSlow) await connection.whenTrue(() => reachesAsFar(held.seq ?? {}, wanted));
        if (!isCut) continue;
        connection.close();
        held.reconnect();
        connection = await follow(recorded, session, held);
      }
      const whole = await connection.ask('trace/snapshot', { session });
      expect(sorted(held.rows())).toEqual(sorted(whole.rows));
      expect(doubled(connection.told('agent_session:step:completed'))).toEqual([]);
      connection.close();
    }),
    { numRuns: sizeOf(10, 300) },
  );
});

const lastBite = { count: Number.MAX_SAFE_INTEGER, isCut: false, isSlow: false, waits: true };

async function follow(recorded: Recorded, session: string, held: ReturnType<typeof holdRows>) {
  const connection = connectAt(recorded, ({ name, params }) => {
    if ('row' in params) held.hear(params.row);
    if (name === 'trace:reached') held.reach(params.seq);
  });
  const { seq } = await connection.ask('trace/subscribe', { session });
  const after = held.seq === undefined ? {} : { afterSeq: held.seq };
  const found = await connection.ask('trace/snapshot', { session, seq, ...after });
  held.take(found.rows, found.seq);
  return connection;
}

test('progress goes to those in the session’s room, also to who comes late', async () => {
  const recorded = recordWorkspace(smallStory);
  const path = `${makeFolder()}/p.sock`;
  const progress = { session: sessions[1], step: 'T2', content: 'so far', from: 3 };
  const server = serveProgress(path, {
    open: () => [progress],
    refused(error) {
      throw error;
    },
  });
  const lease = takeLease(recorded.journal, writer, { socket: path });
  onTestFinished(() => {
    lease.release();
    server.close();
  });
  const early = connectAt(recorded);
  const room = connectAt(recorded);
  await early.ask('trace/subscribe', { session: sessions[1] });
  await room.ask('trace/subscribe', {});
  await early.until('agent_session:step:progress', (it) => it.content === 'so far');
  server.tell([{ ...progress, content: 'so far so good' }]);
  await early.until('agent_session:step:progress', (it) => it.content === 'so far so good');
  const late = connectAt(recorded);
  await late.ask('trace/subscribe', { session: sessions[1] });
  await late.until('agent_session:step:progress', (it) => it.from === 3);
  expect(room.told('agent_session:step:progress')).toEqual([]);
});

test('when a writer goes, what it left open is told to be interrupted, once', async () => {
  const recorded = recordWorkspace(smallStory);
  const path = `${makeFolder()}/p.sock`;
  const ports = { open: () => [], refused: () => undefined };
  const server = serveProgress(path, ports);
  const lease = takeLease(recorded.journal, writer, { socket: path });
  const connection = connectAt(recorded);
  await connection.ask('trace/subscribe', { session: sessions[1] });
  const running = await connection.ask('trace/snapshot', { session: sessions[1] });
  expect(running.rows.map((it) => it.status)).toEqual(['running', 'running']);
  // As the system does it for a process that was killed.
  lease.release();
  server.close();
  await connection.until('agent_session:step:completed', ({ row }) => row.id === 'T2');
  await connection.until('agent_session:failed', ({ card }) => card.status === 'interrupted');
  await connection.until('trace:writer-gone', (it) => it.writer === writer);
  const early = connection.all().findIndex((it) => it.name === 'trace:writer-gone');
  const ends = connection
    .all()
    .slice(0, early)
    .filter((it) => it.name.endsWith('step:completed'));
  expect(ends.length).toBe(2);
  const other = '01K5A0000000000000000WRTR2';
  const told: Entry = {
    ...{ writer: other, seq: 1, at: smallStory.at(-1)?.at ?? 0, mono: 0 },
    event: { type: 'writer-lost', writer, lastSeq: smallStory.length },
  };
  const opened: Entry = {
    ...{ ...told, seq: 2, session: sessions[1] },
    event: { type: 'session-opened', how: 'load', agentSession: 'thread-2' },
  };
  recorded.write([told, opened]);
  await connection.until('trace:reached', (it) => it.seq[other] === 2);
  const ended = connection.told('agent_session:step:completed').map(({ row }) => row);
  expect(ended.map((it) => [it.id, it.status, it.revision])).toEqual([
    [smallStory.at(-2)?.event.type === 'turn-started' ? ended[0]?.id : '', 'interrupted', 41],
    ['T2', 'interrupted', 43],
  ]);
  const after = await connection.ask('trace/snapshot', { session: sessions[1] });
  expect(after.rows).toEqual(ended);
  expect(connection.told('agent_session:failed').length).toBe(1);
  expect(connection.told('trace:writer-gone').map((it) => it.writer)).toEqual([writer]);
});

test('what overwrote lines is told by the name that hosts know', async () => {
  const recorded = recordLiving(smallStory);
  const connection = connectAt(recorded);
  await connection.ask('trace/subscribe', { session: sessions[1] });
  const last = smallStory.at(-1);
  const event = { type: 'lines-overwritten', path: 'src/a.ts' } as never;
  recorded.write([{ ...(last as Entry), seq: smallStory.length + 1, event }]);
  const told = await connection.until('context:file-stale', (it) => it.path === 'src/a.ts');
  expect(told).toMatchObject({ session: sessions[1], why: 'lines-overwritten' });
});

test('a subscriber hears nothing of another workspace', async () => {
  const mine = recordLiving(smallStory.slice(0, 5), smallStory);
  const theirs = recordLiving(smallStory.slice(0, 5), smallStory);
  const connection = connectAt(mine);
  await connection.ask('trace/subscribe', {});
  theirs.write(smallStory.slice(5));
  mine.write(smallStory.slice(5, 6));
  await connection.until('trace:reached', (it) => it.seq[writer] === 6);
  expect(connection.all().filter((it) => it.name === 'agent_session:completed')).toEqual([]);
});

test('trace/subscribe refuses an unknown session, a name that is taken, and too many', async () => {
  const connection = connectAt(recordLiving(smallStory));
  const refused = (params: object) =>
    expect(connection.ask('trace/subscribe', params as never)).rejects;
  await refused({ session: 'nobody-there' }).toMatchObject({ code: 'unknown-id' });
  await refused({ session: 1 }).toMatchObject({ code: 'invalid-params' });
  await refused({ subscription: 'x'.repeat(65) }).toMatchObject({ code: 'invalid-params' });
  for (let n = 0; n < 64; n += 1) await connection.ask('trace/subscribe', { subscription: `${n}` });
  await refused({ subscription: '7' }).toMatchObject({ code: 'invalid-params' });
  await refused({}).toMatchObject({ code: 'busy', data: { limit: 64 } });
  await connection.ask('trace/unsubscribe', { subscription: '7' });
  await connection.ask('trace/subscribe', { subscription: '7' });
});

test('without a connection that stays nothing can be followed', async () => {
  const asked = ask(openAt(recordWorkspace(smallStory)), 'trace/subscribe', {});
  await expect(asked).rejects.toMatchObject({ code: 'usage' });
});

function mixed(journals: readonly Entry[][]): Entry[] {
  return journals.flat().sort((a, b) => a.at - b.at || a.seq - b.seq);
}

function sorted(rows: readonly TraceRow[]): TraceRow[] {
  return [...rows].sort(byId);
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1;
}

function doubled(told: readonly { row: TraceRow }[]): string[] {
  const names = told.map(({ row }) => `${row.id} ${row.revision}`);
  return names.filter((it, at) => names.indexOf(it) !== at);
}
