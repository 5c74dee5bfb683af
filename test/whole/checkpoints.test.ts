/** A conversation leaves checkpoints behind: before each prompt, after what can have written, before what is replaced. */
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';
import {
  commitAll,
  eventsOf,
  foundEvent,
  git,
  judgeStores,
  listCheckpoints,
  openTalk,
  readTexts,
  readWhole,
  runClew,
  stateFolders,
  type Talk,
  undo,
} from './talk.ts';

function fill(root: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}

const start = {
  'kept.txt': 'kept\n',
  'a.txt': 'one\ntwo\nthree\n',
  'gone.txt': 'to be removed\n',
  '.gitignore': 'out/\n*.log\n',
  'out/ignored.bin': 'built before\n',
};

async function openFilled(files: Record<string, string> = start): Promise<Stage> {
  const stage = openStage();
  fill(stage.workspace, files);
  commitAll(stage.workspace);
  return stage;
}

const store = (stage: Stage) => join(stateFolders(stage)[0] ?? '', 'store.git');
const textAt = (stage: Stage, tree: string, path: string) =>
  git(stage.folder, '--git-dir', store(stage), 'cat-file', 'blob', `${tree}:${path}`);

describe('a turn', () => {
  test('is preceded by a checkpoint that is in the journal before the agent hears of the prompt', async () => {
    await using stage = await openFilled();
    const copy = join(stage.folder, 'seen');
    const see = `mkdir '${copy}' && cp -r "$CLEW_HOME"/workspaces '${copy}'`;
    const talk = await openTalk(stage, { turns: [[{ shell: see }]] });
    appendFileSync(join(stage.workspace, 'a.txt'), 'by hand, just before\n');
    await talk.take();
    await talk.leave();
    const seen = { ...stage, home: copy };
    const [prompt, ...others] = eventsOf(seen, 'checkpoint-taken').filter(
      (it) => it.reason === 'prompt',
    );
    expect(others).toEqual([]);
    const [turn] = eventsOf(seen, 'turn-started');
    expect(prompt).toMatchObject({ turn: turn?.turn, uncaptured: 0 });
    expect(prompt?.degraded).toBeUndefined();
    // Not only said: what was there at that moment is whole.
    expect(textAt(seen, prompt?.tree ?? '', 'a.txt')).toBe('one\ntwo\nthree\nby hand, just before');
    expect(judgeStores(seen)).toEqual([]);
  });

  test('ends with a checkpoint that follows the one before it, and steps have theirs', async () => {
    await using stage = await openFilled();
    const talk = await openTalk(stage, {
      turns: [
        [{ shell: 'echo by shell >> kept.txt' }, { read: 'a.txt' }],
        [{ edit: 'a.txt', from: 'two', to: 'TWO' }],
      ],
    });
    await talk.take();
    await talk.take();
    await talk.leave();
    const turns = eventsOf(stage, 'turn-started').map(({ turn }) => turn);
    const cards = await listCheckpoints(stage);
    const parentOf = (commit = '') =>
      git(stage.folder, '--git-dir', store(stage), 'log', '-1', '--format=%P', commit);
    for (const turn of turns) {
      const of = cards.filter((it) => it.turn === turn);
      const before = of.find(({ reason }) => reason === 'prompt');
      const after = of.find(({ reason }) => reason === 'turn');
      expect(parentOf(before?.commit)).toBe('');
      expect(parentOf(after?.commit)).toBe(before?.commit);
    }
    const taken = eventsOf(stage, 'checkpoint-taken');
    expect(new Set(taken.map(({ checkpoint }) => checkpoint))).toEqual(
      new Set(cards.map(({ id }) => id)),
    );
    const [shell] = eventsOf(stage, 'step-started').filter(({ tool }) => tool?.kind === 'execute');
    const [edit] = eventsOf(stage, 'step-started').filter(({ tool }) => tool?.kind === 'edit');
    const shown = await undo(stage, [edit?.step ?? '', '--dry-run']);
    expect(shown.of).toEqual({ kind: 'step', id: edit?.step });
    expect(shown.paths.map(({ path }) => path)).toEqual(['a.txt']);
    const session = eventsOf(stage, 'session-opened')[0]?.agentSession;
    expect(session).toBe(talk.session);
    expect((await undo(stage, [shell?.step ?? ''])).written).toEqual(['kept.txt']);
    expect(readTexts(stage.workspace)['kept.txt']).toBe('kept\n');
    expect(readTexts(stage.workspace)['a.txt']).toBe('one\nTWO\nthree\n');
  });

  test.each([
    ['waited for', true],
    ['cut short by the end of the conversation', false],
  ])('whose agent goes on after it: that too is kept, %s', async (_name, waits) => {
    await using stage = await openFilled();
    const call = { toolCallId: 'behind', title: 'in the background', kind: 'execute' };
    const begun = { sessionUpdate: 'tool_call', status: 'in_progress', ...call };
    const ended = { sessionUpdate: 'tool_call_update', status: 'completed', ...call };
    const written = join(stage.folder, 'written');
    const turn = [{ update: begun }, { late: [{ await: written }, { update: ended }] }];
    const talk = await openTalk(stage, { turns: [turn], lateMs: 0 });
    await talk.take();
    await foundEvent(stage, 'checkpoint-taken', ({ reason }) => reason === 'turn');
    writeFileSync(join(stage.workspace, 'late.txt'), 'late\n');
    writeFileSync(written, '');
    await foundEvent(stage, 'step-changed', (it) => it.late === true);
    if (waits) await foundEvent(stage, 'checkpoint-taken', ({ reason }) => reason === 'late');
    await talk.leave();
    const [taken] = eventsOf(stage, 'checkpoint-taken').filter(({ reason }) => reason === 'late');
    expect(textAt(stage, taken?.tree ?? '', 'late.txt')).toBe('late');
    const [first] = eventsOf(stage, 'turn-started');
    expect((await undo(stage, [first?.turn ?? ''])).removed).toEqual(['late.txt']);
  });

  test('that the agent begins by itself can be undone, though nobody waited for its beginning', async () => {
    await using stage = await openFilled();
    const looked = join(stage.folder, 'looked');
    const late = [{ await: looked }, { shell: 'echo late > late.txt' }];
    const talk = await openTalk(stage, { turns: [[{ say: 'done' }, { late }]], lateMs: 0 });
    await talk.take();
    // What the look at the end of the turn before has seen already is nobody's.
    await foundEvent(stage, 'checkpoint-taken', ({ reason }) => reason === 'turn');
    writeFileSync(looked, '');
    const step = await foundEvent(stage, 'step-started', ({ kind }) => kind === 'tool');
    await foundEvent(stage, 'step-ended', (it) => it.step === step.step);
    await talk.leave();
    expect((await undo(stage, [step.turn])).removed).toEqual(['late.txt']);
  });
});

