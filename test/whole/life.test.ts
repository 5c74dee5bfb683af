/** The sidecar lives as long as its agent and its editor do, and takes everybody with it when it goes. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sizeOf } from '../soak.ts';
import { openEditor } from './editor.ts';
import { readEvents } from './journals.ts';
import { commandOf, openStage, peers, type Running, type Stage } from './stage.ts';
import { until, within } from './until.ts';

const quick = { CLEW_GRACE_MS: '300', CLEW_KILL_MS: '300' };
/** For an agent that does as it is told, and only slowly on a busy machine. */
const obeyed = { CLEW_GRACE_MS: '300', CLEW_KILL_MS: '300000' };
/** For an agent that leaves by itself, and children that do not. */
const left = { CLEW_GRACE_MS: '300000', CLEW_KILL_MS: '300' };
/** So patient that a test that waits for it fails. */
const patient = { CLEW_GRACE_MS: '300000', CLEW_KILL_MS: '300000' };
const stubborn = { onEof: 'stay', onTerm: 'stay', children: 2 };

/** All of this is a matter of timing, so the soak does it many times: of nine ways to lose the editor, 999 a night. */
const repeatedly = { repeats: sizeOf(0, 25) };
const lostOften = { repeats: sizeOf(0, 110) };

type Behaviour = Record<string, unknown>;

function agentOf(stage: Stage, behaviour: Behaviour): string[] {
  const facts = join(stage.folder, 'facts');
  return [process.execPath, join(peers, 'agent.mjs'), JSON.stringify({ facts, ...behaviour })];
}

function readFacts(stage: Stage): string[] {
  return readFileSync(join(stage.folder, 'facts'), 'utf8').split('\n');
}

/** The agent's process group: its own pid. */
function readGroup(stage: Stage): number {
  return Number(
    readFacts(stage)
      .find((fact) => fact.startsWith('pid '))
      ?.slice(4),
  );
}

async function start(stage: Stage, behaviour: Behaviour, env: Record<string, string> = quick) {
  const running = stage.sidecar(agentOf(stage, behaviour), { env });
  const editor = openEditor(running, stage.workspace);
  const session = await editor.greet();
  return { running, editor, session };
}

const nobody = (stage: Stage) =>
  until('the end of everybody', () => stage.survivors().length === 0);
const end = (running: Running) => within('the end of the sidecar', running.ended);

describe.concurrent('what surrounds the agent', () => {
  test('is as given: arguments, folder, environment, stderr', async () => {
    await using stage = openStage();
    const args = ['a b', '', '"q"', "'", 'é', '$HOME', '--', '--workspace', '\\', '*', 'x\ny'];
    const script = 'printf "%s|" "$@"; pwd; printf "%s" "$WORD"; echo "to stderr" >&2; exit 3';
    const running = stage.sidecar(['sh', '-c', script, 'sh', ...args], { env: { WORD: 'wörd' } });
    let stdout = '';
    running.process.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    running.process.stdin.end();
    expect(await end(running)).toEqual({ code: 3, signal: null });
    expect(stdout).toBe(`${args.join('|')}|${stage.workspace}\nwörd`);
    expect(running.stderr()).toMatch(/^to stderr\n/);
  });

  test('stays its folder when another workspace is recorded', async () => {
    await using stage = openStage();
    const running = stage.sidecar(['pwd'], { options: ['--workspace', stage.folder] });
    const editor = openEditor(running, stage.workspace);
    await end(running);
    expect(editor.lines()[0]).toBe(stage.workspace);
    expect(readEvents(stage.home)[0]).toMatchObject({ workspace: stage.folder });
  });

  test.each([
    ['files', '%s < in > out'],
    ['pipes', 'cat in | %s | cat > out'],
    ['a slow pipe', 'cat in | %s | (sleep 0.3; cat) > out'],
  ])('may be %s instead of sockets', async (_name, line) => {
    await using stage = openStage();
    const bytes = Buffer.alloc(3_000_000, '{"jsonrpc":"2.0","method":"_x/note","params":{}}\n');
    writeFileSync(join(stage.workspace, 'in'), bytes);
    const quoted = commandOf(['cat']).map((word) => `'${word}'`);
    const running = stage.start(['sh', '-c', line.replace('%s', quoted.join(' '))]);
    running.process.stdin.end();
    expect(await end(running)).toEqual({ code: 0, signal: null });
    expect(readFileSync(join(stage.workspace, 'out')).equals(bytes)).toBe(true);
    expect(running.stderr()).toBe('');
  });
});

