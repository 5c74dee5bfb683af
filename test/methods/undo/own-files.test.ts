/** What clew writes into `.clew/` is nobody's work: no checkpoint has it, no undo and no restore touches it. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { beginShort } from '../../../src/layers/begin-short.ts';
import { openShelf } from '../../../src/methods/open-shelf.ts';
import { playAt } from '../checkpointed.ts';
import { ask } from '../recorded.ts';

const state = '.clew/project_state.json';

describe.each<[string, { git: boolean; files?: Record<string, string> }]>([
  ['without git', { git: false }],
  ['with git', { git: true }],
  // As in a project whose state was committed.
  [
    'with git, and the state in it',
    { git: true, files: { '.clew/.a': 'x\n', [state]: '{"version":1}\n' } },
  ],
])('%s', (_, { git, files = {} }) => {
  test('written in the middle of a turn, it stays when the turn goes back', async () => {
    const tasks = '.clew/project_tasks.yaml';
    const played = await playAt({
      git,
      files: { 'a.txt': 'one\n', [tasks]: '# mine\n', ...files },
    });
    const { context } = played;
    const turn = await played.start('s1');
    await ask(context, 'state/init', {});
    await ask(context, 'state/patch', { put: [{ section: 'purpose', item: { text: 'A shop' } }] });
    await openShelf(context).write({ ...beginShort('S1', 0), branch: 'main' });
    // The agent names our file too, and has a command that may have written anything.
    await turn.step({ 'a.txt': 'two\n' }, { paths: ['a.txt', state], reach: 'anything' });
    await turn.end();
    const written = played.readAll();
    expect(written[state]).toContain('A shop');
    const { files: changes } = await ask(context, 'checkpoint/diff', { from: turn.before.id });
    expect(changes.map((it) => it.path).sort()).toEqual([
      ...['.clew/.gitattributes', '.clew/.gitignore', 'a.txt'],
    ]);
    const done = await ask(context, 'undo/apply', { of: turn.turn });
    expect(done.paths.map((it) => it.path)).not.toContain(state);
    expect(played.readAll()).toMatchObject({ 'a.txt': 'one\n', [state]: written[state] });
    await ask(context, 'checkpoint/restore', { checkpoint: turn.before.id });
    expect(played.readAll()).toMatchObject({ [state]: written[state], [tasks]: '# mine\n' });
    expect(played.readAll()).toHaveProperty('.clew/sessions/19700101T000000Z_main.json');
    // And what an agent destroys of it is there again.
    rmSync(join(played.root, '.clew', 'project_state.json'));
    await ask(context, 'state/get', {});
    expect(played.read(state)).toBe(written[state]);
  });
});