describe('what a write is about to replace', () => {
  test.each([
    ['of a file that git ignores', 'out/ignored.bin'],
    ['of a file that git ignores and that came just now', 'fresh.log'],
    ['of a file that git does not know', 'untracked.txt'],
  ])('is kept, also %s', async (_name, path) => {
    await using stage = await openFilled();
    const talk = await openTalk(
      stage,
      { turns: [[{ edit: path, text: 'by the agent\n' }]] },
      { capabilities: { fs: { writeTextFile: true } } },
    );
    const full = join(stage.workspace, path);
    writeFileSync(full, 'only here\n');
    const turn = talk.begin();
    const { id, params } = await talk.asked('fs/write_text_file');
    // Nobody has written yet, and what is there is safe already.
    const kept = eventsOf(stage, 'checkpoint-taken');
    expect(kept.map((it) => textAtOrNone(stage, it.tree, path))).toContain('only here');
    writeFileSync(full, String(params.content));
    talk.allow(id);
    await turn.ended();
    await talk.leave();
    expect((await undo(stage)).written).toEqual([path]);
    expect(readFileSync(full, 'utf8')).toBe('only here\n');
  });
});

function textAtOrNone(stage: Stage, tree: string, path: string): string | undefined {
  const listed = git(stage.folder, '--git-dir', store(stage), 'ls-tree', tree, path);
  return listed === '' ? undefined : textAt(stage, tree, path);
}

