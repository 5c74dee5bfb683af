/** A disk that is slow or broken holds nobody up: seen through strace, which makes every call to it so. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openEditor } from './editor.ts';
import { readEvents, readJournals } from './journals.ts';
import { commandOf, openStage, peers, type Stage } from './stage.ts';
import { until, within } from './until.ts';

const hasStrace = spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0;
type Extra = { env?: Record<string, string>; beforeEnd?: () => Promise<unknown> };

const agent = [process.execPath, join(peers, 'agent.mjs'), '{"updates":5}'];

/** A whole conversation, while all these calls of the sidecar's threads go wrong. */
async function converse(stage: Stage, inject: string, extra: Extra = {}): Promise<string> {
  const strace = ['strace', '-f', '-qq', '-o', '/dev/null', '-e', `inject=${inject}`];
  const running = stage.start([...strace, ...commandOf(agent)], extra);
  const editor = openEditor(running, stage.workspace);
  const sessionId = await editor.greet();
  for (const id of ['1', '2']) {
    editor.ask(id, 'session/prompt', { sessionId, prompt: [{ type: 'text', text: 'go' }] });
    expect((await editor.answer(id)).result).toEqual({ stopReason: 'end_turn' });
  }
  await extra.beforeEnd?.();
  editor.leave();
  // What is left is written down while that gets on, and a thread in the middle of a write ends with it.
  expect(await within('the end', running.ended)).toEqual({ code: 0, signal: null });
  return running.stderr();
}

describe.runIf(hasStrace)('a disk', { concurrent: true }, () => {
  test('that takes longer for a write than a gate may wait: what waits is let through, and it is said', async () => {
    await using stage = openStage();
    // As patient as for users: here it is the waiting itself that counts.
    const env = { CLEW_PATIENCE: '1' };
    const passed = () => readEvents(stage.home).filter(({ type }) => type === 'gate-timed-out');
    const beforeEnd = () => until('both gates', () => passed().length === 2);
    const stderr = await converse(stage, 'pwrite64:delay_enter=3000000', { env, beforeEnd });
    // On a machine that is busy too, more may be late, and that is rightly said.
    const late = /before a turn is not whole yet$|the recorder did not finish in time$/;
    expect(stderr.split('\n').filter((it) => it !== '' && !late.test(it))).toEqual([]);
    expect(readJournals(stage.home).flatMap((file) => file.problems)).toEqual([]);
    expect(passed()).toMatchObject([{ gate: 'session/prompt' }, { gate: 'session/prompt' }]);
  });

  test.each([
    ['cannot bring anything to rest', 'fdatasync:error=EIO'],
    ['takes nothing', 'pwrite64:error=EIO'],
    ['takes nothing any more', 'pwrite64:error=EIO:when=3+'],
    ['is full', 'pwrite64:error=ENOSPC'],
    ['is of somebody else', 'pwrite64:error=EDQUOT'],
  ])('that %s', async (_name, inject) => {
    await using stage = openStage();
    const stderr = await converse(stage, inject);
    expect(stderr.split('\n').length).toBeLessThanOrEqual(3);
    expect(stderr).not.toMatch(/\n\s+at |node:internal|undefined/);
    expect(readJournals(stage.home).flatMap((file) => file.problems)).toEqual([]);
  });
});
