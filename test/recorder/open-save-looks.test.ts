/** Which saves of a person are looked at, and which are let be: real files, and a real watch of their folders. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Event } from '../../src/contract/types.gen.ts';
import type { Note } from '../../src/journal/entry.ts';
import { openSaveLooks } from '../../src/recorder/open-save-looks.ts';
import type { Calls } from '../../src/shadow/calls.ts';
import type { TakeOrder } from '../../src/shadow/order.ts';
import { makeFolder } from '../scratch.ts';
import { until } from '../whole/until.ts';

const oid = '0'.repeat(40);
const names = ['a', 'b', 'deep ü/c', 'ignored', 'unseen'];
const marks = Array.from({ length: 15 }, (_, at) => `mark ${at}`);

/** A session `s` with its workspace; another one beside, whose files tell when a save was met. */
function openRig() {
  const roots: Record<string, string> = { s: makeFolder(), beside: makeFolder() };
  const at = (session: string, name: string) => join(roots[session] ?? '', name);
  mkdirSync(at('s', 'deep ü'));
  for (const name of names) writeFileSync(at('s', name), 'one\n');
  for (const name of marks) writeFileSync(at('beside', name), 'one\n');
  const orders: TakeOrder[] = [];
  const notes: Note[] = [];
  const said: string[] = [];
  const calls = {
    async take(order: TakeOrder) {
      orders.push(order);
      return { id: order.id, commit: oid, tree: oid, changed: 1, uncaptured: 0 };
    },
    async versionsAt(_: string, paths: readonly string[]) {
      return paths.map((path) => (path === 'ignored' ? null : { mode: '100644', oid }));
    },
  } as unknown as Calls;
  let minted = 0;
  const looks = openSaveLooks({
    rootOf: (session) => roots[session],
    keeperOf: () => calls,
    mint() {
      minted += 1;
      return { id: `C${minted}`, at: minted };
    },
    write: (note) => notes.push(note),
    say: (text) => said.push(text),
  });
  const tell = (...events: Event[]) => {
    for (const event of events) looks.watch({ session: 's', event });
  };
  const first = { checkpoint: 'C0', reason: 'opened', commit: oid, tree: oid } as const;
  for (const session of ['s', 'beside'])
    looks.watch({ session, event: { type: 'checkpoint-taken', ...first } });
  looks.watch({ session: 'beside', event: turn });
  for (const name of names) if (name !== 'unseen') looks.mind('s', name);
  for (const name of marks) looks.mind('beside', name);
  let marked = 0;
  /** Which of these are looked at, once all were met: a system tells of saves in their order. */
  const save = async (...saved: string[]) => {
    const count = orders.length;
    for (const name of saved) appendFileSync(at('s', name), 'typed\n');
    const mark = marks[marked] ?? '';
    marked += 1;
    appendFileSync(at('beside', mark), 'typed\n');
    const listed = () => orders.slice(count).flatMap(({ paths = [] }) => paths);
    await until('the look at a mark', () => listed().includes(mark));
    return [...new Set(listed())].filter((it) => !marks.includes(it)).sort();
  };
  return { looks, tell, save, orders, notes, said };
}

const turn: Event = { type: 'turn-started', turn: 't', origin: 'prompt' };
const begun = (step: string, kind: string): Event => ({
  type: 'step-started',
  turn: 't',
  step,
  kind: 'tool',
  tool: { call: step, announced: true, kind },
});
const ended = (step: string): Event => ({
  type: 'step-ended',
  step,
  outcome: 'completed',
  afterMs: 1,
});
const asked: Event = { type: 'permission-asked', turn: 't', step: 'q', on: 'e', choices: [] };

test('files that were seen and are kept, in nobody’s name', async () => {
  const { looks, tell, save, orders, notes, said } = openRig();
  tell(turn, begun('r', 'read'));
  expect(await save('unseen', 'ignored', 'a', 'a', 'deep ü/c')).toEqual(['a', 'deep ü/c']);
  for (const { marks: said, acts } of orders)
    expect([said, acts]).toEqual([{ reason: 'look' }, undefined]);
  const { event } = notes.find(({ session }) => session === 's') ?? {};
  expect(event).toMatchObject({ type: 'checkpoint-taken', reason: 'look', turn: 't' });
  expect(said).toEqual([]);
  await looks.close();
});

test('not while a call has the files in hand, but while it waits for an answer', async () => {
  const { looks, tell, save } = openRig();
  tell(turn, begun('e', 'edit'));
  expect(await save('a')).toEqual([]);
  tell(asked);
  // Put off is not left out.
  expect(await save()).toEqual(['a']);
  expect(await save('b')).toEqual(['b']);
  tell({ type: 'step-changed', step: 'e' });
  expect(await save('a')).toEqual([]);
  tell(ended('e'));
  expect(await save()).toEqual(['a']);
  await looks.close();
});

test('not between turns, and not without end', async () => {
  const { looks, tell, save } = openRig();
  expect(await save('a')).toEqual([]);
  tell(turn);
  let looked = 0;
  for (let times = 0; times < 11; times += 1) looked += (await save('a')).length;
  expect(looked).toBeLessThanOrEqual(10);
  expect(looked).toBeGreaterThan(0);
  expect(await save('a', 'b')).toEqual(['b']);
  tell({ type: 'turn-ended', turn: 't', outcome: 'end_turn', afterMs: 1 });
  expect(await save('a', 'b')).toEqual([]);
  tell({ ...turn, turn: 'u' });
  expect(await save('a')).toEqual(['a']);
  await looks.close();
});
