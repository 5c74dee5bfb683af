/** state/import: what a person changed in the file, held against what it was written as. */
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { git } from '../../git.ts';
import { ask } from '../recorded.ts';
import { openSites } from './worktrees.ts';

async function begin() {
  const { here } = openSites();
  await ask(here.open(), 'state/init', {});
  await here.put('decisions', 'Use SQLite', 'db');
  return here;
}

test('an edit is told before it is written over, and says what it was made of', async () => {
  const here = await begin();
  here.write(here.read().replace('Use SQLite', 'Use Postgres'));
  const plan = await ask(here.open(), 'state/import', { dryRun: true });
  expect(plan).toMatchObject({ found: true, changes: [{ id: 'db' }], conflicts: [] });
  const done = await ask(here.open(), 'state/import', { base: plan.base ?? '' });
  expect(done.changes).toEqual(plan.changes);
  await expect(ask(here.open(), 'state/import', { base: plan.base ?? '' })).rejects.toMatchObject({
    code: 'conflict',
  });
  expect((await ask(here.open(), 'state/get', {})).project.decisions).toMatchObject([
    { id: 'db', text: 'Use Postgres' },
  ]);
});

test('an edit while something else was told is a conflict, and not the later one', async () => {
  const here = await begin();
  const { versions } = await ask(here.open(), 'state/get', {});
  const text = here.read().replace('Use SQLite', 'Use Postgres');
  await here.put('decisions', 'Use MySQL', 'db');
  const told = await ask(here.open(), 'state/import', { text, versions });
  expect(told.conflicts[0]?.sides.map((it) => it.value?.text).sort()).toEqual([
    ...['Use MySQL', 'Use Postgres'],
  ]);
});

test('a broken file is left as it is, and said', async () => {
  const here = await begin();
  for (const text of ['{', '[]', '{"version":7}']) {
    here.write(text);
    const told = await ask(here.open(), 'state/import', {});
    expect(told.problem).toMatch(/^project_state.json: /);
    await here.put('decisions', 'meanwhile', 'm');
    expect(here.read()).toBe(text);
    expect((await ask(here.open(), 'state/get', {})).projected?.problem).toBe(told.problem);
  }
  rmSync(join(here.root, '.clew', 'project_state.json'));
  await ask(here.open(), 'state/get', {});
  expect(here.read()).toContain('meanwhile');
});

test('all that was folded is there again when everything derived is deleted', async () => {
  const here = await begin();
  here.write(here.read().replace('Use SQLite', 'Use Postgres'));
  const before = await ask(here.open(), 'state/get', {});
  const { layers, state } = here.open().folder();
  rmSync(layers, { recursive: true });
  for (const it of ['', '-wal', '-shm']) rmSync(`${state}${it}`, { force: true });
  expect(await ask(here.open(), 'state/get', {})).toEqual(before);
  // Nor do the journals of others need to end well.
  appendFileSync(
    join(here.open().folder().journal, '01K5A0000000000000000TORN1-0001.ndjson'),
    '{"se',
  );
  writeFileSync(join(here.root, 'b'), 'x');
  git(here.root, 'add', 'b');
  expect((await ask(here.open(), 'state/get', {})).project).toEqual(before.project);
});
