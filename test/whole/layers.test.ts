/** What a session leaves behind for the next one: its layer, whole at any moment, and nothing in the workspace. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ShortLayer } from '../../src/contract/types.gen.ts';
import { compileSchema } from '../../src/methods/validate.ts';
import { git } from '../git.ts';
import { type Editor, openEditor } from './editor.ts';
import { clew, isSoak, openStage, peers, type Stage } from './stage.ts';
import { until, within } from './until.ts';

function startAgent(stage: Stage, env: Record<string, string> = {}) {
  const agent = [process.execPath, join(peers, 'agent.mjs'), JSON.stringify({ updates: 2 })];
  const running = stage.sidecar(agent, { env });
  return { running, editor: openEditor(running, stage.workspace) };
}

async function takeTurn(editor: Editor, sessionId: string, text: string): Promise<void> {
  editor.ask(JSON.stringify(text), 'session/prompt', {
    ...{ sessionId, prompt: [{ type: 'text', text }] },
  });
  await editor.answer(JSON.stringify(text));
}

function layersOf({ home }: Stage): { name: string; text: string }[] {
  const [room = ''] = readdirSync(join(home, 'workspaces'));
  const folder = join(home, 'workspaces', room, 'layers', 'sessions');
  const names = readdirSync(folder).filter((it) => !it.startsWith('.'));
  return names.map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
}

const layerIn = (stage: Stage) => JSON.parse(layersOf(stage)[0]?.text ?? '{}') as ShortLayer;

test('the layer has the branch, the commit and the turns; the workspace has nothing new', async () => {
  await using stage = openStage();
  git(stage.workspace, 'init', '-q', '-b', 'fix/日本');
  writeFileSync(join(stage.workspace, 'a'), 'one');
  git(stage.workspace, 'add', '.');
  git(stage.workspace, 'commit', '-q', '-m', 'first');
  const { running, editor } = startAgent(stage);
  const session = await editor.greet();
  await takeTurn(editor, session, 'do the first thing');
  writeFileSync(join(stage.workspace, 'a'), 'another');
  await takeTurn(editor, session, 'and the second');
  editor.leave();
  expect(await within('the end', running.ended)).toEqual({ code: 0, signal: null });
  const [{ name, text } = { name: '', text: '' }, ...others] = layersOf(stage);
  expect(others).toEqual([]);
  expect(name).toMatch(/^\d{8}T\d{6}Z_fix-日本\.json$/);
  const check = await compileSchema('file/short-layer');
  expect(check(JSON.parse(text)), JSON.stringify(check.errors)).toBe(true);
  const layer = JSON.parse(text) as ShortLayer;
  expect(layer).toMatchObject({
    ...{ state: 'ended', branch: 'fix/日本', head: git(stage.workspace, 'rev-parse', 'HEAD') },
    ...{ agent: { name: 'peer' }, tree: { changed: 1, missing: 0 } },
    turns: [
      { prompt: 'do the first thing', outcome: 'end_turn', said: /first thing 1\.$/ },
      { prompt: 'and the second', outcome: 'end_turn' },
    ].map(({ said, ...it }) => (said ? { ...it, said: expect.stringMatching(said) } : it)),
  });
  expect(readdirSync(stage.workspace).sort()).toEqual(['.git', 'a']);
  const env = { ...process.env, CLEW_HOME: stage.home };
  const shown = execFileSync(process.execPath, [clew, 'state'], { cwd: stage.workspace, env });
  expect(String(shown)).toContain('- and the second\n');
});

const failpoints = ['layer-created', 'layer-written', 'layer-synced', 'layer-renamed'];

test.each(failpoints)('killed at %s, it is the one before or the one after', async (name) => {
  for (const pass of isSoak ? [1, 2, 3, 4] : [2, 3]) {
    await using stage = openStage();
    const { running, editor } = startAgent(stage, { CLEW_FAILPOINT: `${name}:crash@${pass}` });
    const session = await editor.greet();
    const prompts = ['one', 'two', 'three'];
    for (const text of prompts) {
      const isOver = until('an answer, or the end', () => running.isOver() || undefined);
      await Promise.race([takeTurn(editor, session, text), isOver]);
      if (running.isOver()) break;
    }
    expect(await within('the end', running.ended)).toEqual({ code: null, signal: 'SIGKILL' });
    await until('the end of the agent', () => stage.survivors().length === 0);
    for (const { text } of layersOf(stage)) {
      expect(text.endsWith('\n}\n')).toBe(true);
      const { turns } = JSON.parse(text) as ShortLayer;
      expect(prompts.slice(0, turns.length)).toEqual(turns.map((it) => it.prompt));
    }
    // The next run goes on in a file of its own, and takes what was a draft for nothing.
    const next = startAgent(stage);
    await takeTurn(next.editor, await next.editor.greet(), 'four');
    next.editor.leave();
    expect(await within('the end', next.running.ended)).toEqual({ code: 0, signal: null });
    const after = layersOf(stage).map(({ text }) => JSON.parse(text) as ShortLayer);
    expect(after.some((it) => it.turns[0]?.prompt === 'four')).toBe(true);
  }
});

test('a layer that cannot be written is said once, and holds nobody up', async () => {
  await using stage = openStage();
  const first = startAgent(stage);
  await takeTurn(first.editor, await first.editor.greet(), 'one');
  first.editor.leave();
  await within('the end', first.running.ended);
  expect(layerIn(stage).turns).toHaveLength(1);
  const [room = ''] = readdirSync(join(stage.home, 'workspaces'));
  const folder = join(stage.home, 'workspaces', room, 'layers');
  execFileSync('rm', ['-r', folder]);
  writeFileSync(folder, 'no folder');
  const { running, editor } = startAgent(stage);
  const session = await editor.greet();
  await takeTurn(editor, session, 'two');
  await takeTurn(editor, session, 'three');
  editor.leave();
  expect(await within('the end', running.ended)).toEqual({ code: 0, signal: null });
  expect(running.stderr().match(/is not kept up to date/g)).toHaveLength(1);
});
