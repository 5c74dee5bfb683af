/** A history that is made shorter and is killed in the middle of it: every file is as it was, or as it should be. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEditor } from './editor.ts';
import { readJournals } from './journals.ts';
import { clew, openStage, peers, type Stage } from './stage.ts';
import { within } from './until.ts';

async function record(stage: Stage, turns: number): Promise<void> {
  const agent = [process.execPath, join(peers, 'agent.mjs'), JSON.stringify({ updates: 20 })];
  const running = stage.sidecar(agent);
  const editor = openEditor(running, stage.workspace);
  const sessionId = await editor.greet();
  for (let n = 0; n < turns; n += 1) {
    const prompt = [{ type: 'text', text: `turn ${n} ${'and more of it '.repeat(20)}` }];
    editor.ask(String(n), 'session/prompt', { sessionId, prompt });
    await editor.answer(String(n));
  }
  editor.leave();
  await within('the end', running.ended);
}

function shorten(stage: Stage, failpoint = '') {
  const command = [process.execPath, clew, 'history', 'shorten', '--max-bytes', '0'];
  return stage.start(command, { env: { CLEW_FAILPOINT: failpoint } });
}

test.each(['shorten-write', 'shorten-written'])('killed at %s', async (name) => {
  await using stage = openStage();
  for (const _ of [1, 2, 3]) await record(stage, 3);
  const killed = shorten(stage, `${name}:crash@2`);
  expect(await within('the end', killed.ended)).toEqual({ code: null, signal: 'SIGKILL' });
  expect(readJournals(stage.home).flatMap((file) => file.problems)).toEqual([]);
  const verify = stage.start([process.execPath, clew, 'verify']);
  expect((await within('the end', verify.ended)).code).toBe(0);
  expect((await within('the end', shorten(stage).ended)).code).toBe(0);
  expect(readJournals(stage.home).flatMap((file) => file.problems)).toEqual([]);
});
