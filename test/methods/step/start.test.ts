/** step/start: a row from the start, in the turn that it is of; refused where there is no such turn. */
import { expect, test } from 'vitest';
import { openHosted } from '../../rpc/hosted.ts';

test('a step is there before it has ended, and as told', async () => {
  const { ask, entries } = await openHosted();
  const { session } = await ask('session/start', {});
  const { turn } = await ask('turn/start', { session });
  const about = { kind: 'tool', title: 'Look', tool: { name: 'grep', kind: 'search' } } as const;
  const begun = await ask('step/start', { turn, ...about });
  const part = await ask('step/start', { turn, kind: 'thought', parent: begun.step });
  expect([begun.session, begun.turn]).toEqual([session, turn]);
  const { rows } = await ask('trace/snapshot', { session });
  expect(rows.filter((it) => it.kind === 'tool' || it.kind === 'thought')).toMatchObject([
    { id: begun.step, status: 'running', title: 'Look', toolName: 'grep', turn },
    { id: part.step, status: 'running', parent: begun.step },
  ]);
  // The answer means that it is on the disk.
  expect(entries().find(({ event }) => event.type === 'step-started')).toMatchObject({ session });
});

test('no turn, a turn that has ended, and what no step can be are refused', async () => {
  const { ask } = await openHosted();
  const { session } = await ask('session/start', {});
  const { turn } = await ask('turn/start', { session });
  const refused = (params: object) => expect(ask('step/start', params as never)).rejects;
  await refused({ turn: session, kind: 'tool' }).toMatchObject({ code: 'unknown-id' });
  await refused({ turn, kind: 'dance' }).toMatchObject({
    code: 'invalid-params',
    message: 'kind must be one of tool, message, thought, terminal, question',
  });
  await refused({ turn, kind: 'tool', tool: { call: 1 } }).toMatchObject({
    code: 'invalid-params',
    data: { field: 'tool/call' },
  });
  await ask('turn/end', { turn });
  await refused({ turn, kind: 'tool' }).toMatchObject({ code: 'unknown-id', data: { id: turn } });
});

test('so many may be open at once, and no more', async () => {
  const { ask } = await openHosted();
  const { session } = await ask('session/start', {});
  const { turn } = await ask('turn/start', { session });
  const start = () => ask('step/start', { turn, kind: 'thought' });
  const [first] = await Promise.all(Array.from({ length: 1_000 }, start));
  await expect(start()).rejects.toMatchObject({ code: 'busy', data: { limit: 1_000 } });
  await ask('step/end', { step: first?.step ?? '' });
  await start();
});
