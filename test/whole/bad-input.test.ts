/** What a person or a machine can get wrong: each a clear message, and forwarding goes on where it can. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openEditor } from './editor.ts';
import { readEvents, readJournals } from './journals.ts';
import {
  clew,
  commandOf,
  openStage,
  peers,
  type Running,
  type SidecarOptions,
  type Stage,
} from './stage.ts';
import { until, within } from './until.ts';

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;
const agent = [process.execPath, join(peers, 'agent.mjs'), '{"updates":5}'];

const end = (running: Running) => within('the end of the sidecar', running.ended);

/** A message for people: few lines, nothing of our insides. */
function expectClear(stderr: string, ...words: (string | RegExp)[]): void {
  const lines = stderr.trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(3);
  for (const word of words) expect(stderr).toMatch(word);
  expect(stderr).not.toMatch(/\n\s+at |node:internal|undefined|\[object/);
}

/** A whole conversation, to see that forwarding goes on. */
async function converse(running: Running, stage: Stage, turns = 1): Promise<void> {
  const editor = openEditor(running, stage.workspace);
  const sessionId = await editor.greet();
  for (let i = 0; i < turns; i += 1) {
    editor.ask(String(i), 'session/prompt', { sessionId, prompt: [{ type: 'text', text: 'go' }] });
    expect((await editor.answer(String(i))).result).toEqual({ stopReason: 'end_turn' });
  }
  editor.leave();
  expect(await end(running)).toEqual({ code: 0, signal: null });
}

describe.concurrent('a command line', () => {
  test.each([
    ['without --', ['acp', ...agent], /--/],
    ['without an agent', ['acp', '--'], /agent/],
    ['with an agent of no name', ['acp', '--', ''], /agent/],
    ['with nothing at all', ['acp'], /--/],
    ['with an unknown option', ['acp', '--colour', 'blue', '--', ...agent], /--colour/],
    ['with an option that lacks its value', ['acp', '--workspace', '--', ...agent], /--workspace/],
    [
      'with a limit that is no number',
      ['acp', '--line-limit', 'much', '--', ...agent],
      /line-limit/,
    ],
    ['with a limit below zero', ['acp', '--line-limit', '-5', '--', ...agent], /line-limit/],
  ])('%s', async (_name, args, words) => {
    await using stage = openStage();
    const running = stage.start([process.execPath, clew, ...args]);
    let stdout = '';
    running.process.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    expect(await end(running)).toEqual({ code: 2, signal: null });
    expectClear(running.stderr(), words);
    expect(stdout).toBe('');
    expect(stage.survivors()).toEqual([]);
  });
});

describe.concurrent('a workspace', () => {
  test('that is not there', async () => {
    await using stage = openStage();
    const running = stage.sidecar(agent, { options: ['--workspace', '/nowhere/at/all'] });
    await converse(running, stage);
    expectClear(running.stderr(), '/nowhere/at/all');
  });

  test('that was taken away from under it', async () => {
    await using stage = openStage();
    const gone = join(stage.folder, 'gone');
    const inGone = ['-c', 'mkdir "$0" && cd "$0" && rmdir "$0" && exec "$@"', gone];
    const running = stage.start(['sh', ...inGone, ...commandOf(agent, {})]);
    await converse(running, stage);
    expectClear(running.stderr(), 'sessions say they work');
    expect(readEvents(stage.home).map(({ type }) => type)).toContain('turn-ended');
  });

  test('that is a file', async () => {
    await using stage = openStage();
    const file = join(stage.folder, 'plain');
    writeFileSync(file, '');
    const running = stage.sidecar(agent, { options: ['--workspace', file] });
    await converse(running, stage);
    expectClear(running.stderr(), file);
  });

  test('that is /', async () => {
    await using stage = openStage();
    const running = stage.sidecar(agent, { options: ['--workspace', '/'] });
    await converse(running, stage);
    expectClear(running.stderr(), /workspace|folder/);
  });

  test('that is the home folder', async () => {
    await using stage = openStage();
    const home = join(stage.folder, 'user');
    const running = stage.sidecar(agent, { options: ['--workspace', home] });
    await converse(running, stage);
    expectClear(running.stderr(), home);
  });

  test('that somebody else may read only', async () => {
    await using stage = openStage();
    chmodSync(stage.workspace, 0o000);
    const running = sidecarAsNobody(stage, { options: ['--workspace', stage.workspace], cwd: '/' });
    await converse(running, stage);
    chmodSync(stage.workspace, 0o700);
    expectClear(running.stderr(), stage.workspace);
  });
});

/** Root may do everything, so as root the sidecar is started as somebody who may not. */
function sidecarAsNobody(stage: Stage, extra: SidecarOptions = {}): Running {
  if (!isRoot) return stage.sidecar(agent, extra);
  chmodSync(stage.folder, 0o777);
  chownSync(stage.workspace, nobody, nobody);
  const drop = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];
  const command = [process.execPath, clew, 'acp', ...(extra.options ?? []), '--', ...agent];
  return stage.start([...drop, ...command], extra);
}

