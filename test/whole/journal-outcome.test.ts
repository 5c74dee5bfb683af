/** What has passed is in the journal, whole and in order, also when the thread that writes it dies on the way. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Event } from '../../src/contract/types.gen.ts';
import { seed, sizeOf } from '../soak.ts';
import { type Editor, openEditor } from './editor.ts';
import { readEvents, readJournals } from './journals.ts';
import { openStage, peers, type Stage } from './stage.ts';
import { within } from './until.ts';

const turnCount = 30;
const updates = 20;

function startAgent(stage: Stage, env: Record<string, string> = {}) {
  const behaviour = { updates };
  const agent = [process.execPath, join(peers, 'agent.mjs'), JSON.stringify(behaviour)];
  const running = stage.sidecar(agent, { env, options: ['--name', 'a label'] });
  return { running, editor: openEditor(running, stage.workspace) };
}

/** Takes so many turns one after the other; each has words of its own. */
async function takeTurns(editor: Editor, sessionId: string): Promise<void> {
  for (let i = 0; i < turnCount; i += 1) {
    const prompt = [{ type: 'text', text: `turn number ${i} of many` }];
    editor.ask(String(i), 'session/prompt', { sessionId, prompt });
    const { result } = await editor.answer(String(i));
    expect(result).toEqual({ stopReason: 'end_turn' });
  }
}

const typesOf = (events: readonly Event[]) => events.map((event) => event.type);

test('everything that passed is there, in order, in a chain without a gap', async () => {
  await using stage = openStage();
  const { running, editor } = startAgent(stage);
  await takeTurns(editor, await editor.greet());
  editor.leave();
  expect(await within('the end', running.ended)).toEqual({ code: 0, signal: null });
  const files = readJournals(stage.home);
  expect(files.flatMap((file) => file.problems)).toEqual([]);
  expect(files).toHaveLength(1);
  expect(files[0]?.torn).toBe(0);
  const events = readEvents(stage.home);
  expect(events[0]).toMatchObject({
    type: 'recording-started',
    label: 'a label',
    pid: running.pid,
  });
  expect(events.at(-1)).toMatchObject({ type: 'recording-ended', code: 0 });
  expect(typesOf(events).filter((type) => type === 'agent-connected')).toHaveLength(1);
  expect(typesOf(events).filter((type) => type === 'session-opened')).toHaveLength(1);
  const prompts = events.flatMap((event) => (event.type === 'turn-started' ? [event.prompt] : []));
  expect(prompts).toEqual(Array.from({ length: turnCount }, (_, i) => `turn number ${i} of many`));
  const said = events.flatMap((event) =>
    event.type === 'message-said' && event.role === 'agent' ? [event.text] : [],
  );
  const wanted = Array.from({ length: turnCount }, (_, i) =>
    Array.from({ length: updates }, (__, n) => `turn number ${i} of many ${n}. `).join(''),
  );
  expect(said.join('')).toBe(wanted.join(''));
  expect(readdirSync(stage.workspace)).toEqual([]);
});

test('two sidecars on one workspace write two journals that do not meet', async () => {
  await using stage = openStage();
  const both = [startAgent(stage), startAgent(stage)];
  await Promise.all(both.map(async ({ editor }) => takeTurns(editor, await editor.greet())));
  for (const { editor } of both) editor.leave();
  for (const { running } of both) await within('the end', running.ended);
  const files = readJournals(stage.home);
  expect(files.flatMap((file) => file.problems)).toEqual([]);
  expect(new Set(files.map((file) => file.writer)).size).toBe(2);
  for (const file of files) {
    const ended = file.lines.filter((line) => line.event.type === 'turn-ended');
    expect(ended).toHaveLength(turnCount);
  }
});

