/** What a session leaves behind for the next one: its layer, whole at any moment, and nothing in the workspace. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LongLayer, ShortLayer } from '../../src/contract/types.gen.ts';
import { compileSchema } from '../../src/methods/validate.ts';
import { git } from '../git.ts';
import { isSoak } from '../soak.ts';
import { type Editor, openEditor } from './editor.ts';
import { readEvents } from './journals.ts';
import { clew, openStage, peers, type Stage } from './stage.ts';
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

function ask(stage: Stage, ...argv: string[]): string {
  const env = { ...process.env, CLEW_HOME: stage.home, HOME: stage.folder };
  return String(execFileSync(process.execPath, [clew, ...argv], { cwd: stage.workspace, env }));
}

function begin({ workspace }: Stage): void {
  git(workspace, 'init', '-q', '-b', 'main');
  git(workspace, 'commit', '-q', '--allow-empty', '-m', 'first');
}

const projectOf = (stage: Stage) => JSON.parse(ask(stage, 'state', '--json')).project as LongLayer;

test('what a session decided goes into the project when a commit lands, with that commit', async () => {
  await using stage = openStage();
  begin(stage);
  mkdirSync(join(stage.workspace, '.clew'));
  const { running, editor } = startAgent(stage);
  const session = await editor.greet();
  await takeTurn(editor, session, 'do it');
  await until('the layer', () => layersOf(stage).length > 0);
  ask(stage, 'state', 'set', 'decision', 'Use SQLite', '--session', '@last');
  expect(projectOf(stage).decisions).toEqual([]);
  await takeTurn(editor, session, 'and commit it');
  git(stage.workspace, 'commit', '-q', '--allow-empty', '-m', 'second');
  const commit = git(stage.workspace, 'rev-parse', 'HEAD');
  const { decisions, checkpoints } = await until('the roll', () => {
    const project = projectOf(stage);
    return project.decisions.length > 0 ? project : undefined;
  });
  expect(decisions).toMatchObject([{ text: 'Use SQLite', commit, origin: {} }]);
  expect(checkpoints).toMatchObject([{ commit, branch: 'main', why: 'commit' }]);
  editor.leave();
  expect(await within('the end', running.ended)).toEqual({ code: 0, signal: null });
  const file = readFileSync(join(stage.workspace, '.clew', 'project_state.json'), 'utf8');
  expect(file).toContain('"text":"Use SQLite"');
  expect(layerIn(stage)).toMatchObject({ decisions: [{ text: 'Use SQLite' }], state: 'ended' });
  expect(ask(stage, 'digest')).toContain('## Decided\n- Use SQLite');
});

const steps = ['project-created', 'project-written', 'project-synced', 'project-renamed'];

test.each(steps)('killed at %s, the project is as before or after', async (name) => {
  // The file beside the journal, then the one in the workspace.
  for (const pass of [1, 2]) {
    await using stage = openStage();
    begin(stage);
    mkdirSync(join(stage.workspace, '.clew'));
    ask(stage, 'state', 'set', 'purpose', 'A shop');
    const { running, editor } = startAgent(stage, { CLEW_FAILPOINT: `${name}:crash@${pass}` });
    await takeTurn(editor, await editor.greet(), 'do it');
    editor.leave();
    expect(await within('the end', running.ended)).toEqual({ code: null, signal: 'SIGKILL' });
    await until('the end of the agent', () => stage.survivors().length === 0);
    const copy = join(stage.workspace, '.clew', 'project_state.json');
    const { purpose } = JSON.parse(readFileSync(copy, 'utf8')) as LongLayer;
    expect(purpose[0]).toMatchObject({ text: 'A shop' });
    // Whoever comes next has all that was told, once, and takes nothing for an edit.
    const { checkpoints, conflicts } = projectOf(stage);
    expect([checkpoints.length <= 1, conflicts]).toEqual([true, []]);
    expect(ask(stage, 'state', 'import')).toBe('nothing was changed in it\n');
    expect(ask(stage, 'verify')).toContain('sound');
  }
});

test('a new session is told before its first prompt, only where asked, and exactly that is recorded', async () => {
  await using stage = openStage();
  begin(stage);
  const first = startAgent(stage);
  await takeTurn(first.editor, await first.editor.greet(), 'do the first thing');
  first.editor.leave();
  await within('the end', first.running.ended);
  const facts = join(stage.folder, 'facts');
  const agentCapabilities = { promptCapabilities: { embeddedContext: true } };
  const behaviour = JSON.stringify({ facts, updates: 1, agentCapabilities });
  const agent = [process.execPath, join(peers, 'agent.mjs'), behaviour];
  const heard = () =>
    readFileSync(facts, 'utf8')
      .split('\n')
      .filter((it) => it.startsWith('heard session/prompt '))
      .map((it) => JSON.parse(it.slice('heard session/prompt '.length)).params.prompt);
  const silent = stage.sidecar(agent);
  const one = openEditor(silent, stage.workspace);
  await takeTurn(one, await one.greet(), 'without');
  one.leave();
  await within('the end', silent.ended);
  expect(heard()).toEqual([[{ type: 'text', text: 'without' }]]);
  const telling = stage.sidecar(agent, { options: ['--resume'] });
  const other = openEditor(telling, stage.workspace);
  const session = await other.greet();
  await takeTurn(other, session, 'go on');
  await takeTurn(other, session, 'and on');
  other.leave();
  await within('the end', telling.ended);
  const [, told, after] = heard();
  expect(told).toHaveLength(2);
  expect(told[1]).toEqual({ type: 'text', text: 'go on' });
  const { type, resource } = told[0];
  expect([type, resource.uri]).toEqual(['resource', expect.stringMatching(/^clew:\/\/session\//)]);
  expect(resource.text).toContain('which ended on this branch and commit.\nLast asked: without\n');
  expect(after).toEqual([{ type: 'text', text: 'and on' }]);
  const added = readEvents(stage.home).filter((it) => it.type === 'context-added');
  expect(added).toMatchObject([
    { text: resource.text, uri: resource.uri, resumes: expect.any(String) },
  ]);
});

test('a task that is done says where the work stood; a fork leaves the layer as it was on its branch', async () => {
  await using stage = openStage();
  begin(stage);
  git(stage.workspace, 'switch', '-q', '-c', 'topic');
  git(stage.workspace, 'commit', '-q', '--allow-empty', '-m', 'of topic');
  const { running, editor } = startAgent(stage);
  const session = await editor.greet();
  await takeTurn(editor, session, 'do it');
  await until('the layer', () => layersOf(stage).length > 0);
  const { task } = JSON.parse(ask(stage, 'tasks', 'add', 'Ship it', '--json'));
  ask(stage, 'tasks', 'done', task.id);
  await takeTurn(editor, session, 'and more');
  const [stood] = await until('the roll', () => {
    const { checkpoints } = projectOf(stage);
    return checkpoints.length > 0 ? checkpoints : undefined;
  });
  expect(stood).toMatchObject({ why: 'task done', text: 'Ship it', branch: 'topic' });
  expect(ask(stage, 'digest')).toContain('## Tasks\n- Ship it (done');
  git(stage.workspace, 'switch', '-q', 'main');
  await takeTurn(editor, session, 'on main');
  ask(stage, 'drift', 'fork');
  await takeTurn(editor, session, 'and on');
  const both = await until('the fork', () => {
    const layers = layersOf(stage).map(({ text }) => JSON.parse(text) as ShortLayer);
    return layers.some((it) => it.state === 'forked') ? layers : undefined;
  });
  const told = both.map(({ branch, state, turns }) => [branch, state, turns.length]);
  expect(told.sort()).toEqual([
    ['main', 'open', 4],
    ['topic', 'forked', 2],
  ]);
  const { session: now } = JSON.parse(ask(stage, 'state', '--json'));
  expect(now).toMatchObject({ branch: 'main', forked: { branch: 'topic' } });
  const shown = ask(stage, 'state');
  expect(shown).toContain('\nbrought along from topic\n');
  expect(shown).toContain('\nTasks\n  - Ship it (done');
  editor.leave();
  expect(await within('the end', running.ended)).toEqual({ code: 0, signal: null });
  // Whoever comes to the branch that was left goes on from what there was.
  git(stage.workspace, 'switch', '-q', 'topic');
  expect(ask(stage, 'digest', '--resume')).toContain('Last asked: and more\n');
  git(stage.workspace, 'switch', '-q', 'main');
  expect(ask(stage, 'digest', '--resume')).toContain('Last asked: and on\n');
});
