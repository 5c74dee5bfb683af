/** Several sidecars with a session each in one workspace: one has the checkpoints, and nobody's undo takes another's work. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isSoak, sizeOf, tellFigures } from '../soak.ts';
import { openStage, type Stage } from './stage.ts';
import {
  commitAll,
  eventsOf,
  foundEvent,
  judgeStores,
  openTalk,
  readTexts,
  runClew,
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

test.runIf(isSoak)(
  'several and commands at once, for a minute: nothing is lost, and nobody is told to wait',
  async () => {
    await using stage = openStage();
    writeFileSync(join(stage.workspace, 'start.txt'), 'start\n');
    commitAll(stage.workspace);
    const names = ['a', 'b', 'c', 'd'];
    const talks = [];
    for (const name of names) talks.push(await openTalk(stage, busyScript(name)));
    const until = performance.now() + 1_000 * sizeOf(0, 60);
    const isOver = () => performance.now() > until;
    const taken = Promise.all(
      talks.map(async (talk) => {
        let turns = 0;
        for (; turns < mostTurns && !isOver(); turns += 1) await talk.take();
        return turns;
      }),
    );
    let asked = 0;
    for (; !isOver(); asked += 1) {
      const words = commands[asked % commands.length] ?? [];
      const told = await runClew(stage, words);
      expect({ words, code: told.code, stderr: told.stderr }).toEqual({
        words,
        code: 0,
        stderr: '',
      });
    }
    const turns = await taken;
    for (const talk of talks) await talk.leave();
    // On a busy machine a prompt goes on without its checkpoint, and that is said; nothing else may fail.
    const failed = eventsOf(stage, 'checkpoint-failed').map(({ why }) => why);
    expect(failed.filter((why) => !why.startsWith('not within'))).toEqual([]);
    const said = talks.flatMap((talk) => talk.running.stderr().split('\n'));
    expect(said.filter((it) => !/^$|before a turn is not whole yet$/.test(it))).toEqual([]);
    expect(eventsOf(stage, 'turn-ended')).toHaveLength(turns.reduce((sum, it) => sum + it, 0));
    const wanted = names.map((name, at) => [`${name}.txt`, `${name} ${(turns[at] ?? 0) - 1}\n`]);
    expect(readTexts(stage.workspace)).toEqual({
      'start.txt': 'start\n',
      ...Object.fromEntries(wanted),
    });
    // More than a list shows at once.
    const store = join(stateFolders(stage)[0] ?? '', 'store.git/refs/clew/checkpoints');
    const listed = new Set(readdirSync(store));
    const acknowledged = eventsOf(stage, 'checkpoint-taken').map(({ checkpoint }) => checkpoint);
    const lost = acknowledged.filter((id) => !listed.has(id));
    tellFigures('sidecars and commands at once', {
      turns,
      asked,
      late: failed.length,
      acknowledged: acknowledged.length,
      lost: lost.length,
    });
    expect(judgeStores(stage)).toEqual([]);
    expect(await runClew(stage, ['verify'])).toMatchObject({ code: 0, stderr: '' });
    expect(lost).toEqual([]);
  },
);

const mostTurns = 2_000;
const commands = [['log'], ['checkpoint'], ['status'], ['checkpoints'], ['diff', '@last']];

/** Each writes only its own file, again and again. */
function busyScript(name: string) {
  const turns = Array.from({ length: mostTurns }, (_, at) => [
    { edit: `${name}.txt`, text: `${name} ${at}\n` },
  ]);
  return { sessionIds: [`session-${name}`], turns };
}