describe('clew undo', () => {
  const everything = [
    { edit: 'a.txt', from: 'two', to: 'TWO' },
    {
      shell: 'echo by shell >> kept.txt; mkdir -p deep/er; echo new > deep/er/new.txt; rm gone.txt',
    },
    { edit: 'out/ignored.bin', text: 'built by the agent\n', ask: true },
    { edit: 'announced.txt', text: 'new\n' },
  ];

  async function takeAll(talk: Talk): Promise<void> {
    const turn = talk.begin();
    const { id } = await talk.asked('session/request_permission');
    talk.allow(id, { outcome: { outcome: 'selected', optionId: 'allow' } });
    await turn.ended();
    await talk.leave();
  }

  test('takes back everything that the agent wrote in a turn, and nothing of what a hand wrote', async () => {
    await using stage = await openFilled();
    const before = readTexts(stage.workspace);
    const userGit = readWhole(join(stage.workspace, '.git'));
    const talk = await openTalk(stage, { turns: [everything] });
    await takeAll(talk);
    writeFileSync(join(stage.workspace, 'hand.txt'), 'by hand\n');
    appendFileSync(join(stage.workspace, 'a.txt'), 'by hand\n');
    const after = readTexts(stage.workspace);
    const refused = await runClew(stage, ['undo']);
    expect(refused.code).toBe(8);
    expect(readTexts(stage.workspace)).toEqual(after);
    const undone = await undo(stage, ['--merge', '.']);
    expect(undone).toMatchObject({ ready: true, skipped: [] });
    const wanted = {
      ...before,
      'a.txt': 'one\ntwo\nthree\nby hand\n',
      'hand.txt': 'by hand\n',
    };
    expect(readTexts(stage.workspace)).toEqual(wanted);
    // And the other way again.
    await undo(stage, [undone.undo ?? '']);
    expect(readTexts(stage.workspace)).toEqual(after);
    expect(readWhole(join(stage.workspace, '.git'))).toEqual(userGit);
    expect(judgeStores(stage)).toEqual([]);
  });

  const places: [string, (stage: Stage) => { cwd: string; env?: Record<string, string> }][] = [
    ['without git', (stage) => ({ cwd: stage.workspace })],
    [
      'with git, and none on the path',
      (stage) => {
        commitAll(stage.workspace);
        return { cwd: stage.workspace, env: { PATH: join(stage.folder, 'bin') } };
      },
    ],
    [
      'in a folder with spaces and more',
      (stage) => {
        const cwd = join(stage.folder, 'a folder — “ü” \u{1f9f6}');
        fill(cwd, start);
        commitAll(cwd);
        return { cwd };
      },
    ],
    [
      'in a worktree',
      (stage) => {
        commitAll(stage.workspace);
        const cwd = join(stage.folder, 'tree two');
        git(stage.workspace, 'worktree', 'add', '-q', '-b', 'two', cwd);
        fill(cwd, { 'out/ignored.bin': start['out/ignored.bin'] });
        return { cwd };
      },
    ],
  ];
  test.each(places)('works %s', async (_name, make) => {
    await using stage = openStage();
    fill(stage.workspace, start);
    const { cwd, env = {} } = make(stage);
    // Nobody else may read what the agent will remove, nor write what it will edit.
    for (const path of ['gone.txt', 'a.txt']) chmodSync(join(cwd, path), 0o600);
    const before = readTexts(cwd);
    // A shell is not looked for on the path.
    const work = everything.filter((it) => !('shell' in it) || env['PATH'] === undefined);
    const talk = await openTalk(stage, { turns: [work] }, { cwd, env });
    await takeAll(talk);
    expect(readTexts(cwd)).not.toEqual(before);
    const told = await runClew(stage, ['undo'], { cwd, env });
    expect(told).toEqual({ code: 0, signal: null, stderr: '', stdout: expect.any(String) });
    expect(readTexts(cwd)).toEqual(before);
    for (const path of ['gone.txt', 'a.txt'])
      expect(statSync(join(cwd, path)).mode & 0o7777).toBe(0o600);
    expect(judgeStores(stage)).toEqual([]);
  });

  test('leaves the user’s repository as it was: with --copy-base not even a link is added', async () => {
    for (const copies of [false, true]) {
      await using stage = await openFilled();
      const read = () => readWhole(join(stage.workspace, '.git'), copies);
      const before = read();
      const options = copies ? ['--copy-base'] : [];
      const talk = await openTalk(stage, { turns: [everything] }, { options });
      await takeAll(talk);
      for (const args of [['undo'], ['undo'], ['checkpoint'], ['checkpoints', 'prune']])
        expect(await runClew(stage, args)).toMatchObject({ code: 0 });
      const first = eventsOf(stage, 'checkpoint-taken')[0]?.checkpoint ?? '';
      expect((await runClew(stage, ['restore', first])).code).toBe(0);
      expect(read()).toEqual(before);
    }
  });
});
