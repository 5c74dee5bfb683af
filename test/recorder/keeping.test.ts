/** Which checkpoints the recorder orders in the course of a turn, and with what evidence. */
import { setImmediate as pass } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Event } from '../../src/contract/types.gen.ts';
import type { Note } from '../../src/journal/entry.ts';
import { openKeeping } from '../../src/recorder/keeping.ts';
import type { Calls } from '../../src/shadow/calls.ts';
import type { Taken, TakeOrder } from '../../src/shadow/order.ts';

const session = 'S';
const turn = 'T';

function openRig(answer: (order: TakeOrder) => Promise<Partial<Taken>> = async () => ({})) {
  const orders: TakeOrder[] = [];
  const notes: Note[] = [];
  const said: string[] = [];
  let minted = 0;
  const calls = {
    async take(order: TakeOrder) {
      orders.push(order);
      const oid = '0'.repeat(40);
      return {
        id: order.id,
        commit: oid,
        tree: oid,
        changed: 1,
        uncaptured: 0,
        ...(await answer(order)),
      };
    },
  } as unknown as Calls;
  const keeping = openKeeping({
    rootOf: () => '/w',
    textOf: () => undefined,
    clock: { now: () => 0, mono: () => 0, heard: () => 0 },
    keeperOf: () => calls,
    mint() {
      minted += 1;
      return { id: `C${minted}`, at: minted };
    },
    write: (note) => notes.push(note),
    say: (text) => said.push(text),
    retention: { rest: () => undefined, wake: () => undefined },
  });
  const tell = async (event: Event) => {
    keeping.watch({ session, event });
    await pass();
  };
  return { keeping, orders, notes, said, tell };
}

type Rig = ReturnType<typeof openRig>;

async function begin({ keeping, tell }: Rig): Promise<void> {
  await tell({ type: 'session-opened', how: 'new', agentSession: 'a', cwd: '/w' });
  await tell({ type: 'turn-started', turn, origin: 'prompt' });
  await keeping.beforePrompt();
}

async function edit({ tell }: Rig, step: string, path: string): Promise<void> {
  const tool = { call: step, announced: true, kind: 'edit' };
  await tell({ type: 'step-started', turn, step, kind: 'tool', tool });
  await tell({
    type: 'files-claimed',
    turn,
    step,
    claims: [{ path, operation: 'modify', source: 'diff' }],
  });
  await tell({ type: 'step-ended', step, outcome: 'completed', afterMs: 1 });
}

it('one before the prompt, one of the named file after an edit, one of everything at the end', async () => {
  const rig = openRig();
  await begin(rig);
  await edit(rig, 'E', '/w/src/a.ts');
  await rig.tell({ type: 'turn-ended', turn, outcome: 'end_turn', afterMs: 1 });
  const shown = rig.orders.map(({ marks, paths, after }) => [marks?.['reason'], paths, after]);
  expect(shown).toEqual([
    ['opened', undefined, undefined],
    ['prompt', undefined, undefined],
    ['step', ['src/a.ts'], undefined],
    ['turn', undefined, 'C3'],
  ]);
  expect(rig.notes.map(({ event }) => event.type)).toEqual(Array(4).fill('checkpoint-taken'));
});

it('a long turn of edits carries no growing burden of evidence, and loses none', async () => {
  const rig = openRig();
  await begin(rig);
  const steps = Array.from({ length: 300 }, (_, at) => `E${at}`);
  for (const step of steps) await edit(rig, step, `/w/${step}`);
  const acts = rig.orders.map((order) => order.acts ?? []);
  expect(Math.max(...acts.map((it) => it.length))).toBeLessThanOrEqual(40);
  const told = new Set(acts.flat().flatMap(({ by }) => ('step' in by ? [by.step] : [])));
  expect(told).toEqual(new Set(steps));
});

it('what cannot be kept is written down each time and said once, and the prompt goes on', async () => {
  const rig = openRig(async () => {
    throw new Error('no room');
  });
  await begin(rig);
  await rig.tell({ type: 'turn-ended', turn, outcome: 'end_turn', afterMs: 1 });
  const failed = rig.notes.flatMap(({ event }) =>
    event.type === 'checkpoint-failed' ? [event.reason] : [],
  );
  expect(failed).toEqual(['opened', 'prompt', 'turn']);
  expect(rig.said).toEqual(['no checkpoint of /w: no room; forwarding goes on']);
});

it('a look that finds all as this session left it answers for what came before it', async () => {
  const rig = openRig(async ({ marks }) => {
    const last = rig.notes.at(-1)?.event;
    const isSame = marks?.['reason'] === 'step' && last?.type === 'checkpoint-taken';
    return isSame ? { same: true, id: last.checkpoint } : {};
  });
  await begin(rig);
  await edit(rig, 'A', '/w/a');
  await edit(rig, 'B', '/w/b');
  const told = rig.orders.map((order) => (order.acts ?? []).flatMap(({ paths }) => paths));
  expect(told).toEqual([[], [], ['a'], ['b']]);
});

it('a look that finds all as somebody else left it does not', async () => {
  const rig = openRig(async ({ marks }) =>
    marks?.['reason'] === 'step' ? { same: true, id: 'theirs' } : {},
  );
  await begin(rig);
  await edit(rig, 'A', '/w/a');
  await edit(rig, 'B', '/w/b');
  const told = rig.orders.map((order) => (order.acts ?? []).flatMap(({ paths }) => paths));
  expect(told).toEqual([[], [], ['a'], ['a', 'b']]);
});

it('before a command that was asked for may begin, all is looked at, and nothing of it is its doing', async () => {
  const rig = openRig();
  await begin(rig);
  const tool = { call: 'C', announced: true, kind: 'execute' };
  await rig.tell({ type: 'step-started', turn, step: 'C', kind: 'tool', tool });
  await rig.tell({ type: 'permission-asked', turn, step: 'Q', on: 'C', choices: [] });
  await rig.keeping.beforeAnswer('a', undefined);
  await rig.tell({ type: 'step-ended', step: 'C', outcome: 'completed', afterMs: 1 });
  const [before, after] = rig.orders.slice(-2);
  expect(before).toMatchObject({ marks: { reason: 'write' }, unlessSame: true });
  expect(before?.paths ?? before?.acts).toBeUndefined();
  expect(after?.acts).toMatchObject([{ by: { step: 'C' }, reach: 'anything' }]);
});