describe.concurrent('a state folder', () => {
  test('with a file in its way', async () => {
    await using stage = openStage();
    const file = join(stage.folder, 'plain');
    writeFileSync(file, '');
    const running = stage.sidecar(agent, { env: { CLEW_HOME: join(file, 'state') } });
    await converse(running, stage, 3);
    expectClear(running.stderr(), file);
  });

  test('that may not be made', async () => {
    await using stage = openStage();
    const locked = join(stage.folder, 'locked');
    mkdirSync(locked, { mode: 0o555 });
    const running = sidecarAsNobody(stage, { env: { CLEW_HOME: join(locked, 'state') } });
    await converse(running, stage, 3);
    expectClear(running.stderr(), locked);
  });

  test.runIf(isRoot)('that belongs to somebody else', async () => {
    await using stage = openStage();
    mkdirSync(stage.home, { mode: 0o700 });
    chownSync(stage.home, nobody, nobody);
    const running = stage.sidecar(agent);
    await converse(running, stage, 3);
    expectClear(running.stderr(), stage.home);
    expect(readdirSync(stage.home)).toEqual([]);
  });

  test('of a newer version is left as it is', async () => {
    await using stage = openStage();
    await converse(stage.sidecar(agent), stage);
    const [name = ''] = readdirSync(join(stage.home, 'workspaces'));
    const identity = join(stage.home, 'workspaces', name, 'identity.json');
    const newer = readFileSync(identity, 'utf8').replace(/"v":\s*\d+/, '"v":99');
    writeFileSync(identity, newer);
    const before = readJournals(stage.home).map((file) => [file.path, file.lines.length]);
    const running = stage.sidecar(agent);
    await converse(running, stage, 3);
    expectClear(running.stderr(), /newer/);
    expect(readFileSync(identity, 'utf8')).toBe(newer);
    expect(readJournals(stage.home).map((file) => [file.path, file.lines.length])).toEqual(before);
  });

  test('whose identity is torn goes on being used', async () => {
    await using stage = openStage();
    await converse(stage.sidecar(agent), stage);
    const [name = ''] = readdirSync(join(stage.home, 'workspaces'));
    writeFileSync(join(stage.home, 'workspaces', name, 'identity.json'), '{"v":1,"pa');
    await converse(stage.sidecar(agent), stage);
    expect(readJournals(stage.home)).toHaveLength(2);
    expect(readJournals(stage.home).flatMap((file) => file.problems)).toEqual([]);
  });
});