test('sessions in two folders are recorded in two workspaces, each with its own turns', async () => {
  await using stage = openStage();
  const behaviour = { updates: 3, sessions: ['here', 'there'] };
  const agent = [process.execPath, join(peers, 'agent.mjs'), JSON.stringify(behaviour)];
  const running = stage.sidecar(agent);
  const editor = openEditor(running, stage.workspace);
  await editor.greet();
  const other = join(stage.folder, 'other');
  mkdirSync(other);
  editor.ask('"second"', 'session/new', { cwd: other, mcpServers: [] });
  await editor.answer('"second"');
  for (const sessionId of ['here', 'there']) {
    const prompt = [{ type: 'text', text: `work ${sessionId}` }];
    editor.ask(`"${sessionId}"`, 'session/prompt', { sessionId, prompt });
    await editor.answer(`"${sessionId}"`);
  }
  editor.leave();
  expect(await within('the end', running.ended)).toEqual({ code: 0, signal: null });
  const found = readJournals(stage.home).map((file) => {
    const events = file.lines.map((line) => line.event);
    const [begin] = events;
    const prompts = events.flatMap((event) =>
      event.type === 'turn-started' ? [event.prompt] : [],
    );
    const workspace = begin?.type === 'recording-started' ? begin.workspace : begin?.type;
    return { workspace, prompts, end: events.at(-1)?.type, problems: file.problems };
  });
  const wanted = (workspace: string, prompt: string) => ({
    workspace,
    prompts: [prompt],
    end: 'recording-ended',
    problems: [],
  });
  expect(found).toHaveLength(2);
  expect(found).toContainEqual(wanted(stage.workspace, 'work here'));
  expect(found).toContainEqual(wanted(other, 'work there'));
});

describe('the back thread dies', () => {
  // 4 lines of greeting, and 22 for each turn.
  const total = 4 + turnCount * (updates + 2);

  const later = Array.from(
    { length: sizeOf(0, 50) },
    (_, at) => 6 + ((seed + 7 * at) % (total - 8)),
  );

  // The last of them strikes when the editor and the agent have left.
  test.each([1, 2, 5, Math.floor(total * 0.6), total - 10, ...later])(
    'of line %i',
    async (line) => {
      await using stage = openStage();
      const { running, editor } = startAgent(stage, { CLEW_FAILPOINT: `back-line:crash@${line}` });
      await takeTurns(editor, await editor.greet());
      editor.leave();
      expect(await within('the end', running.ended)).toEqual({ code: 0, signal: null });
      expect(running.stderr()).not.toBe('');
      const started = running.stderr().match(/started again/g) ?? [];
      expect(started).toHaveLength(1);
      const files = readJournals(stage.home);
      expect(files.flatMap((file) => file.problems)).toEqual([]);
      // One that dies at the first lines does so again and again, until it is left alone.
      if (line < total / 2) return;
      expect(readEvents(stage.home).at(-1)).toMatchObject({ type: 'recording-ended' });
    },
  );

  test('once: the journal shows the hole, and goes on behind it', async () => {
    await using stage = openStage();
    const line = Math.floor(total * 0.6);
    const { running, editor } = startAgent(stage, { CLEW_FAILPOINT: `back-line:crash@${line}` });
    await takeTurns(editor, await editor.greet());
    editor.leave();
    expect(await within('the end', running.ended)).toEqual({ code: 0, signal: null });
    expect(running.stderr().trimEnd().split('\n')).toHaveLength(1);
    const events = readEvents(stage.home);
    const holes = events.filter((event) => event.type === 'recorder-restarted');
    expect(holes).toHaveLength(1);
    expect(holes[0]?.why).not.toBe('');
    // All that was said before is there, all but a little of what came after is, nothing is there twice.
    const prompts = events.flatMap((event) =>
      event.type === 'turn-started' ? [event.prompt] : [],
    );
    expect(new Set(prompts).size).toBe(prompts.length);
    expect(prompts.length).toBeGreaterThanOrEqual(turnCount - 2);
    expect(prompts).toContain('turn number 0 of many');
    expect(prompts).toContain(`turn number ${turnCount - 1} of many`);
    expect(events.at(-1)).toMatchObject({ type: 'recording-ended' });
  });
});
