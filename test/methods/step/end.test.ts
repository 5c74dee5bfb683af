/** step/end: one end, with what was said, drawn on and written; and a checkpoint after what can have written. */
import { expect, test } from 'vitest';
import { openHosted } from '../../rpc/hosted.ts';

test('what a step said, drew on and named is in its row', async () => {
  const { ask } = await openHosted();
  const { session } = await ask('session/start', {});
  const { turn } = await ask('turn/start', { session });
  const look = await ask('step/start', { turn, kind: 'tool', tool: { kind: 'search' } });
  const say = await ask('step/start', { turn, kind: 'message', message: 'm-1' });
  const sources = [{ kind: 'web', uri: 'https://example.org', name: 'Example' }];
  const files = [{ path: 'a.txt', operation: 'read', line: 3 } as const];
  const told = { content: 'found it', sources, files, exitCode: 0 };
  const ended = await ask('step/end', { step: look.step, ...told });
  expect(ended).toMatchObject({ session, turn, step: look.step, outcome: 'completed' });
  const failed = { outcome: 'failed', content: 'I cannot', problem: 'no key' } as const;
  await ask('step/end', { step: say.step, ...failed });
  const { rows } = await ask('trace/snapshot', { session });
  const row = (id: string) => rows.find((it) => it.id === id);
  expect(row(look.step)).toMatchObject({
    ...{ status: 'completed', content: 'found it', exitCode: 0, sources },
    locations: [{ path: 'a.txt', operation: 'read', line: 3 }],
  });
  expect(row(say.step)).toMatchObject({
    ...{ status: 'failed', content: 'I cannot', problem: 'no key', message: 'm-1', role: 'agent' },
  });
});

test('what a tool wrote is kept after it, and can be taken back as its own', async () => {
  const { ask, write } = await openHosted();
  write('a.txt', 'one\n');
  const { session } = await ask('session/start', {});
  const { turn } = await ask('turn/start', { session });
  const { step } = await ask('step/start', { turn, kind: 'tool', tool: { kind: 'edit' } });
  write('a.txt', 'two\n');
  await ask('step/end', { step, files: [{ path: 'a.txt', operation: 'modify' }] });
  await ask('turn/end', { turn });
  const { paths } = await ask('undo/plan', { of: step });
  expect(paths.map((it) => it.path)).toEqual(['a.txt']);
});

test('it ends once, and with its turn or its session at the latest', async () => {
  const { ask } = await openHosted();
  const { session } = await ask('session/start', {});
  const { turn } = await ask('turn/start', { session });
  const start = async () => (await ask('step/start', { turn, kind: 'tool' })).step;
  const [done, open] = [await start(), await start()];
  await ask('step/end', { step: done });
  const refused = (step: string) =>
    expect(ask('step/end', { step })).rejects.toMatchObject({ code: 'unknown-id' });
  await refused(done);
  await ask('turn/end', { turn });
  await refused(open);
  const { rows } = await ask('trace/snapshot', { session });
  const tools = rows.filter((it) => it.kind === 'tool');
  expect(tools.map((it) => [it.id, it.outcome])).toEqual([
    [done, 'completed'],
    [open, 'interrupted'],
  ]);
});

test('what ends a step otherwise, and files that are none, are refused', async () => {
  const { ask } = await openHosted();
  const refused = (params: object) =>
    expect(ask('step/end', params as never)).rejects.toMatchObject({ code: 'invalid-params' });
  await refused({ step: 'x', outcome: 'interrupted' });
  await refused({ step: 'x', files: [{ path: 'a.txt', operation: 'burn' }] });
  await refused({ outcome: 'completed' });
});
