/** workspace/open: one handle for one workspace, on each connection for itself. */
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answer } from '../../../src/methods/table.ts';
import { openHosted } from '../../rpc/hosted.ts';
import { makeFolder } from '../../scratch.ts';
import { openAt, recordWorkspace } from '../recorded.ts';

test('any folder inside is the same workspace', async () => {
  const { ask, root, workspace } = await openHosted();
  mkdirSync(join(root, '.git'));
  mkdirSync(join(root, 'deep'));
  expect(await ask('workspace/open', { folder: root })).toMatchObject({ workspace, root });
  const other = makeFolder();
  const opened = await ask('workspace/open', { folder: other });
  expect(opened.workspace).not.toBe(workspace);
  const status = await ask('workspace/status', { workspace: opened.workspace });
  expect(status.workspace).toBe(other);
});

test('what this connection has not opened is refused, also when another has', async () => {
  const [one, two] = [await openHosted(), await openHosted()];
  const asked = two.ask('workspace/status', { workspace: one.workspace });
  await expect(asked).rejects.toMatchObject({
    code: 'closed-workspace',
    data: { workspace: one.workspace },
  });
});

test.each(['/no/such/folder', '/etc/passwd', ''])('no folder: %j', async (folder) => {
  const { ask } = await openHosted();
  const code = folder === '' ? 'invalid-params' : 'no-workspace';
  await expect(ask('workspace/open', { folder })).rejects.toMatchObject({ code });
});

test('a request that names none is refused where there is no usual one', async () => {
  const { ask } = await openHosted({ folder: undefined });
  await expect(ask('workspace/status', {})).rejects.toMatchObject({
    code: 'invalid-params',
    data: { field: 'workspace' },
  });
});

test.runIf(process.getuid?.() === 0)('state that belongs to somebody else is refused', async () => {
  const home = makeFolder();
  chmodSync(home, 0o700);
  chownSync(home, 12_345, 12_345);
  await expect(openHosted({ env: { CLEW_HOME: home } })).rejects.toMatchObject({
    code: 'state-refused',
    data: { owner: 12_345 },
  });
});

test('through other doors there is only one to open', async () => {
  const context = openAt(recordWorkspace([]));
  const { root } = context.workspace;
  expect(await answer(context, 'workspace/open', { folder: root })).toMatchObject({ root });
  await expect(answer(context, 'workspace/open', { folder: '/' })).rejects.toMatchObject({
    code: 'no-workspace',
  });
});
