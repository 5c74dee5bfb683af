/** clew exec as a whole: what the agent prints comes out as it was, and what it did is recorded and can be undone. */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { git } from '../git.ts';
import { readEvents } from './journals.ts';
import { clew, openStage, type Running, type Stage, standIns } from './stage.ts';
import { until, within } from './until.ts';

type Plan = { readonly steps: readonly object[]; readonly code?: number; readonly onTerm?: 'stay' };
type Extra = { readonly options?: readonly string[]; readonly env?: Record<string, string> };

const quick = { CLEW_KILL_MS: '300' };

function startExec(stage: Stage, plan: Plan, { options = [], env = quick }: Extra = {}): Running {
  const path = join(stage.folder, 'plan.json');
  writeFileSync(path, JSON.stringify(plan));
  const agent = [join(standIns, 'printing-agent.mjs'), 'exec', '--json', path];
  const words = ['exec', '--agent', 'codex', ...options, '--', process.execPath, ...agent];
  return stage.start([process.execPath, clew, ...words], { env });
}

function gather(running: Running): { bytes(): Buffer } {
  const pieces: Buffer[] = [];
  running.process.stdout.on('data', (piece: Buffer) => pieces.push(piece));
  return { bytes: () => Buffer.concat(pieces) };
}

async function runExec(stage: Stage, plan: Plan, extra?: Extra, input = '') {
  const running = startExec(stage, plan, extra);
  const output = gather(running);
  running.process.stdin.end(input);
  const ending = await within('the end of clew exec', running.ended);
  await until('all of its output', () => running.process.stdout.readableEnded);
  return { ...ending, output: output.bytes(), stderr: running.stderr() };
}

async function ask<T>(stage: Stage, ...words: string[]): Promise<T> {
  const running = stage.start([process.execPath, clew, ...words, '--json']);
  const output = gather(running);
  await within(words.join(' '), running.ended);
  await until('all of its output', () => running.process.stdout.readableEnded);
  const text = output.bytes().toString();
  if (text === '') throw new Error(running.stderr());
  return JSON.parse(text) as T;
}

const thread = '0199a213-81c0-7800-8aa1-bbab2a035a53';
const opening = [
  { print: { type: 'thread.started', thread_id: thread } },
  { print: { type: 'turn.started' } },
];
const ending = { print: { type: 'turn.completed', usage: { input_tokens: 1, output_tokens: 2 } } };
const command = (id: string, line: string, exitCode = 0) => [
  { print: { type: 'item.started', item: { id, type: 'command_execution', command: line } } },
  { shell: line },
  {
    print: {
      type: 'item.completed',
      item: {
        ...{ id, type: 'command_execution', command: line, aggregated_output: 'x' },
        ...{ exit_code: exitCode, status: 'completed' },
      },
    },
  },
];
const change = (id: string, path: string, kind: string, shell: string) => {
  const item = { id, type: 'file_change', changes: [{ path, kind }] };
  return [
    { print: { type: 'item.started', item } },
    { shell },
    { print: { type: 'item.completed', item: { ...item, status: 'completed' } } },
  ];
};

describe('what the agent prints', () => {
  test('comes out byte for byte, lines or not, text or not', async () => {
    await using stage = openStage();
    const wild = [
      randomBytes(70_000),
      Buffer.from('{"half":'),
      Buffer.from('1}\r\n\r\n\u0000\n'),
      Buffer.from('no end of line'),
    ];
    const steps = wild.map((it) => ({ base64: it.toString('base64') }));
    const { output, code } = await runExec(stage, { steps: [...opening, ...steps, ending] });
    const lines = [...opening, ending].map(({ print }) =>
      Buffer.from(`${JSON.stringify(print)}\n`),
    );
    const [first, second, last] = lines as [Buffer, Buffer, Buffer];
    expect(output.equals(Buffer.concat([first, second, ...wild, last]))).toBe(true);
    expect(code).toBe(0);
  });

  test('waits for whoever reads it, and nothing is lost', async () => {
    await using stage = openStage();
    const running = startExec(stage, { steps: [{ fill: 5_000 }] });
    running.process.stdin.end();
    running.process.stdout.pause();
    await until('a full pipe', () => running.process.stdout.readableLength > 0);
    const output = gather(running);
    running.process.stdout.resume();
    await within('the end', running.ended);
    await until('all of it', () => running.process.stdout.readableEnded);
    expect(output.bytes().length).toBe(5_000 * 1_020);
  });

  test('its stdin is what clew was given, and its end is not the agent\u2019s end', async () => {
    await using stage = openStage();
    const text = `ü 日本\n${'x'.repeat(200_000)}`;
    const steps = [{ input: true }, { shell: 'true' }, { tty: true }];
    const { output } = await runExec(stage, { steps }, {}, text);
    const [input, tty] = output
      .toString()
      .trimEnd()
      .split('\n')
      .map((it) => JSON.parse(it));
    expect(input).toEqual({ input: text });
    expect(tty).toEqual({ tty: false });
  });
});

