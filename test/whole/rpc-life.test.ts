/** How a server begins and ends, whoever ends it; that its output is protocol only; and several of them on one workspace. */
import { spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openRawServer } from './raw-server.ts';
import { clew, openStage, type Stage } from './stage.ts';
import { until, within } from './until.ts';

type Told = { result: Record<string, string> };

const resultOf = (answer: unknown) => (answer as Told).result;

async function begin(stage: Stage, more: readonly string[] = []) {
  const server = openRawServer(stage, 'content-length', ['--workspace', '.', ...more]);
  const { workspace = '' } = resultOf(await server.ask('0', 'initialize', {}));
  return { server, workspace };
}

describe.concurrent('the end', () => {
  test('shutdown and exit: 0', async () => {
    await using stage = openStage();
    const { server } = await begin(stage);
    expect(resultOf(await server.ask('1', 'shutdown'))).toBeNull();
    expect((await server.ask('2', 'workspace/status')).error).toMatchObject({
      code: -32600,
      data: { hint: expect.stringContaining('exit') },
    });
    expect((await server.ask('3', 'shutdown')).error?.code).toBe(-32600);
    await server.say('exit');
    expect(await within('the end', server.running.ended)).toEqual({ code: 0, signal: null });
  });

  test('exit without shutdown: 1, before initialize too', async () => {
    await using stage = openStage();
    const server = openRawServer(stage, 'content-length');
    await server.say('exit');
    expect(await within('the end', server.running.ended)).toEqual({ code: 1, signal: null });
  });

  test('its input ends: what was asked is answered first', async () => {
    await using stage = openStage();
    const { server } = await begin(stage);
    for (let n = 1; n <= 20; n += 1)
      await server.send(server.frame(`{"jsonrpc":"2.0","id":${n},"method":"session/list"}`));
    expect(await server.leave()).toEqual({ code: 1, signal: null });
    expect(server.take()).toHaveLength(20);
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ] as const)(
    '%s: sessions that were open are ended, and said to be interrupted',
    async (signal, code) => {
      await using stage = openStage();
      const { server } = await begin(stage);
      const { session } = resultOf(await server.ask('1', 'session/start', {}));
      await server.ask('2', 'turn/start', { session });
      server.running.process.kill(signal);
      expect(await within('the end', server.running.ended)).toEqual({ code, signal: null });
      const after = await begin(stage);
      const shown = await after.server.ask('1', 'session/show', { session });
      expect(resultOf(shown).session).toMatchObject({
        state: 'interrupted',
        turns: [{ outcome: 'interrupted' }],
      });
      expect(resultOf(await after.server.ask('2', 'journal/verify')).sound).toBe(true);
    },
  );

  test('kill -9: the next one finds it interrupted, and nothing is damaged', async () => {
    await using stage = openStage();
    const { server } = await begin(stage);
    const { session } = resultOf(await server.ask('1', 'session/start', {}));
    const { turn } = resultOf(await server.ask('2', 'turn/start', { session }));
    const tool = { turn, kind: 'tool', title: 'Build' };
    const { step } = resultOf(await server.ask('3', 'step/start', tool));
    server.running.process.kill('SIGKILL');
    await within('the end', server.running.ended);
    const after = await begin(stage);
    const shown = await after.server.ask('1', 'session/show', { session });
    expect(resultOf(shown).session).toMatchObject({
      state: 'interrupted',
      turns: [{ id: turn, state: 'interrupted' }],
    });
    const traced = await after.server.ask('2', 'trace/snapshot', { session });
    const { rows } = resultOf(traced) as unknown as { rows: { id: string; status: string }[] };
    expect(rows.filter((it) => it.id === step)).toMatchObject([{ status: 'interrupted' }]);
    expect(resultOf(await after.server.ask('3', 'journal/verify')).sound).toBe(true);
  });

  test('nobody reads its output: it ends, and says nothing', async () => {
    await using stage = openStage();
    const { server } = await begin(stage);
    server.running.process.stdout.destroy();
    await server.send(server.frame('{"jsonrpc":"2.0","id":1,"method":"rpc.discover"}'));
    await server.send(server.frame('{"jsonrpc":"2.0","id":2,"method":"rpc.discover"}'));
    expect(await within('the end', server.running.ended)).toEqual({ code: 1, signal: null });
    expect(server.running.stderr()).toBe('');
  });

  test('its parent dies, and somebody else holds its input open', async () => {
    await using stage = openStage();
    const parent = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], {
      stdio: 'ignore',
    });
    const server = openRawServer(stage, 'content-length');
    await server.ask('0', 'initialize', { processId: parent.pid });
    parent.kill('SIGKILL');
    expect(await within('the end', server.running.ended)).toEqual({ code: 1, signal: null });
  });
});

