/** Somebody moves the repository between two turns: the alert is in the journal before the agent has the prompt. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FoundDrift } from '../../src/contract/types.gen.ts';
import { openEditor } from './editor.ts';
import { openStage, type Stage } from './stage.ts';
import {
  commitAll,
  eventsOf,
  foundEvent,
  git,
  openTalk,
  runClew,
  scripted,
  type Talk,
} from './talk.ts';
import { until } from './until.ts';

/** The agent copies the journal as it is when a prompt has come to it. */
const copying = (stage: Stage, n: number) => ({
  shell: `cat '${stage.home}'/workspaces/*/journal/*.ndjson >'${stage.folder}/seen-${n}'`,
});

function openWork(): Stage {
  const stage = openStage();
  for (const name of ['a.txt', 'b.txt', 'c.txt']) writeFileSync(join(stage.workspace, name), '1\n');
  commitAll(stage.workspace);
  git(stage.workspace, 'branch', '-M', 'main');
  git(stage.workspace, 'switch', '-q', '-c', 'topic');
  writeFileSync(join(stage.workspace, 'a.txt'), '2\n');
  git(stage.workspace, 'commit', '-qam', 'two');
  return stage;
}

async function openAgent(stage: Stage, options: readonly string[] = []): Promise<Talk> {
  const turns = [
    [{ read: 'a.txt' }, { edit: 'b.txt', text: 'agent\n' }],
    ...[1, 2, 3].map((n) => [copying(stage, n)]),
  ];
  const capabilities = { session: { notices: {} } };
  const talk = await openTalk(stage, { turns }, { capabilities, options });
  await talk.take();
  // What the turn left is known when its checkpoint is taken.
  await foundEvent(stage, 'checkpoint-taken', (it) => it.reason === 'turn');
  return talk;
}

const drifts = (stage: Stage): FoundDrift[] => eventsOf(stage, 'drift-found').map((it) => it.found);

/** What was in the journal when the agent got that prompt. */
function seenBy(stage: Stage, n: number): FoundDrift[] {
  const lines = readFileSync(join(stage.folder, `seen-${n}`), 'utf8').split('\n');
  return lines
    .filter((it) => it.includes('"drift-found"'))
    .map((it) => (JSON.parse(it) as { event: { found: FoundDrift } }).event.found);
}

test.each<[name: string, commands: readonly string[][], reasons: string[], files: string[]]>([
  [
    'switched',
    [
      ['stash', '-q'],
      ['switch', '-q', 'main'],
    ],
    ['files-differ', 'base-gone', 'on-default-branch', 'branch-switched'],
    ['a.txt', 'b.txt'],
  ],
  [
    'rebased',
    [
      ['commit', '-qam', 'b'],
      ['rebase', '-q', '--onto', 'main', 'HEAD~1'],
    ],
    ['files-differ', 'base-gone', 'head-moved'],
    ['a.txt'],
  ],
  [
    'reset',
    [['reset', '-q', '--hard', 'HEAD~1']],
    ['files-differ', 'base-gone', 'head-moved'],
    ['a.txt', 'b.txt'],
  ],
  ['stashed', [['stash', '-q']], ['files-differ'], ['b.txt']],
])('%s between two turns', async (_, commands, reasons, files) => {
  await using stage = openWork();
  const talk = await openAgent(stage);
  for (const it of commands) git(stage.workspace, ...it);
  await talk.take();
  const seen = seenBy(stage, 1);
  // Two looks may meet in the middle of several commands; the last has all of it.
  expect(seen.at(-1)).toMatchObject({ level: 'alert', after: { worktree: stage.workspace } });
  const found = drifts(stage);
  expect([...new Set(found.flatMap((it) => it.reasons))].sort()).toEqual(reasons.toSorted());
  expect([...new Set(found.flatMap((it) => it.files.map(({ path }) => path)))].sort()).toEqual(
    files,
  );
  const notices = talk.editor.lines().filter((it) => it.includes('"sessionUpdate":"notice"'));
  expect(notices).toHaveLength(found.length);
  expect(talk.running.stderr()).toContain('what this session knows is not so any more');
  await talk.leave();
});

test('what touches none of its files says nothing', async () => {
  await using stage = openWork();
  const talk = await openAgent(stage);
  writeFileSync(join(stage.workspace, 'c.txt'), 'other\n');
  git(stage.workspace, 'add', 'b.txt');
  git(stage.workspace, 'commit', '-qm', 'its work');
  git(stage.workspace, 'commit', '-qam', 'another file');
  git(stage.workspace, 'tag', 'v1');
  await talk.take();
  expect(seenBy(stage, 1)).toEqual([]);
  await talk.leave();
  expect(drifts(stage)).toEqual([]);
  expect(talk.running.stderr()).toBe('');
});