describe('the end', () => {
  test.each([
    ['its own code', { steps: opening, code: 7 }, 7],
    ['the signal that ended it', { steps: [...opening, { kill: 'SIGKILL' }] }, 137],
  ])('%s', async (_, plan, code) => {
    await using stage = openStage();
    expect((await runExec(stage, plan)).code).toBe(code);
    const ended = readEvents(stage.home).find((it) => it.type === 'recording-ended');
    expect(ended).toMatchObject({ reason: 'agent-left' });
  });

  test('an agent that is not there, words that are wrong', async () => {
    await using stage = openStage();
    const run = async (...words: string[]) => {
      const running = stage.start([process.execPath, clew, 'exec', ...words]);
      running.process.stdin.end();
      const { code } = await within('the end', running.ended);
      return { code, stderr: running.stderr() };
    };
    expect(await run('--', '/no such/codex', 'exec', '--json')).toMatchObject({
      code: 127,
      stderr: expect.stringContaining('agent not found: /no such/codex'),
    });
    expect(await run('--', 'codex', 'exec', 'x')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('add: --json'),
    });
    expect(await run('--', 'vim')).toMatchObject({ code: 2 });
    expect(await run('--agent', 'vim', '--', 'vim')).toMatchObject({ code: 2 });
    expect(await run()).toMatchObject({ code: 2 });
  });

  test('a signal ends the agent and all that it started', async () => {
    await using stage = openStage();
    const plan: Plan = { steps: [...opening, { stay: true }], onTerm: 'stay' };
    const running = startExec(stage, plan);
    const output = gather(running);
    await until('its first words', () => output.bytes().includes('turn.started'));
    running.process.kill('SIGTERM');
    expect((await within('the end', running.ended)).code).toBe(143);
    await until('the end of everybody', () => stage.survivors().length === 0);
    const turn = readEvents(stage.home).find((it) => it.type === 'turn-ended');
    expect(turn).toMatchObject({ outcome: 'interrupted' });
  });
});

describe('what the agent did', () => {
  test('is recorded, seen, kept and can be undone', async () => {
    await using stage = openStage();
    git(stage.workspace, 'init', '-q');
    writeFileSync(join(stage.workspace, 'read.txt'), 'read\n');
    writeFileSync(join(stage.workspace, 'mine ü.txt'), 'before\n');
    const steps = [
      ...opening,
      ...command('a', 'cat read.txt | head -1; cat "$NOBODY" none.txt; true'),
      ...change('b', 'mine ü.txt', 'update', "echo after > 'mine ü.txt'"),
      ...command('c', 'echo made > made.txt'),
      {
        print: { type: 'item.completed', item: { id: 'm', type: 'agent_message', text: 'Done.' } },
      },
      ending,
    ];
    const { code } = await runExec(stage, { steps }, { options: ['--name', 'night run'] });
    expect(code).toBe(0);

    const events = readEvents(stage.home);
    const reasons = events.flatMap((it) => (it.type === 'checkpoint-taken' ? [it.reason] : []));
    expect(reasons).toContain('opened');
    expect(reasons.at(-1)).toBe('turn');
    const shown = await ask<{ steps: { toolKind?: string; text?: string }[]; turn?: object }>(
      stage,
      ...['show', '@last-turn'],
    );
    expect(shown.steps.map((it) => it.toolKind ?? it.text)).toEqual([
      'execute',
      'edit',
      'execute',
      'Done.',
    ]);
    const { files } = await ask<{
      files: { seen: { path: string; how: string }; state: string }[];
    }>(stage, 'context');
    expect(files.map(({ seen, state }) => [seen.path, seen.how, state])).toEqual([
      ['mine ü.txt', 'own', 'current'],
      ['read.txt', 'guess', 'current'],
    ]);
    const status = await ask<{ context?: object }>(stage, 'status');
    expect(status.context).toMatchObject({ files: 2, reads: 1, edits: 1, skips: { 'no-file': 1 } });

    const undo = stage.start([process.execPath, clew, 'undo', '@last-turn']);
    expect((await within('undo', undo.ended)).code, undo.stderr()).toBe(0);
    expect(readFileSync(join(stage.workspace, 'mine ü.txt'), 'utf8')).toBe('before\n');
    expect(git(stage.workspace, 'status', '--porcelain')).not.toContain('made.txt');
  });

  test('a file read in one run is stale in the next when somebody has changed it meanwhile', async () => {
    await using stage = openStage();
    const path = join(stage.workspace, 'read.txt');
    writeFileSync(path, 'one\n');
    await runExec(stage, { steps: [...opening, ...command('a', 'cat read.txt'), ending] });
    writeFileSync(path, 'two\n');
    await runExec(stage, { steps: [...opening, ending] });
    type Checked = { stale: number; files: { seen: { path: string; blob: string } }[] };
    const { stale, files } = await ask<Checked>(stage, 'context');
    expect(stale).toBe(1);
    expect(files.map((it) => it.seen)).toMatchObject([
      { path: 'read.txt', blob: '5626abf0f72e58d7a153368ba57db4c673c0e171' },
    ]);
  });
});