describe.concurrent('the beginning', () => {
  test('versions: the newest that both speak, or a refusal that names those spoken here', async () => {
    await using stage = openStage();
    const server = openRawServer(stage, 'ndjson');
    const refused = await server.ask('1', 'initialize', { protocolVersions: [7, 8] });
    expect(refused.error).toMatchObject({ code: -32031, data: { protocolVersions: [1] } });
    expect((await server.ask('2', 'initialize', { protocolVersions: 'all' })).error?.code).toBe(
      -32602,
    );
    const told = resultOf(await server.ask('3', 'initialize', { protocolVersions: [7, 1] }));
    expect(told).toMatchObject({ protocolVersion: 1, serverInfo: { name: 'clew' } });
    expect(told.capabilities).toMatchObject({ cancellation: true, limits: { openRequests: 256 } });
  });

  test('what is sent behind initialize waits for it, and is refused when it fails', async () => {
    await using stage = openStage();
    const server = openRawServer(stage, 'ndjson', ['--workspace', '.']);
    const ask = (id: number, method: string, params = {}) =>
      server.frame(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    const all = [
      ask(1, 'initialize', { protocolVersions: [9] }),
      ask(2, 'workspace/status'),
      ask(3, 'initialize'),
      ask(4, 'workspace/status'),
      ask(5, 'shutdown'),
      ask(6, 'workspace/status'),
      server.frame('{"jsonrpc":"2.0","method":"exit"}'),
    ];
    await server.send(Buffer.concat(all));
    expect(await within('the end', server.running.ended)).toEqual({ code: 0, signal: null });
    const codes = new Map<number, number | undefined>();
    for (const body of server.take()) {
      const { id, error } = JSON.parse(body) as { id: number; error?: { code: number } };
      codes.set(id, error?.code);
    }
    expect(Object.fromEntries(codes)).toEqual({
      ...{ 1: -32031, 2: -32002, 3: undefined, 4: undefined, 5: undefined, 6: -32600 },
    });
  });

  test.each([
    [['--framing', 'morse'], 2, 'content-length and ndjson'],
    [['--body-limit', 'much'], 2, '--body-limit is no size'],
    [['--time-limit', '-1'], 2, ''],
    [['--workspace', '/no/such/folder'], 3, 'there is no folder /no/such/folder'],
  ])('%j is refused before anything is said', async (words, code, why) => {
    await using stage = openStage();
    const running = stage.start([process.execPath, clew, 'serve', '--stdio', ...words]);
    let out = '';
    running.process.stdout.on('data', (chunk) => {
      out += chunk;
    });
    expect((await within('the end', running.ended)).code).toBe(code);
    expect([out, running.stderr()]).toEqual(['', expect.stringContaining(why)]);
  });

  test.runIf(process.getuid?.() === 0)('state of another user is refused', async () => {
    await using stage = openStage();
    mkdirSync(stage.home, { mode: 0o700 });
    chownSync(stage.home, 12_345, 12_345);
    const running = stage.start([process.execPath, clew, 'serve', '--workspace', '.']);
    expect((await within('the end', running.ended)).code).toBe(3);
    expect(running.stderr()).toContain('belongs to another user');
    chownSync(stage.home, 0, 0);
    const { server } = await begin(stage);
    const [room = ''] = readdirSync(join(stage.home, 'workspaces'));
    chownSync(join(stage.home, 'workspaces', room), 12_345, 12_345);
    chmodSync(join(stage.home, 'workspaces', room), 0o700);
    const asked = await server.ask('1', 'workspace/open', { folder: stage.workspace });
    expect(asked.error).toMatchObject({ data: { code: 'state-refused', owner: 12_345 } });
  });
});

test('what a client sends does not speak to the terminal of whoever reads the log', async () => {
  await using stage = openStage();
  const { server } = await begin(stage);
  await server.say('\u001b]52;c;eA==\u0007\u009b31m');
  await server.leave();
  expect(server.running.stderr()).toMatch(/^clew: \ufffd\]52;c;eA==\ufffd\ufffd31m failed: .*\n$/);
});

test('output is protocol only, also of programs that are told to speak up', async () => {
  await using stage = openStage();
  writeFileSync(join(stage.workspace, 'a.txt'), 'one\n');
  const env = { NODE_DEBUG: 'worker,net', NODE_OPTIONS: '--trace-warnings' };
  const command = [process.execPath, clew, 'serve', '--stdio', '--framing', 'ndjson'];
  const running = stage.start([...command, '--workspace', '.'], { env });
  let out = '';
  running.process.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    out += chunk;
  });
  const asks = ['initialize', 'checkpoint/take', 'session/start', 'session/list', 'no/such'];
  for (const [id, method] of asks.entries())
    running.process.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method })}\n`);
  await until('five answers', () => out.split('\n').length === 6);
  running.process.stdin.end();
  await within('the end', running.ended);
  for (const line of out.trim().split('\n'))
    expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
});

test('several clients work on one workspace at once, each with sessions of its own', async () => {
  await using stage = openStage();
  const all = await Promise.all([begin(stage), begin(stage), begin(stage)]);
  const sessions = await Promise.all(
    all.map(async ({ server }, n) => {
      const agent = { name: `agent ${n}` };
      const { session = '' } = resultOf(await server.ask('1', 'session/start', { agent }));
      for (let turn = 0; turn < 4; turn += 1) {
        const started = resultOf(await server.ask(`${10 * turn + 2}`, 'turn/start', { session }));
        writeFileSync(join(stage.workspace, `${n} ${turn}.txt`), 'x\n');
        await server.ask(`${10 * turn + 3}`, 'turn/end', { turn: started.turn });
      }
      return session;
    }),
  );
  for (const { server } of all) {
    const listed = resultOf(await server.ask('100', 'session/list')) as unknown as {
      sessions: { id: string; agent: string; turnCount: number; state: string }[];
    };
    expect(listed.sessions.map((it) => it.id).sort()).toEqual([...sessions].sort());
    for (const it of listed.sessions)
      expect(it).toMatchObject({
        turnCount: 4,
        state: 'running',
        agent: expect.stringMatching(/^agent \d$/),
      });
    const foreign = sessions.find(
      (it) => it !== sessions[all.findIndex((one) => one.server === server)],
    );
    const refused = await server.ask('101', 'session/end', { session: foreign });
    expect(refused.error?.data?.['code']).toBe('unknown-id');
  }
  const [first] = all;
  const verified = resultOf(await (first as (typeof all)[0]).server.ask('200', 'journal/verify'));
  expect(verified.sound).toBe(true);
});
