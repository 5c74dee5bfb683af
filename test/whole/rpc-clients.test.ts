/** Real clients of a real server: vscode-jsonrpc's own, and one that knows nothing but the OpenRPC document. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  CancellationTokenSource,
  createMessageConnection,
  type MessageConnection,
  ProgressType,
} from 'vscode-jsonrpc/node';
import { connectByDocument } from './document-client.ts';
import { clew, openStage, type Stage } from './stage.ts';
import { tellMuch } from './tell-much.ts';
import { until, within } from './until.ts';

type Answer = Record<string, string>;
type Refusal = { code: number; message: string; data: Record<string, unknown> };

const serve = [process.execPath, clew, 'serve', '--stdio'];

function connect(stage: Stage) {
  const running = stage.start(serve);
  const { stdout, stdin } = running.process;
  const connection = createMessageConnection(stdout, stdin);
  connection.listen();
  return { running, connection };
}

async function begin(stage: Stage) {
  const { running, connection } = connect(stage);
  await connection.sendRequest('initialize', {
    ...{ protocolVersions: [1], clientInfo: { name: 'vscode-jsonrpc' }, processId: process.pid },
  });
  await connection.sendNotification('initialized', {});
  const folder = stage.workspace;
  const { workspace } = await connection.sendRequest<Answer>('workspace/open', { folder });
  return { running, connection, workspace };
}

async function refusalOf(asked: Promise<unknown>): Promise<Refusal> {
  return asked.then(
    () => expect.fail('it was not refused'),
    (error: unknown) => error as Refusal,
  );
}

describe.concurrent('vscode-jsonrpc', () => {
  test('a whole turn, and its undo', async () => {
    await using stage = openStage();
    const path = join(stage.workspace, 'a.txt');
    writeFileSync(path, 'one\n');
    const { running, connection, workspace } = await begin(stage);
    const ask = (method: string, params: object) =>
      connection.sendRequest<Answer>(method, { workspace, ...params });
    const { session } = await ask('session/start', { agent: { name: 'mine' } });
    const { turn, checkpoint: before } = await ask('turn/start', { session, prompt: 'go' });
    writeFileSync(path, 'two\n');
    const { checkpoint: after } = await ask('turn/end', { turn });
    const { files } = (await ask('checkpoint/diff', { from: before, to: after })) as unknown as {
      files: { path: string }[];
    };
    expect(files.map((it) => it.path)).toEqual(['a.txt']);
    await ask('checkpoint/restore', { checkpoint: before });
    expect(readFileSync(path, 'utf8')).toBe('one\n');
    await connection.sendRequest('shutdown');
    await connection.sendNotification('exit');
    expect(await within('the end', running.ended)).toEqual({ code: 0, signal: null });
    expect(running.stderr()).toBe('');
  });

  test('progress comes with the token, and cancelling ends the waiting', async () => {
    await using stage = openStage();
    tellMuch(stage);
    const { connection, workspace } = await begin(stage);
    const told: { kind: string; message?: string }[] = [];
    connection.onProgress(new ProgressType<{ kind: string }>(), 'mine', (it) => void told.push(it));
    const source = new CancellationTokenSource();
    const params = { workspace, workDoneToken: 'mine' };
    const asked = refusalOf(connection.sendRequest('session/list', params, source.token));
    await until('progress', () => told.some((it) => it.kind === 'begin'));
    source.cancel();
    expect(await asked).toMatchObject({ code: -32800, data: { code: 'cancelled' } });
    await until('its end', () => told.at(-1)?.kind === 'end');
    const { sessions } = await connection.sendRequest<{ sessions: object[] }>('session/list', {
      workspace,
    });
    expect(sessions).toMatchObject([{ agentSession: 'thread-1', turnCount: 1 }]);
  });

  test('refusals have their code, data and hint', async () => {
    await using stage = openStage();
    const { connection, workspace } = await begin(stage);
    const refusals: readonly (readonly [string, object, object])[] = [
      ['no/such', {}, { code: -32601, data: { code: 'unknown-method', hint: expect.any(String) } }],
      ['log/show', { workspace, id: 'zzzzzz' }, { code: -32005, data: { id: 'zzzzzz' } }],
      ['log/show', { workspace }, { code: -32602, data: { field: 'id' } }],
      ['log/show', { id: 'x' }, { code: -32602, data: { field: 'workspace' } }],
      ['log/show', { workspace: 'x', id: 'x' }, { code: -32032, data: { workspace: 'x' } }],
    ];
    for (const [method, params, wanted] of refusals)
      expect(await refusalOf(connection.sendRequest(method, params))).toMatchObject(wanted);
  });

  test('what is seen in one connection is not seen in another', async () => {
    await using stage = openStage();
    const [one, two] = [await begin(stage), connect(stage).connection];
    await two.sendRequest('initialize', {});
    const looks = (it: MessageConnection) =>
      it.sendRequest('session/list', { workspace: one.workspace });
    await looks(one.connection);
    expect(await refusalOf(looks(two))).toMatchObject({ code: -32032 });
  });
});

test('a subscriber hears of the workspace that it follows, and of no other', async () => {
  await using stage = openStage();
  await using elsewhere = openStage();
  const [one, two] = [await begin(stage), await begin(stage)];
  const folder = elsewhere.workspace;
  const other = await two.connection.sendRequest<Answer>('workspace/open', { folder });
  const heard: string[] = [];
  one.connection.onNotification((method, params) => {
    heard.push(`${method} ${JSON.stringify(params)}`);
  });
  const told: string[] = [];
  two.connection.onNotification((method, params) => {
    told.push(`${method} ${JSON.stringify(params)}`);
  });
  await one.connection.sendRequest('trace/subscribe', { workspace: one.workspace });
  await two.connection.sendRequest('trace/subscribe', { workspace: other.workspace });
  const work = async (workspace: string | undefined, title: string) => {
    const ask = (method: string, params: object) =>
      two.connection.sendRequest<Answer>(method, { workspace, ...params });
    const { session } = await ask('session/start', { title });
    const { turn } = await ask('turn/start', { session, prompt: title });
    await ask('turn/end', { turn });
  };
  await work(other.workspace, 'in the other');
  await work(two.workspace, 'in the first');
  await until(
    'both',
    () => heard.join().includes('in the first') && told.join().includes('in the other'),
  );
  expect(heard.join()).not.toContain('in the other');
  expect(told.join()).not.toContain('in the first');
});

test('a client that knows only the OpenRPC document', async () => {
  await using stage = openStage();
  writeFileSync(join(stage.workspace, 'a.txt'), 'one\n');
  const document = JSON.parse(readFileSync('schemas/openrpc.json', 'utf8'));
  const running = stage.start([...serve, '--framing', 'ndjson']);
  const { stdin, stdout } = running.process;
  const client = connectByDocument(document, { input: stdout, output: stdin });
  const hello = await client.ask('initialize', { protocolVersions: [1] });
  client.say('initialized', {});
  expect((hello['capabilities'] as { methods: string[] }).methods.sort()).toEqual(
    client.methods.filter((it) => /[/.]/.test(it) && !it.startsWith('$')).sort(),
  );
  expect(await client.ask('rpc.discover', {})).toEqual(document);
  const { workspace } = await client.ask('workspace/open', { folder: stage.workspace });
  const { session } = await client.ask('session/start', { workspace, title: 'by the book' });
  const { turn } = await client.ask('turn/start', { workspace, session, prompt: 'go' });
  writeFileSync(join(stage.workspace, 'a.txt'), 'two\n');
  await client.ask('turn/end', { workspace, turn });
  await client.ask('session/show', { workspace, session });
  const { checkpoints } = await client.ask('checkpoint/list', { workspace });
  expect(checkpoints).not.toEqual([]);
  await client.ask('log/query', { workspace, limit: 3 });
  await client.ask('undo/plan', { workspace, of: turn });
  await client.ask('workspace/status', { workspace });
  await expect(client.ask('log/show', { workspace, id: 'zzzz' })).rejects.toMatchObject({
    code: -32005,
  });
  await client.ask('workspace/close', { workspace });
  await client.ask('shutdown', {});
  client.say('exit', {});
  expect(await within('the end', running.ended)).toEqual({ code: 0, signal: null });
});
