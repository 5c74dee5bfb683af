/** An agent that dies, or never lives, leaves no request of the editor without an answer. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sizeOf } from '../soak.ts';
import { type Editor, openEditor } from './editor.ts';
import { readEvents } from './journals.ts';
import { openStage, peers, type Running, type Stage } from './stage.ts';
import { until, within } from './until.ts';

const agentOf = (behaviour: object) => [
  process.execPath,
  join(peers, 'agent.mjs'),
  JSON.stringify(behaviour),
];
/** Who leaves by itself may take its time, and what it leaves behind may not. */
const env = { CLEW_GRACE_MS: '300000', CLEW_KILL_MS: '300' };
const end = (running: Running) => within('the end of the sidecar', running.ended);
const prompt = { sessionId: 's1', prompt: [{ type: 'text', text: 'go' }] };

/** How the agent dies, and what exit code that makes. */
const deaths = [
  [{ code: 0 }, 0],
  [{ code: 3 }, 3],
  [{ signal: 'SIGKILL' }, 137],
  [{ signal: 'SIGSEGV' }, 139],
] as const;

/** How far the conversation has come when the agent dies. */
const states = [
  ['initialize', async () => undefined],
  [
    'session/new',
    async (editor: Editor) => {
      editor.ask('"hello"', 'initialize', { protocolVersion: 1 });
      await editor.answer('"hello"');
    },
  ],
  ['session/prompt', async (editor: Editor) => void (await editor.greet())],
] as const;

const table = states.flatMap(([method, reach]) =>
  deaths.map(([death, code]) => ({ method, reach, death, code, name: JSON.stringify(death) })),
);

