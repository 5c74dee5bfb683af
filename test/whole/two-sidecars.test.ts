/** Two sidecars with a session each in one workspace: one has the checkpoints, and nobody's undo takes another's work. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';
import {
  commitAll,
  eventsOf,
  foundEvent,
  judgeStores,
  openTalk,
  readTexts,
  stateFolders,
  undo,
} from './talk.ts';
import { until, within } from './until.ts';

const leaderOf = (stage: Stage) =>
  JSON.parse(readFileSync(join(stateFolders(stage)[0] ?? '', 'leader.lock'), 'utf8')).mark.pid;

test('undo of a turn of the one while a turn of the other runs; the leader is killed in between', async () => {
  await using stage = openStage();
  const start = { 'shared.txt': '1\n2\n3\n4\n5\n6\n7\n8\n', 'b.txt': 'b\n' };
  for (const [name, text] of Object.entries(start))
    writeFileSync(join(stage.workspace, name), text);
  commitAll(stage.workspace);
  const asks = { text: 'B’s\n', ask: true };
  const first = await openTalk(stage, {
    sessionIds: ['session-a'],
    turns: [
      [
        { edit: 'shared.txt', from: '1\n', to: 'A\n' },
        { edit: 'a.txt', text: 'A’s\n' },
      ],
    ],
  });
  const second = await openTalk(stage, {
    sessionIds: ['session-b'],
    turns: [
      [
        { edit: 'shared.txt', from: '8\n', to: 'B\n' },
        { edit: 'b.txt', ...asks },
      ],
      [{ edit: 'late.txt', text: 'B’s own\n' }],
    ],
  });
  expect(leaderOf(stage)).toBe(first.running.pid);
  const running = second.begin();
  const { id } = await second.asked('session/request_permission');
  await first.take();
  const { turn: turnOfA } = await foundEvent(stage, 'files-claimed', ({ claims }) =>
    claims.some(({ path }) => path === join(stage.workspace, 'a.txt')),
  );
  await foundEvent(stage, 'checkpoint-taken', (it) => it.reason === 'turn' && it.turn === turnOfA);
  const undone = await undo(stage, [turnOfA, '--merge', 'shared.txt']);
  expect(undone).toMatchObject({ ready: true, removed: ['a.txt'], written: ['shared.txt'] });
  expect(readTexts(stage.workspace)).toEqual({
    ...start,
    'shared.txt': '1\n2\n3\n4\n5\n6\n7\nB\n',
  });

  process.kill(first.running.pid, 'SIGKILL');
  await within('the end of the leader', first.running.ended);
  second.allow(id, { outcome: { outcome: 'selected', optionId: 'allow' } });
  await running.ended();
  await second.take();
  await until('another leader', () => leaderOf(stage) === second.running.pid);
  await second.leave();
  expect(eventsOf(stage, 'checkpoint-failed')).toEqual([]);
  expect(second.running.stderr()).toBe('');
  expect((await undo(stage)).removed).toEqual(['late.txt']);
  expect(readTexts(stage.workspace)).toEqual({
    'shared.txt': '1\n2\n3\n4\n5\n6\n7\nB\n',
    'b.txt': 'B’s\n',
  });
  expect(judgeStores(stage)).toEqual([]);
});
