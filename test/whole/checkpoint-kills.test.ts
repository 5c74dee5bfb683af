/** Killed at every step of a checkpoint or of an undo: the tree is whole, no acknowledged checkpoint is lost, and it is told. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openEditor } from './editor.ts';
import { clew, openStage, type Stage } from './stage.ts';
import {
  commitAll,
  eventsOf,
  git,
  judgeStores,
  listCheckpoints,
  openTalk,
  readTexts,
  readWhole,
  runClew,
  scripted,
  stateFolders,
} from './talk.ts';
import { until, within } from './until.ts';

const texts = { 'a.txt': 'one\ntwo\n', 'b.txt': 'two\n', 'gone.txt': 'gone\n' };
const turn = [
  { edit: 'a.txt', from: 'two', to: 'TWO' },
  { shell: 'echo by shell >> b.txt; mkdir new; echo new > new/file; rm gone.txt' },
];

function openFilled(): Stage {
  const stage = openStage();
  for (const [name, text] of Object.entries(texts))
    writeFileSync(join(stage.workspace, name), text);
  commitAll(stage.workspace);
  return stage;
}

/** Every checkpoint that the journal speaks of is there, and what git says of them is nothing. */
async function checkKept(stage: Stage): Promise<void> {
  const listed = (await listCheckpoints(stage)).map(({ id }) => id);
  const acknowledged = eventsOf(stage, 'checkpoint-taken').map(({ checkpoint }) => checkpoint);
  expect(listed).toEqual(expect.arrayContaining(acknowledged));
  expect(judgeStores(stage)).toEqual([]);
}

const takePoints = [
  'take-begun',
  'take-looked',
  'pack-gathered',
  'pack-synced',
  'pack-renamed',
  'pack-indexed',
  'ref-written',
  'ref-renamed',
  'take-ended',
];

/** Says what an editor would, until the failpoint strikes. */
async function dieTalking(stage: Stage, env: Record<string, string>): Promise<void> {
  const running = stage.sidecar([process.execPath, scripted, '{}'], { env });
  const { ask } = openEditor(running, stage.workspace);
  ask('0', 'initialize', { protocolVersion: 1 });
  ask('1', 'session/new', { cwd: stage.workspace, mcpServers: [] });
  const prompt = [{ type: 'text', text: 'not for long' }];
  ask('2', 'session/prompt', { sessionId: 'session-1', prompt });
  const ended = await within(`the end at ${env['CLEW_FAILPOINT']}`, running.ended);
  expect({ ...env, ...ended }).toEqual({ ...env, code: null, signal: 'SIGKILL' });
  await until('the end of the agent', () => stage.survivors().length === 0);
}

test('the sidecar, at every step of a checkpoint', async () => {
  await using stage = openFilled();
  const userGit = readWhole(join(stage.workspace, '.git'));
  for (const [index, point] of takePoints.entries()) {
    writeFileSync(join(stage.workspace, 'hand.txt'), `before ${point}\n`);
    const before = readTexts(stage.workspace);
    // Its first checkpoint, and one of a later moment.
    const env = { CLEW_FAILPOINT: `${point}:crash@${1 + (index % 2)}` };
    await dieTalking(stage, env);
    expect(readTexts(stage.workspace)).toEqual(before);
    await checkKept(stage);
  }
  const talk = await openTalk(stage, { turns: [turn] });
  await talk.take();
  await talk.leave();
  await checkKept(stage);
  expect(await runClew(stage, ['undo'])).toMatchObject({ code: 0 });
  expect(readTexts(stage.workspace)).toEqual({
    ...texts,
    'hand.txt': `before ${takePoints.at(-1)}\n`,
  });
  expect(readWhole(join(stage.workspace, '.git'))).toEqual(userGit);
});

