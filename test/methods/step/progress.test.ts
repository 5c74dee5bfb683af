/** step/progress: told to those in the session's room, without secrets, and in no journal. */
import { expect, test } from 'vitest';
import { openHosted } from '../../rpc/hosted.ts';

const secret = 'sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOP';

test('who follows the session sees how far a step is, as does who comes late', async () => {
  const told: string[] = [];
  const waiting = new Map<string, () => void>();
  const hear = (text: string) => {
    told.push(text);
    for (const [wanted, done] of waiting) if (text.includes(wanted)) done();
  };
  const until = (wanted: string) =>
    new Promise<void>((done) => {
      waiting.set(wanted, done);
      if (told.some((it) => it.includes(wanted))) done();
    });
  const { ask, entries } = await openHosted({
    notify: (method, params) => hear(`${method} ${JSON.stringify(params)}`),
  });
  const { session } = await ask('session/start', {});
  const { turn } = await ask('turn/start', { session });
  await ask('trace/subscribe', { session, subscription: 'early' });
  const { step } = await ask('step/start', { turn, kind: 'tool', title: 'Test' });
  await ask('step/progress', { step, content: `with ${secret} 3 of 7 tests ` });
  await until('3 of 7 tests');
  await ask('trace/subscribe', { session, subscription: 'late' });
  await until('agent_session:step:progress {"subscription":"late"');
  const progress = told.filter((it) => it.includes('step:progress'));
  expect(progress.join()).toContain('[redacted');
  expect(told.join()).not.toContain(secret);
  expect(JSON.stringify(entries())).not.toContain('3 of 7');
});

test('a step that has ended, or never began, goes nowhere', async () => {
  const { ask } = await openHosted();
  const { session } = await ask('session/start', {});
  const { turn } = await ask('turn/start', { session });
  const { step } = await ask('step/start', { turn, kind: 'message' });
  await ask('step/end', { step });
  const asked = (params: object) => expect(ask('step/progress', params as never)).rejects;
  await asked({ step, content: 'x' }).toMatchObject({ code: 'unknown-id', data: { id: step } });
  await asked({ step: 'nobody', content: 'x' }).toMatchObject({ code: 'unknown-id' });
  await asked({ step, content: 7 }).toMatchObject({ code: 'invalid-params' });
});