describe.concurrent('stderr that nobody reads', () => {
  /** Any word about this state folder is one too many. */
  const refused = { env: { CLEW_HOME: 'not/absolute' } };
  const closed = (running: Running) => {
    running.process.stderr.destroy();
    return running;
  };

  test('costs no message', async () => {
    await using stage = openStage();
    await converse(closed(stage.sidecar(agent, refused)), stage, 20);
  });

  test('costs no answer when there is no agent', async () => {
    await using stage = openStage();
    const running = closed(stage.sidecar(['/nowhere/at/all/agent'], refused));
    const editor = openEditor(running, stage.workspace);
    editor.ask('0', 'initialize', { protocolVersion: 1 });
    expect((await editor.answer('0')).error?.message).toContain('agent');
    expect(await end(running)).toEqual({ code: 127, signal: null });
  });

  test('although the agent has filled it up', async () => {
    await using stage = openStage();
    const words = agent.map((word) => `'${word}'`);
    const running = stage.sidecar(['sh', '-c', `yes >&2 & exec ${words.join(' ')}`], refused);
    running.process.stderr.pause();
    await converse(running, stage, 20);
  });

  test.runIf(existsSync('/dev/full'))('because it is full', async () => {
    await using stage = openStage();
    const words = commandOf(agent).map((word) => `'${word}'`);
    const line = `exec ${words.join(' ')} 2> /dev/full`;
    await converse(stage.start(['sh', '-c', line], refused), stage, 20);
  });
});

/** A state folder on a disk of its own, which needs root. */
function mountSmall(folder: string, size: string): boolean {
  mkdirSync(folder, { mode: 0o700 });
  return (
    spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'clew-test', folder])
      .status === 0
  );
}

describe.runIf(isRoot)('a full disk', () => {
  test('is said once, costs no message, and recording goes on when there is room again', async (context) => {
    await using stage = openStage();
    if (!mountSmall(stage.home, '8m')) context.skip('no tmpfs can be mounted here');
    try {
      await fillAndFree(stage);
    } finally {
      spawnSync('umount', ['-l', stage.home]);
    }
  });

  test('from the very start', async (context) => {
    await using stage = openStage();
    if (!mountSmall(stage.home, '64k')) context.skip('no tmpfs can be mounted here');
    try {
      spawnSync('sh', ['-c', `cat /dev/zero > '${stage.home}/filler'`]);
      const running = stage.sidecar(agent);
      await converse(running, stage, 20);
      expectClear(running.stderr(), /space|full|disk/i);
    } finally {
      spawnSync('umount', ['-l', stage.home]);
    }
  });
});

async function fillAndFree(stage: Stage): Promise<void> {
  const talkative = [process.execPath, join(peers, 'agent.mjs'), '{"updates":200}'];
  const running = stage.sidecar(talkative);
  const editor = openEditor(running, stage.workspace);
  const sessionId = await editor.greet();
  const text = 'water '.repeat(30);
  let turn = 0;
  const takeTurn = async () => {
    turn += 1;
    editor.ask(String(turn), 'session/prompt', { sessionId, prompt: [{ type: 'text', text }] });
    expect((await editor.answer(String(turn))).result).toEqual({ stopReason: 'end_turn' });
  };
  await takeTurn();
  const filler = join(stage.home, 'filler');
  spawnSync('sh', ['-c', `cat /dev/zero > '${filler}'`]);
  await until('turns with a full disk', () => existsSync(filler));
  for (let i = 0; i < 30; i += 1) await takeTurn();
  await until('a word about it', () => running.stderr() !== '');
  rmSync(filler);
  await until('a journal that goes on', () => {
    if (!running.isOver()) editor.say('{"jsonrpc":"2.0","method":"_x/note"}');
    return readEvents(stage.home).some((event) => event.type === 'recording-resumed');
  });
  await takeTurn();
  editor.leave();
  expect(await end(running)).toEqual({ code: 0, signal: null });
  expectClear(running.stderr(), /space|full|disk/i);
  expect(readJournals(stage.home).flatMap((file) => file.problems)).toEqual([]);
  expect(readEvents(stage.home).at(-1)).toMatchObject({ type: 'recording-ended' });
}
