/** workspace/close: what was opened is closed, whoever is inside may finish, and nobody comes in any more. */
import { expect, test } from 'vitest';
import { openHosted } from '../../rpc/hosted.ts';

test('sessions end, and everything about it is refused', async () => {
  const { ask, workspace, root, events } = await openHosted();
  const { session } = await ask('session/start', { workspace });
  const looking = ask('checkpoint/take', { workspace });
  expect(await ask('workspace/close', { workspace })).toEqual({ workspace });
  expect((await looking).checkpoint.reason).toBe('asked');
  expect(events().map((it) => it.type)).toContain('session-closed');
  for (const method of ['workspace/status', 'workspace/close'] as const)
    await expect(ask(method, { workspace })).rejects.toMatchObject({ code: 'closed-workspace' });
  expect(await ask('workspace/open', { folder: root })).toMatchObject({ workspace });
  await expect(ask('session/end', { session, workspace })).rejects.toMatchObject({
    code: 'unknown-id',
  });
});
