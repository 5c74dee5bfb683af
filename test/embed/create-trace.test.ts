/** What a host tells of its agent: events that hold, a row from the start of each step, and one end. */
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { createTrace, type TraceSink } from '../../src/embed/create-trace.ts';
import { openTraceSink } from '../../src/embed/open-trace-sink.ts';
import type { Note } from '../../src/journal/entry.ts';
import { compileSchema } from '../../src/methods/validate.ts';
import { openShelf } from '../../src/trace/shelf.ts';
import { recordWorkspace } from '../methods/recorded.ts';
import { connectAt } from '../methods/trace/connection.ts';

function openMemorySink() {
  const notes: Note[] = [];
  const told: Parameters<TraceSink['progress']>[0][] = [];
  const sink: TraceSink = {
    write: (note) => void notes.push(note),
    progress: (it) => void told.push(it),
  };
  return { sink, notes, told };
}

function foldNotes(notes: readonly Note[]) {
  const shelf = openShelf();
  for (const [at, note] of notes.entries())
    shelf.take({ writer: 'W', seq: at + 1, at: 1000 + at, mono: at, ...note });
  return shelf.tables;
}

test('each step is begun before it is ended, with what it drew on', async () => {
  const { sink, notes, told } = openMemorySink();
  const session = createTrace({ sink }).session('run-7', { title: 'Nightly' });
  session.ask('look into it');
  const search = session.step({
    kind: 'tool',
    title: 'Search',
    tool: { name: 'web', kind: 'fetch' },
  });
  search.progress({ content: 'found 1' });
  expect(
    search.complete({
      content: 'found 2',
      sources: [{ kind: 'web', uri: 'https://example.org', name: 'Example' }],
      files: [{ path: '/w/a.ts', operation: 'read' }],
    }),
  ).toBe(true);
  expect(search.complete()).toBe(false);
  search.progress({ content: 'too late' });
  const answer = session.step({ kind: 'message', parent: search.id });
  answer.complete({ content: 'Here it is.', message: 'm-1' });
  const broken = session.step({ kind: 'tool', title: 'Write' });
  expect(broken.fail(new Error('no space'))).toBe(true);
  session.step({ kind: 'thought' });
  session.complete();
  for (const { event } of notes) {
    const check = await compileSchema(`event/${event.type}`);
    expect(check(event), JSON.stringify([event, check.errors])).toBe(true);
  }
  expect(told).toEqual([{ session: 'run-7', step: search.id, content: 'found 1', from: 0 }]);
  const { steps, turns, texts, claims } = foldNotes(notes);
  expect([...steps.values()].map(({ kind, outcome, problem }) => [kind, outcome, problem])).toEqual(
    [
      ['tool', 'completed', undefined],
      ['message', 'completed', undefined],
      ['tool', 'failed', 'no space'],
      ['thought', 'interrupted', undefined],
    ],
  );
  expect([...steps.values()][1]).toMatchObject({ message: 'm-1', parent: search.id });
  expect([...steps.values()][0]?.sources).toEqual([
    { kind: 'web', uri: 'https://example.org', name: 'Example' },
  ]);
  expect([...turns.values()].map((it) => [it.prompt, it.outcome])).toEqual([
    ['look into it', 'end_turn'],
  ]);
  expect([...texts.values()].map((it) => it.text)).toEqual(['look into it', 'Here it is.']);
  expect([...claims.values()].map((it) => it.path)).toEqual(['/w/a.ts']);
});

test('whatever is called in whatever order, every step has one beginning and one end, and its whole text', () => {
  const call = fc.record({
    what: fc.constantFrom('ask', 'step', 'end', 'again', 'done', 'failed'),
    text: fc.string({ maxLength: 40, unit: 'grapheme' }),
    times: fc.constantFrom(1, 1, 1, 900),
  });
  fc.assert(
    fc.property(fc.array(call, { maxLength: 30 }), (calls) => {
      const { sink, notes } = openMemorySink();
      const session = createTrace({ sink }).session('s');
      const steps: ReturnType<typeof session.step>[] = [];
      const said: string[] = [];
      for (const { what, text, times } of calls) {
        const last = steps.at(-1);
        if (what === 'ask') session.ask(text);
        else if (what === 'step') steps.push(session.step({ kind: 'message' }));
        else if (what === 'done') session.complete();
        else if (what === 'failed') session.fail(text);
        else if (last?.complete({ content: text.repeat(times) })) said.push(text.repeat(times));
      }
      session.complete();
      const count = (type: string) => notes.filter((it) => it.event.type === type).length;
      expect(count('step-started')).toBe(steps.length);
      expect(count('step-ended')).toBe(steps.length);
      expect(count('turn-ended')).toBe(count('turn-started'));
      const texts = notes.flatMap(({ event }) => (event.type === 'message-said' ? [event] : []));
      expect(texts.map((it) => it.text).join('')).toBe(said.join(''));
      expect(texts.every((it) => it.text.length <= 16_384)).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test('another connection sees a host’s steps and how far they are, without its secrets', async () => {
  const recorded = recordWorkspace([]);
  const sink = await openTraceSink({
    workspace: recorded.root,
    label: 'my host',
    env: recorded.env,
  });
  onTestFinished(() => sink.close());
  const trace = createTrace({ sink });
  const parent = trace.session('main');
  parent.ask('build it');
  await sink.flush();
  const connection = connectAt(recorded);
  await connection.ask('trace/subscribe', { subscription: 'room' });
  await connection.ask('trace/subscribe', { session: 'main' });
  const child = trace.session('sub-1', { parent: 'main', title: 'explore' });
  const step = child.step({ kind: 'thought' });
  const { card } = await connection.until(
    'agent_session:progress',
    (it) => it.card.thinking !== undefined,
  );
  expect(card.thinking).toMatchObject([{ session: 'sub-1', name: 'explore' }]);
  await connection.ask('trace/subscribe', { session: 'sub-1' });
  const secret = 'sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOP';
  step.progress({ content: `the key is ${secret.slice(0, 20)}` });
  await connection.until('agent_session:step:progress', (it) => it.content === 'the key is ');
  step.progress({ content: `the key is ${secret} and so` });
  const progress = await connection.until('agent_session:step:progress', (it) =>
    it.content.endsWith('and '),
  );
  expect(progress.content).toContain('[redacted');
  step.complete({ content: 'done' });
  child.complete();
  const ended = await connection.until(
    'agent_session:step:completed',
    ({ row }) => row.id === step.id,
  );
  expect(ended.row).toMatchObject({ content: 'done', kind: 'thought', session: 'sub-1' });
  await connection.until(
    'agent_session:progress',
    ({ card: it }) => it.id === 'main' && it.thinking === undefined && 0 < it.counts.turns,
  );
  expect(JSON.stringify(connection.all())).not.toContain(secret.slice(0, 20));
});

test('what a host leaves open is interrupted when it is gone', async () => {
  const recorded = recordWorkspace([]);
  const sink = await openTraceSink({
    workspace: recorded.root,
    label: 'my host',
    env: recorded.env,
  });
  const step = createTrace({ sink }).session('main').step({ kind: 'tool', title: 'Build' });
  await sink.flush();
  const connection = connectAt(recorded);
  await connection.ask('trace/subscribe', { session: 'main' });
  const running = await connection.ask('trace/snapshot', { session: 'main' });
  expect(running.rows.map((it) => it.status)).toEqual(['running', 'running']);
  await sink.close();
  const { row } = await connection.until(
    'agent_session:step:completed',
    (it) => it.row.id === step.id,
  );
  expect(row.status).toBe('interrupted');
});
