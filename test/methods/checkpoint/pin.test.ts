/** checkpoint/pin: keeps a checkpoint whatever its age, or no longer. */
import { expect, test } from 'vitest';
import { playAt } from '../checkpointed.ts';
import { ask } from '../recorded.ts';

test('pinned by any name of it, unpinned, and both twice', async () => {
  const played = await playAt({ files: { 'a.txt': 'a\n' } });
  const { checkpoint } = await ask(played.context, 'checkpoint/take', {});
  const pin = async (id: string, pinned?: boolean) =>
    (
      await ask(played.context, 'checkpoint/pin', {
        id,
        ...(pinned === undefined ? {} : { pinned }),
      })
    ).checkpoint;
  expect(await pin('@last')).toEqual({ ...checkpoint, pinned: true });
  expect(await pin(checkpoint.id.slice(-6).toLowerCase())).toMatchObject({ pinned: true });
  expect(await pin(checkpoint.id, false)).toEqual(checkpoint);
  expect(await pin('@checkpoint', false)).toEqual(checkpoint);
  await expect(pin('NOBODY')).rejects.toMatchObject({ code: 'unknown-id' });
});