test('the back thread, in the middle of a turn: the conversation goes on, and so do checkpoints', async () => {
  await using stage = openFilled();
  const env = { CLEW_FAILPOINT: 'back-line:crash@10' };
  const talk = await openTalk(
    stage,
    { turns: [[{ say: 'hello' }], turn, [{ shell: 'echo more > more.txt' }]] },
    { env },
  );
  await talk.take();
  await talk.take();
  await until(
    'the restart',
    () => /restart/.test(talk.running.stderr()) || eventsOf(stage, 'recording-started').length > 1,
  );
  await talk.take();
  await talk.leave();
  await checkKept(stage);
  const undone = await runClew(stage, ['undo', '--json']);
  expect(undone).toMatchObject({ code: 0, stderr: '' });
  const { 'more.txt': more, ...rest } = readTexts(stage.workspace);
  expect(more).toBeUndefined();
  expect(rest).toEqual({ 'a.txt': 'one\nTWO\n', 'b.txt': 'two\nby shell\n', 'new/file': 'new\n' });
});

const restorePoints = [
  'restore-checked',
  'restore-intended',
  'restore-cleared',
  'restore-staging',
  'restore-staged',
  'restore-placing',
  'restore-placed',
  'restore-removing',
  'restore-removed',
  'restore-done',
];

describe('clew undo, killed', () => {
  test('at every step: the next call has it done or not begun, and says which', async () => {
    await using stage = openFilled();
    const talk = await openTalk(stage, { turns: [turn] });
    await talk.take();
    await talk.leave();
    const [{ turn: of } = { turn: '' }] = eventsOf(stage, 'turn-started');
    const after = readTexts(stage.workspace);
    const heads = git(stage.workspace, 'status', '--porcelain=v2', '--branch');
    let safety = '';
    for (const point of restorePoints) {
      const env = { CLEW_FAILPOINT: `${point}:crash@1` };
      const killed = await runClew(stage, ['undo', of], { env });
      expect({ point, ...killed }).toMatchObject({ point, code: null, signal: 'SIGKILL' });
      const next = await runClew(stage, ['checkpoint']);
      expect({ point, ...next }).toMatchObject({ point, code: 0 });
      const isDone = point !== 'restore-checked';
      expect({ point, ...readTexts(stage.workspace) }).toEqual({
        point,
        ...(isDone ? texts : after),
      });
      if (isDone && point !== 'restore-done')
        expect(next.stderr).toMatch(
          /^clew: undo or restore \w+ was cut short, and is finished now\n$/,
        );
      const told = eventsOf(stage, 'files-restored').filter((it) => it.rolledForward === true);
      if (isDone && point !== 'restore-done') expect(told.length).toBeGreaterThan(0);
      expect(judgeStores(stage)).toEqual([]);
      if (!isDone) continue;
      // The safety checkpoint has the name of the undo.
      safety = told.at(-1)?.undo ?? safety;
      const back = await runClew(stage, ['restore', safety]);
      expect({ point, ...back }).toMatchObject({ point, code: 0 });
      expect({ point, ...readTexts(stage.workspace) }).toEqual({ point, ...after });
    }
    await checkKept(stage);
    expect(git(stage.workspace, 'status', '--porcelain=v2', '--branch')).toBe(heads);
  });

  test('while the sidecar has the checkpoints: it is done there', async () => {
    await using stage = openFilled();
    const talk = await openTalk(stage, { turns: [turn] });
    await talk.take();
    await until('the turn’s checkpoint', () =>
      eventsOf(stage, 'checkpoint-taken').find(({ reason }) => reason === 'turn'),
    );
    const running = stage.start([process.execPath, clew, 'undo']);
    await until('the safety checkpoint', () => running.isOver() || restoresOf(stage).length > 0);
    running.process.kill('SIGINT');
    await within('the end', running.ended);
    await until('the files back', () => !existsSync(join(stage.workspace, 'new/file')));
    await talk.leave();
    expect(readTexts(stage.workspace)).toEqual(texts);
    await checkKept(stage);
  });
});

function restoresOf(stage: Stage): string[] {
  return stateFolders(stage)
    .flatMap((it) => readdirSync(join(it, 'restores')))
    .filter((it) => /\.(?:intent|done)$/.test(it));
}
