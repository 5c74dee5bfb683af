/** workspace/status: which workspace this is, what is recorded of it, and what is unavailable. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { takeLease } from '../../../src/store/lease.ts';
import { openSeenSpace } from '../../../src/store/state/open-seen-space.ts';
import { openStateStore } from '../../../src/store/state/open-state-store.ts';
import { git } from '../../git.ts';
import { makeFolder } from '../../scratch.ts';
import { ask, openAt, recordWorkspace } from '../recorded.ts';
import { smallStory } from '../small-story.ts';

test('workspace/status answers', async () => {
  const recorded = recordWorkspace(smallStory);
  const context = openAt(recorded, join(recorded.root, 'src/deep'));
  await ask(context, 'log/query', {});
  const { journal, index, history, ...status } = await ask(context, 'workspace/status', {});
  expect(history).toEqual({ bytes: expect.any(Number) });
  expect(status).toEqual({
    workspace: recorded.root,
    state: recorded.state,
    recorders: [],
    checkpoints: { state: 'none', count: 0 },
    sessions: 2,
    turns: 2,
    notes: ['the workspace is no git repository'],
  });
  expect(journal).toMatchObject({ files: 1, entries: smallStory.length });
  expect(index).toMatchObject({ state: 'ready', entries: smallStory.length });
});

test('who records now is told, with the editor that started it', async () => {
  const recorded = recordWorkspace(smallStory);
  const writer = smallStory[0]?.writer ?? '';
  const lease = takeLease(recorded.journal, writer);
  const { recorders } = await ask(openAt(recorded), 'workspace/status', {});
  lease.release();
  expect(recorders).toEqual([{ writer, pid: 4242, since: smallStory[0]?.at, label: 'zed' }]);
});

test('a repository is told with its branch', async () => {
  const recorded = recordWorkspace([]);
  git(recorded.root, 'init', '-q', '-b', 'main', '.');
  git(recorded.root, 'commit', '-q', '--allow-empty', '-m', 'x');
  const { repository, notes } = await ask(openAt(recorded), 'workspace/status', {});
  const head = git(recorded.root, 'rev-parse', 'HEAD');
  expect(repository).toEqual({ branch: 'main', head, worktree: false });
  expect(notes).toEqual([]);
});

test('where nothing is recorded it says so', async () => {
  const folder = makeFolder();
  mkdirSync(join(folder, 'home'));
  const env = { CLEW_HOME: join(folder, 'state'), HOME: join(folder, 'home') };
  const recorded = { ...recordWorkspace([]), env, root: join(folder, 'home') };
  const status = await ask(openAt(recorded), 'workspace/status', {});
  expect(status).toMatchObject({ state: env.CLEW_HOME, index: { state: 'missing' } });
  expect(status.notes).toEqual([
    'the workspace is your home folder',
    'the workspace is no git repository',
    'nothing is recorded here yet',
  ]);
});

test('an index that cannot be used is told, and costs nothing else', async () => {
  const recorded = recordWorkspace(smallStory);
  writeFileSync(join(recorded.state, 'index.db'), 'x');
  const seal = { tables: 99, file: '', sums: [], checkedAt: 0 };
  writeFileSync(join(recorded.state, 'index.db-seal'), JSON.stringify(seal));
  const { index, journal } = await ask(openAt(recorded), 'workspace/status', {});
  expect(index).toMatchObject({ state: 'unavailable', hint: expect.stringMatching(/newer clew/) });
  expect(journal.files).toBe(1);
});

test('workspace/status adds up what those who record keep track of, or tells of the last one', async () => {
  const recorded = recordWorkspace(smallStory);
  expect((await ask(openAt(recorded), 'workspace/status', {})).context).toBeUndefined();
  const counts = { sessions: 1, files: 3, reads: 4, edits: 2, skips: { outside: 1 } };
  const store = await openStateStore(join(recorded.state, 'state.db'));
  await openSeenSpace(store).count('4711', counts);
  await store.close();
  expect((await ask(openAt(recorded), 'workspace/status', {})).context).toEqual(counts);
});

test('workspace/status says what is wrong with the state store', async () => {
  const recorded = recordWorkspace(smallStory);
  mkdirSync(join(recorded.state, 'state.db'));
  const { notes } = await ask(openAt(recorded), 'workspace/status', {});
  expect(notes.join()).toContain('state.db cannot be used');
});
