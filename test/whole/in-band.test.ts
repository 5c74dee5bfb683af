/** The methods of clew through the ACP SDK's own client, beside a conversation with an agent. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import * as acp from '@agentclientprotocol/sdk';
import { expect, test } from 'vitest';
import { openEditor } from './editor.ts';
import { openStage, peers, type Stage } from './stage.ts';
import { tellMuch } from './tell-much.ts';
import { until } from './until.ts';

type Refusal = { code: number; data?: Record<string, unknown> };
type Answer = Record<string, unknown>;

const asking = { _meta: { clew: {} } };
const anything = (value: unknown) => value as { token: string; value: { kind: string } };

function start(stage: Stage) {
  const facts = join(stage.folder, 'facts');
  const agent = [process.execPath, join(peers, 'agent.mjs'), JSON.stringify({ facts })];
  const running = stage.sidecar(agent, { options: ['--workspace', stage.workspace] });
  return { running, heard: () => readFileSync(facts, 'utf8') };
}

async function connect(
  stage: Stage,
  use: (agent: acp.ClientContext, told: ReturnType<typeof anything>[]) => Promise<void>,
): Promise<string> {
  const { running, heard } = start(stage);
  const told: ReturnType<typeof anything>[] = [];
  const stream = acp.ndJsonStream(
    Writable.toWeb(running.process.stdin) as WritableStream<Uint8Array>,
    Readable.toWeb(running.process.stdout) as ReadableStream<Uint8Array>,
  );
  await acp
    .client({ name: 'a test' })
    .onNotification('_clew/progress', anything, ({ params }) => void told.push(params))
    .connectWith(stream, async (agent) => {
      await agent.request('initialize', {
        protocolVersion: acp.PROTOCOL_VERSION,
        clientCapabilities: asking,
      });
      await use(agent, told);
    });
  return heard();
}

const refusalOf = (asked: Promise<unknown>): Promise<Refusal> =>
  asked.then(
    () => expect.fail('it was not refused'),
    (error: unknown) => error as Refusal,
  );

test('every method is asked as over the other doors, and the agent hears nothing of it', async () => {
  await using stage = openStage();
  const heard = await connect(stage, async (agent) => {
    const ask = (method: string, params: object = {}) =>
      agent.request<Answer, object>(`_clew/${method}`, params);
    const { workspace } = await ask('workspace/open', { folder: stage.workspace });
    expect(await ask('workspace/status', { workspace })).toMatchObject({
      workspace: stage.workspace,
    });
    const { checkpoint } = await ask('checkpoint/take', { label: 'by the editor' });
    expect(checkpoint).toMatchObject({ label: 'by the editor' });
    expect((await ask('rpc.discover')).openrpc).toBe('1.3.2');
    expect(await refusalOf(ask('log/show', { id: 7 }))).toMatchObject({ code: -32602 });
    expect(await refusalOf(ask('no/such'))).toMatchObject({ code: -32601 });
    expect(await refusalOf(ask('session/start'))).toMatchObject({ data: { code: 'usage' } });
    expect(await refusalOf(ask('workspace/open', { folder: '/' }))).toMatchObject({
      data: { code: 'no-workspace' },
    });
  });
  expect(heard).not.toContain('_clew');
});

test('progress is heard, and cancelling', async () => {
  await using stage = openStage();
  tellMuch(stage);
  await connect(stage, async (agent, told) => {
    const leaving = new AbortController();
    const params = { workDoneToken: 'mine' };
    const asked = refusalOf(
      agent.request<Answer, object>('_clew/session/list', params, {
        cancellationSignal: leaving.signal,
      }),
    );
    await until('progress', () => told.some((it) => it.value.kind === 'begin'));
    leaving.abort();
    expect(await asked).toMatchObject({ code: -32800 });
    await until('its end', () => told.at(-1)?.value.kind === 'end');
    expect(new Set(told.map((it) => it.token))).toEqual(new Set(['mine']));
  });
});

test('what cancels a request of ours does not come to the agent', async () => {
  await using stage = openStage();
  const heard = await connect(stage, async (agent) => {
    const leaving = new AbortController();
    const take = (label: string, cancellationSignal = new AbortController().signal) =>
      agent.request<Answer, object>('_clew/checkpoint/take', { label }, { cancellationSignal });
    await take('warm');
    const first = take('first');
    const second = refusalOf(take('second', leaving.signal));
    leaving.abort();
    expect(await second).toMatchObject({ code: -32800 });
    expect((await first).checkpoint).toMatchObject({ label: 'first' });
  });
  expect(heard).not.toMatch(/_clew|cancel_request/);
});

test('bad requests get their answer with their id, and what is not ours goes on', async () => {
  await using stage = openStage();
  const { running, heard } = start(stage);
  const editor = openEditor(running, stage.workspace);
  editor.ask('0', 'initialize', { protocolVersion: 1, clientCapabilities: asking });
  await editor.answer('0');
  const deep = `${'['.repeat(1_000)}${']'.repeat(1_000)}`;
  editor.say(`{"jsonrpc":"2.0","id":1.50,"method":"_clew/log/query","params":"x"}`);
  expect((await editor.answer('1.50')).error?.code).toBe(-32600);
  editor.say(`{"jsonrpc":"1.0","id":"a","method":"_clew/log/query"}`);
  expect((await editor.answer('"a"')).error?.code).toBe(-32600);
  editor.say(`{"jsonrpc":"2.0","id":2,"method":"_clew/log/query","params":{"a":${deep}}}`);
  expect((await editor.answer('null')).error?.code).toBe(-32600);
  editor.say('{"jsonrpc":"2.0","method":"$/cancel_request","params":{"requestId":77}}');
  editor.ask('3', '_clew/workspace/status');
  expect((await editor.answer('3')).result).toMatchObject({ workspace: stage.workspace });
  await until('the cancelling of somebody else’s', () => heard().includes('cancel_request'));
  expect(heard()).not.toContain('_clew/');
});
