/** state/conflicts: two branches merged by the real git, with and without our word about how. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ask } from '../recorded.ts';
import { openSites, type Site } from './worktrees.ts';

/** Both know the same to begin with. */
async function begin(): Promise<{ here: Site; there: Site }> {
  const { here, there } = openSites();
  await ask(here.open(), 'state/init', {});
  await here.put('purpose', 'A shop');
  await here.put('decisions', 'Use SQLite', 'db');
  commit(here, 'begin');
  here.git('worktree', 'add', '-q', '-b', 'feature', there.root);
  await ask(there.open(), 'state/get', {});
  return { here, there };
}

function commit(site: Site, message: string): void {
  site.git('add', '.clew');
  site.git('commit', '-q', '-m', message);
}

const stateOf = async (site: Site) => {
  const { project } = await ask(site.open(), 'state/get', {});
  const { conflicts } = await ask(site.open(), 'state/conflicts', {});
  return { texts: project.decisions.map((it) => it.text).sort(), conflicts };
};

test('both added something: git merges it, and nothing is asked', async () => {
  const { here, there } = await begin();
  await here.put('decisions', 'Ours is tabs');
  commit(here, 'ours');
  await there.put('decisions', 'Theirs is a port');
  commit(there, 'theirs');
  here.git('merge', '-q', '--no-edit', 'feature');
  const all = ['Ours is tabs', 'Theirs is a port', 'Use SQLite'];
  expect(await stateOf(here)).toEqual({ texts: all, conflicts: [] });
  expect(here.git('status', '--porcelain')).toBe('');
  there.git('merge', '-q', '--ff-only', 'main');
  expect(await stateOf(there)).toEqual({ texts: all, conflicts: [] });
});

test('one changed what the other left: that is what counts, and nothing is asked', async () => {
  const { here, there } = await begin();
  await there.put('decisions', 'Use Postgres', 'db');
  commit(there, 'theirs');
  await here.put('decisions', 'Another');
  commit(here, 'ours');
  here.git('merge', '-q', '--no-edit', 'feature');
  expect(await stateOf(here)).toEqual({ texts: ['Another', 'Use Postgres'], conflicts: [] });
});

describe.each(['with our attributes', 'without them'])('both changed the same, %s', (how) => {
  test('both sides are shown until a person chooses', async () => {
    const { here, there } = await begin();
    await here.put('decisions', 'Use MySQL', 'db');
    commit(here, 'ours');
    await there.put('decisions', 'Use Postgres', 'db');
    commit(there, 'theirs');
    if (how === 'without them') {
      rmSync(join(here.root, '.clew', '.gitattributes'));
      commit(here, 'no attributes');
    }
    const merge = () => here.git('merge', '-q', '--no-edit', 'feature');
    if (how === 'without them') {
      expect(merge).toThrow();
      // The person's to resolve: both sides are known, and the file with its marks is left alone.
      const marked = here.read();
      expect(marked).toContain('<<<<<<<');
      expect((await stateOf(here)).conflicts).toHaveLength(1);
      expect(here.read()).toBe(marked);
      return;
    }
    merge();
    const { texts, conflicts } = await stateOf(here);
    expect(texts).toEqual(['Use MySQL', 'Use Postgres']);
    expect(conflicts).toMatchObject([{ id: 'db', section: 'decisions' }]);
    const version = conflicts[0]?.sides.find((it) => it.value?.text === 'Use Postgres')?.version;
    await ask(here.open(), 'state/patch', { take: [{ id: 'db', version: version ?? '' }] });
    expect(await stateOf(here)).toEqual({ texts: ['Use Postgres'], conflicts: [] });
    expect(here.read()).not.toContain('MySQL');
    commit(here, 'chosen');
    there.git('merge', '-q', '--ff-only', 'main');
    expect(await stateOf(there)).toEqual({ texts: ['Use Postgres'], conflicts: [] });
  });
});

test('another branch checked out takes nothing away', async () => {
  const { here, there } = await begin();
  await here.put('decisions', 'Only here');
  commit(here, 'ours');
  here.git('checkout', '-q', '--detach', 'HEAD~1');
  expect((await stateOf(here)).texts).toEqual(['Only here', 'Use SQLite']);
  here.git('checkout', '-q', '-f', 'main');
  expect(await stateOf(here)).toEqual({ texts: ['Only here', 'Use SQLite'], conflicts: [] });
  expect((await stateOf(there)).texts).toEqual(['Use SQLite']);
});
