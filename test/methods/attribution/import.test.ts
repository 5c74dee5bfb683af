/** attribution/import: what a log says is taken once, of files of the workspace, and believed to the letter. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answer } from '../../../src/methods/table.ts';
import { playAt } from '../checkpointed.ts';

async function record(entries: (root: string) => readonly unknown[]) {
  const played = await playAt({ files: { f: 'one\n' } });
  const file = join(played.folder, 'log.jsonl');
  const lines = entries(played.root).map((it) => `${JSON.stringify(it)}\n`);
  writeFileSync(file, `${lines.join('')}{"torn`);
  const ask = (path = file) => answer(played.context, 'attribution/import', { file: path });
  const blame = async () => {
    const { ranges } = await answer(played.context, 'blame/file', { path: 'f' });
    return ranges.map(({ grade, session, step }) => [grade, session, step]);
  };
  return { ...played, ask, blame };
}

const edit = (filePath: string, more: object) => ({
  sessionId: 's1',
  uuid: 'u1',
  promptId: 'p1',
  message: { content: [{ type: 'tool_result', tool_use_id: 'toolu_1' }] },
  toolUseResult: { filePath, originalFile: 'one\n', ...more },
});

test('an edit of a time when nobody looked, taken once; what lies elsewhere is passed over', async () => {
  const { ask, blame, start, write } = await record((root) => [
    { sessionId: 's1', uuid: 'u0', type: 'user' },
    edit(join(root, 'f'), { oldString: 'one', newString: 'one\ntwo of the log' }),
    edit('/elsewhere/f', { content: 'x' }),
  ]);
  await (await start('look')).end();
  write({ f: 'one\ntwo of the log\n' });
  await (await start('look')).end();
  expect(await blame()).toEqual([
    ['U', undefined, undefined],
    ['U', undefined, undefined],
  ]);
  expect(await ask()).toMatchObject({ agent: 'claude-code', edits: 1, outside: 1, known: 0 });
  expect(await blame()).toEqual([
    ['U', undefined, undefined],
    ['L', 's1', 'toolu_1'],
  ]);
  expect(await ask()).toMatchObject({ edits: 0, known: 1 });
});

test('what the user changed before accepting, or what does not fit, is believed of nothing', async () => {
  const { ask, blame, write, start } = await record((root) => [
    edit(join(root, 'f'), { oldString: 'one', newString: 'one\ntwo', userModified: true }),
    edit(join(root, 'f'), { originalFile: 'other\n', oldString: 'other', newString: 'other\ntwo' }),
  ]);
  write({ f: 'one\ntwo\n' });
  await (await start('look')).end();
  expect((await ask()).edits).toBe(1);
  expect((await blame()).map(([grade]) => grade)).not.toContain('L');
});

test('a file that is not there, or no such log', async () => {
  const { ask, folder } = await record(() => []);
  await expect(ask(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'unknown-id' });
  await expect(ask()).rejects.toMatchObject({ code: 'invalid-params' });
  writeFileSync(join(folder, 'x'), '\0\0{}\n[1]\n{"sessionId":7}');
  await expect(ask(join(folder, 'x'))).rejects.toMatchObject({ code: 'invalid-params' });
});

test.each([
  ['the part fits, in its place', 'one\ntwo\nthree\n', 'one\nTWO of the log\nthree\n', 'L'],
  ['it stood there before', 'TWO of the log\none\ntwo\n', 'TWO of the log\nONE\ntwo\n', 'U'],
  ['a person wrote nearly that', 'one\ntwo\nthree\n', 'one\nTWO of the log!\nthree\n', 'U'],
])('Codex tells of parts: %s', async (_name, old, made, grade) => {
  const patch = '@@ -2,1 +2,1 @@\n-two\n+TWO of the log\n';
  const { ask, blame, write, start } = await record((root) => [
    { type: 'session_meta', payload: { id: 's1' } },
    {
      type: 'event_msg',
      payload: {
        type: 'item_completed',
        thread_id: 's1',
        turn_id: 't1',
        item: {
          type: 'FileChange',
          id: 'call_1',
          status: 'completed',
          changes: { [join(root, 'f')]: { type: 'update', unified_diff: patch } },
        },
      },
    },
  ]);
  write({ f: old });
  await (await start('look')).end();
  write({ f: made });
  await (await start('look')).end();
  expect(await ask()).toMatchObject({ agent: 'codex', edits: 1 });
  const told = await blame();
  expect(told.map(([is]) => is).filter((is) => is !== 'U')).toEqual(grade === 'L' ? ['L'] : []);
});