describe.concurrent('the editor leaves', lostOften, () => {
  test('before it has said anything', async () => {
    await using stage = openStage();
    const running = stage.sidecar(agentOf(stage, {}), { env: patient });
    running.process.stdin.end();
    expect(await end(running)).toEqual({ code: 0, signal: null });
    await nobody(stage);
  });

  test.each([0, 3])('and the agent with code %i', async (code) => {
    await using stage = openStage();
    const { running, editor } = await start(stage, { onEof: code }, patient);
    editor.leave();
    expect(await end(running)).toEqual({ code, signal: null });
    expect(readFacts(stage)).toContain('eof');
    expect(running.stderr()).toBe('');
    await nobody(stage);
    expect(readEvents(stage.home).at(-1)).toMatchObject({
      type: 'recording-ended',
      reason: 'editor-left',
      code,
    });
  });

  test('and the agent does not: it gets TERM after its grace', async () => {
    await using stage = openStage();
    const { running, editor } = await start(stage, { onEof: 'stay', onTerm: 7 }, obeyed);
    editor.leave();
    expect(await end(running)).toEqual({ code: 7, signal: null });
    expect(readFacts(stage)).toContain('signal SIGTERM');
    await nobody(stage);
  });

  test('and the agent ignores TERM: its whole group is killed', async () => {
    await using stage = openStage();
    const { running, editor } = await start(stage, stubborn);
    const group = readGroup(stage);
    const members = () => stage.survivors().filter((row) => row.group === group);
    // Who is just becoming another program has no environment to be known by.
    await until('all of the group', () => members().length === 3);
    editor.leave();
    expect(await end(running)).toEqual({ code: 137, signal: null });
    expect(members()).toEqual([]);
    await nobody(stage);
  });

  test('and the agent too, but not its children', async () => {
    await using stage = openStage();
    const { running, editor } = await start(stage, { children: 2, childrenHoldStdout: true }, left);
    editor.leave();
    expect(await end(running)).toEqual({ code: 0, signal: null });
    await nobody(stage);
  });

  test('only its ears: EPIPE on stdout ends everybody', async () => {
    await using stage = openStage();
    const { running, editor, session } = await start(stage, { ...stubborn, updates: 2_000 });
    running.process.stdout.destroy();
    editor.ask('1', 'session/prompt', {
      sessionId: session,
      prompt: [{ type: 'text', text: 'go' }],
    });
    await end(running);
    await nobody(stage);
  });
});

describe.concurrent('the parent is killed', lostOften, () => {
  test.each(['pipe', 'inherit'])('with the editor behind it (%s)', async (how) => {
    await using stage = openStage();
    const sidecar = commandOf(agentOf(stage, stubborn));
    const launcher = [process.execPath, join(peers, 'launcher.mjs'), how, ...sidecar];
    const running = stage.start(launcher, { env: quick });
    await openEditor(running, stage.workspace).greet();
    await until('everybody', () => stage.survivors().length >= 5);
    process.kill(running.pid, 'SIGKILL');
    await nobody(stage);
    expect(readEvents(stage.home).at(-1)).toMatchObject({ type: 'recording-ended' });
  });
});

const signals = [
  ['SIGTERM', 143],
  ['SIGINT', 130],
  ['SIGHUP', 129],
  ['SIGQUIT', 131],
] as const;

describe.concurrent('a signal', repeatedly, () => {
  test.each(signals)('%s ends everybody, with code %i', async (signal, code) => {
    await using stage = openStage();
    const { running } = await start(stage, { children: 0 }, patient);
    process.kill(running.pid, signal);
    expect(await end(running)).toEqual({ code, signal: null });
    expect(readFacts(stage)).toContain('signal SIGTERM');
    expect(readFacts(stage)).not.toContain('eof');
    await nobody(stage);
    expect(readEvents(stage.home).at(-1)).toMatchObject({
      type: 'recording-ended',
      reason: 'signal',
      signal,
    });
  });

  test.each(signals)('%s ends those who ignore TERM too', async (signal, code) => {
    await using stage = openStage();
    const { running } = await start(stage, stubborn);
    process.kill(running.pid, signal);
    expect(await end(running)).toEqual({ code, signal: null });
    await nobody(stage);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'a second one (%s) ends them at once',
    async (signal) => {
      await using stage = openStage();
      const { running } = await start(stage, stubborn, patient);
      process.kill(running.pid, 'SIGINT');
      await until('the first signal', () => readFacts(stage).includes('signal SIGTERM'));
      process.kill(running.pid, signal);
      expect(await end(running)).toEqual({ code: 130, signal: null });
      await nobody(stage);
    },
  );

  test('while the agent floods and the editor does not read', async () => {
    await using stage = openStage();
    const { running, editor, session } = await start(stage, { ...stubborn, updates: 20_000 });
    running.process.stdout.pause();
    editor.ask('1', 'session/prompt', {
      sessionId: session,
      prompt: [{ type: 'text', text: 'go' }],
    });
    await until('the prompt', () =>
      readFacts(stage).some((fact) => fact.includes('session/prompt')),
    );
    process.kill(running.pid, 'SIGTERM');
    await until('the end of the sidecar', () => running.isOver());
    await nobody(stage);
  });
});