describe.concurrent('an agent that dies', { repeats: sizeOf(0, 10) }, () => {
  test.each(table)('of $name during $method', async ({ method, reach, death, code }) => {
    await using stage = openStage();
    const running = stage.sidecar(agentOf({ dies: { on: method, ...death } }), { env });
    const editor = openEditor(running, stage.workspace);
    await reach(editor);
    editor.ask(
      '9007199254740993',
      method,
      method === 'session/prompt' ? prompt : { protocolVersion: 1 },
    );
    const { error } = await editor.answer('9007199254740993');
    expect(error?.message).toMatch(/agent/);
    expect(error?.code).toBeLessThan(0);
    expect(await end(running)).toEqual({ code, signal: null });
    expect(running.stderr().trimEnd().split('\n').slice(1)).toEqual([]);
    expect(stage.survivors()).toEqual([]);
    expect(readEvents(stage.home).at(-1)).toMatchObject({
      type: 'recording-ended',
      reason: 'agent-left',
    });
  });

  test('in the middle of a turn and of a line: all open requests are answered, each on a line of its own', async () => {
    await using stage = openStage();
    const dies = { on: '_x/die', code: 5, saying: '{"jsonrpc":"2.0","method":"session/upd' };
    const silentOn = ['session/prompt', '_x/wait'];
    const running = stage.sidecar(agentOf({ dies, silentOn }), { env });
    const editor = openEditor(running, stage.workspace);
    await editor.greet();
    const ids = ['0', '"0"', '-1', '1.50', '"a\\u0062c"', '9007199254740993'];
    editor.ask('"turn"', 'session/prompt', prompt);
    for (const id of ids) editor.ask(id, '_x/wait');
    editor.ask('"last"', '_x/die');
    for (const id of ['"turn"', ...ids, '"last"']) {
      expect((await editor.answer(id)).error?.message).toMatch(/agent/);
    }
    expect(await end(running)).toEqual({ code: 5, signal: null });
    const lines = editor.lines();
    expect(lines).toContain('{"jsonrpc":"2.0","method":"session/upd');
    // Two answers of its own, and then one for each that was open: no one twice.
    expect(lines).toHaveLength(2 + 1 + ids.length + 2);
    const events = readEvents(stage.home);
    expect(events.filter((event) => event.type === 'turn-ended')).toHaveLength(1);
  });

  test('while a child of it holds its stdout', async () => {
    await using stage = openStage();
    const dies = { on: 'session/prompt', code: 4 };
    const running = stage.sidecar(agentOf({ dies, children: 2, childrenHoldStdout: true }), {
      env,
    });
    const editor = openEditor(running, stage.workspace);
    await editor.greet();
    editor.ask('1', 'session/prompt', prompt);
    expect((await editor.answer('1')).error).toBeDefined();
    expect(await end(running)).toEqual({ code: 4, signal: null });
    expect(stage.survivors()).toEqual([]);
  });

  test('while a daemon of it, in a group of its own, holds its stdout', async () => {
    await using stage = openStage();
    const script = 'setsid sleep 1000 & read line; exit 8';
    const running = stage.sidecar(['sh', '-c', script], { env });
    const editor = openEditor(running, stage.workspace);
    editor.ask('1', 'initialize', { protocolVersion: 1 });
    expect((await editor.answer('1')).error).toBeDefined();
    await until('the end of the sidecar', running.isOver);
    expect(running.process.exitCode).toBe(8);
  });

  test('after it had said much: all of it still arrives, before the errors', async () => {
    await using stage = openStage();
    const saying = `{"jsonrpc":"2.0","method":"_x/note","params":"${'n'.repeat(200)}"}\n`;
    const dies = { on: 'initialize', code: 0, saying, times: 5_000 };
    const running = stage.sidecar(agentOf({ dies }), { env });
    const editor = openEditor(running, stage.workspace);
    editor.ask('1', 'initialize', { protocolVersion: 1 });
    await end(running);
    expect(editor.lines()).toHaveLength(5_001);
    expect(editor.lines().at(-1)).toMatch(/^\{"jsonrpc":"2.0","id":1,"error":/);
  });

  test('closes only its stdout and lives on: the editor hears its end', async () => {
    await using stage = openStage();
    const script = 'read line; exec 1>&-; cat > heard; exit 6';
    const running = stage.sidecar(['sh', '-c', script], { env });
    const editor = openEditor(running, stage.workspace);
    const over = new Promise((resolve) => running.process.stdout.once('end', resolve));
    editor.ask('1', 'initialize', { protocolVersion: 1 });
    expect((await editor.answer('1')).error?.message).toBe('the agent closed its output');
    await within('the end of what the agent says', over);
    expect(running.isOver()).toBe(false);
    editor.say('one more word');
    editor.leave();
    expect(await end(running)).toEqual({ code: 6, signal: null });
    expect(readFileSync(join(stage.workspace, 'heard'), 'utf8')).toBe('one more word\n');
    expect(stage.survivors()).toEqual([]);
  });

  test('closes only its stdin and talks on: the editor is told when it writes', async () => {
    await using stage = openStage();
    const note = '{"jsonrpc":"2.0","method":"_x/note"}';
    const script = `exec 0<&-; echo '${note}'; until [ -e told ]; do sleep 0.1; done; echo '${note}'; exit 0`;
    const running = stage.sidecar(['sh', '-c', script], { env });
    const editor = openEditor(running, stage.workspace);
    await until('the first word', () => editor.lines().length > 0);
    await until('a refused word', () => {
      editor.say('{"jsonrpc":"2.0","method":"_x/into/the/void"}');
      return running.process.stdin.errored !== null;
    });
    writeFileSync(join(stage.workspace, 'told'), '');
    expect(await end(running)).toEqual({ code: 0, signal: null });
    expect(editor.lines()).toEqual([note, note]);
    expect(running.stderr()).toBe('');
  });
});

const impossible: readonly (readonly [string, (stage: Stage) => string[], number])[] = [
  ['is not there', () => ['/nowhere/at/all/agent', '--acp'], 127],
  ['is on no path', () => ['clew-no-such-agent-anywhere'], 127],
  ['is not executable', (stage) => [plainFile(stage, '#!/bin/sh\n', 0o644)], 126],
  ['is a directory', (stage) => [plainFolder(stage)], 126],
  ['has a file in its way', (stage) => [join(plainFile(stage, '', 0o644), 'agent')], 126],
  ['has no interpreter', (stage) => [plainFile(stage, '#!/nowhere/sh\n', 0o755)], 127],
  ['leaves at once', () => agentOf({ leavesAtOnce: 9 }), 9],
  ['leaves at once, content', () => agentOf({ leavesAtOnce: 0 }), 0],
];

function plainFile(stage: Stage, text: string, mode: number): string {
  const path = join(stage.folder, 'the agent');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

function plainFolder(stage: Stage): string {
  const path = join(stage.folder, 'a folder');
  mkdirSync(path);
  return path;
}

describe.concurrent('no agent', () => {
  test.each(impossible)('one that %s', async (_name, commandOf, code) => {
    await using stage = openStage();
    const command = commandOf(stage);
    const running = stage.sidecar(command, { env });
    const editor = openEditor(running, stage.workspace);
    editor.ask('"hello"', 'initialize', { protocolVersion: 1 });
    const { error } = await editor.answer('"hello"');
    expect(error?.message).toContain('agent');
    expect(await end(running)).toEqual({ code, signal: null });
    expect(editor.lines()).toHaveLength(1);
    const said = running.stderr().trimEnd().split('\n');
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(command[0]);
    expect(said[0]).not.toMatch(/\bat .*\.js:\d+|Error:/);
  });

  test('one that is no program: the system gives it to sh, which says so too', async () => {
    await using stage = openStage();
    const running = stage.sidecar([plainFile(stage, '\u0001\u0002\u0003 no program', 0o755)], {
      env,
    });
    const editor = openEditor(running, stage.workspace);
    editor.ask('"hello"', 'initialize', { protocolVersion: 1 });
    expect((await editor.answer('"hello"')).error?.message).toContain('agent');
    expect((await end(running)).code).toBeGreaterThan(125);
  });

  test('there is no agent at all, and no editor either', async () => {
    await using stage = openStage();
    const running = stage.sidecar(['/nowhere/at/all/agent'], { env });
    running.process.stdin.end();
    expect(await end(running)).toEqual({ code: 127, signal: null });
  });
});