test('each decision, by a command, while the sidecar runs', async () => {
  await using stage = openWork();
  const talk = await openAgent(stage);
  const decide = async (how: string, ...command: string[]) => {
    const known = drifts(stage).length;
    git(stage.workspace, ...command);
    await until('an alert', () => drifts(stage).length > known);
    expect((await runClew(stage, ['drift'])).code).toBe(9);
    const told = await runClew(stage, ['drift', how, '--json']);
    await talk.take();
    expect((await runClew(stage, ['drift'])).code).toBe(0);
    return { ...told, stdout: JSON.parse(told.stdout || '{}') };
  };
  expect(await decide('rebuild', 'stash', '-q')).toMatchObject({ stdout: { reread: ['b.txt'] } });
  const reset = await decide('fast-forward', 'reset', '-q', '--hard', 'HEAD~1');
  expect(reset).toMatchObject({ code: 0, stdout: { reread: [] } });
  const fork = await decide('fork', 'switch', '-q', 'main');
  expect(fork).toMatchObject({
    stdout: { before: { branch: 'topic' }, after: { branch: 'main' } },
  });
  await decide('ignore', 'commit', '-q', '--amend', '-m', 'x');
  await talk.leave();
  const hows = ['rebuild', 'fast-forward', 'fork', 'ignore'];
  expect(eventsOf(stage, 'drift-resolved').map((it) => it.how)).toEqual(hows);
});

test('in-band, for an editor that knows clew', async () => {
  await using stage = openWork();
  const turns = [[{ read: 'a.txt' }], [{ say: 'x' }]];
  const talk = await openTalk(stage, { turns }, { capabilities: { _meta: { clew: true } } });
  await talk.take();
  await foundEvent(stage, 'checkpoint-taken', (it) => it.reason === 'turn');
  git(stage.workspace, 'switch', '-q', 'main');
  await talk.take();
  talk.editor.ask('"s"', '_clew/drift/status');
  expect((await talk.editor.answer('"s"')).result).toMatchObject({
    ground: { branch: 'main' },
    sessions: [{ agentSession: talk.session, open: { level: 'alert' } }],
  });
  talk.editor.ask('"r"', '_clew/drift/resolve', { how: 'fork', session: talk.session });
  expect((await talk.editor.answer('"r"')).result).toMatchObject({
    before: { branch: 'topic' },
    after: { branch: 'main' },
  });
  await talk.leave();
  expect(eventsOf(stage, 'drift-resolved')).toMatchObject([{ how: 'fork' }]);
});

test('the agent is told in front of the prompt if that is wanted, and every other byte is the editor’s', async () => {
  await using stage = openWork();
  const echo = join(stage.folder, 'got');
  const tee = `tee -a '${echo}' | exec "$0" "$@"`;
  const script = JSON.stringify({
    turns: [[{ read: 'a.txt' }, { edit: 'b.txt', text: 'agent\n' }], [{ say: 'x' }]],
  });
  const running = stage.sidecar(['sh', '-c', tee, process.execPath, scripted, script], {
    options: ['--drift-context'],
  });
  const editor = openEditor(running, stage.workspace);
  const session = await editor.greet();
  const say = (id: string, text: string) =>
    editor.say(
      `{ "jsonrpc":"2.0","method":"session\\/prompt", "id":${id}, "params":{"sessionId":"${session}","prompt":[ {"type":"text","text":"${text}"} ]}}`,
    );
  say('1', 'h\\u00e9');
  await editor.answer('1');
  await foundEvent(stage, 'checkpoint-taken', (it) => it.reason === 'turn');
  git(stage.workspace, 'stash', '-q');
  say('2', 'go \\u00e9 on');
  await editor.answer('2');
  expect(existsSync(echo)).toBe(true);
  const got = readFileSync(echo, 'utf8').split('\n');
  const [added] = eventsOf(stage, 'context-added');
  expect(added?.text).toContain('- b.txt (changed)');
  const block = JSON.stringify({ type: 'text', text: added?.text });
  const line = got.find((it) => it.includes('go \\u00e9 on')) ?? '';
  expect(line).toContain(`"prompt":[${block}, {"type"`);
  expect(line.replace(`${block},`, '')).toBe(
    `{ "jsonrpc":"2.0","method":"session\\/prompt", "id":2, "params":{"sessionId":"${session}","prompt":[ {"type":"text","text":"go \\u00e9 on"} ]}}`,
  );
  expect(got.filter((it) => it.includes('clew-notice'))).toHaveLength(1);
  editor.leave();
  await running.ended;
});
