/** state/digest: after a restart, on another branch, and with whose the lines are. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ShortLayer } from '../../../src/contract/types.gen.ts';
import { beginShort } from '../../../src/layers/begin-short.ts';
import { openShelf } from '../../../src/methods/open-shelf.ts';
import { git } from '../../git.ts';
import { playAt } from '../checkpointed.ts';
import { ask } from '../recorded.ts';
import { openSites } from './worktrees.ts';

const layer = (session: string, at: number, more: Partial<ShortLayer>): ShortLayer => ({
  ...beginShort(session, at),
  turns: [{ turn: 'T', at: '', prompt: `asked in ${session}`, outcome: 'end_turn' }],
  ...more,
});

test('on another branch it goes on from where that came from, and says so', async () => {
  const { here } = openSites();
  await here.put('purpose', 'A shop');
  const head = here.git('rev-parse', 'HEAD');
  const shelf = openShelf(here.open());
  await shelf.write(layer('01MAIN', 1000, { branch: 'main', head }));
  here.git('checkout', '-q', '-b', 'feature');
  const resume = async () =>
    (await ask(here.open(), 'state/digest', { resume: true })).resume ?? '';
  expect(await resume()).toContain(
    'Nothing is known of this branch; goes on from session 01main on main.',
  );
  here.git('commit', '-q', '--allow-empty', '-m', 'more');
  expect(await resume()).toContain('on main, 1 commit back.');
  const newer = here.git('rev-parse', 'HEAD');
  await shelf.write(layer('01FEAT', 500, { branch: 'feature', head: newer }));
  expect(await resume()).toContain('session 01feat, which ended on this branch and commit.');
  expect(await resume()).toContain('Purpose: A shop\nLast asked: asked in 01FEAT\n');
  here.git('commit', '-q', '--amend', '--allow-empty', '-m', 'rewritten');
  here.git('reflog', 'expire', '--expire=now', '--all');
  expect(await resume()).toContain('whose history was rewritten since.');
  here.git('checkout', '-q', 'main');
  expect(await resume()).toContain('session 01main, which ended on this branch and commit.');
  // A person who asks means the last one.
  const { digest } = await ask(here.open(), 'state/digest', {});
  expect(digest.session).toBe('01MAIN');
});

test('files that were seen and are others by now are named', async () => {
  const { here } = openSites();
  await here.put('purpose', 'A shop');
  const blob = git(here.root, 'hash-object', 'a');
  const files = { read: [{ path: 'a', blob }], edited: [{ path: 'b', blob }] };
  await openShelf(here.open()).write(layer('01S', 1000, files));
  writeFileSync(join(here.root, 'b'), 'one');
  const asked = { session: '@last', resume: true };
  expect((await ask(here.open(), 'state/digest', asked)).stale).toEqual([]);
  writeFileSync(join(here.root, 'a'), 'another');
  const { stale, resume } = await ask(here.open(), 'state/digest', asked);
  expect([stale, resume]).toEqual([['a'], expect.stringContaining('changed since it was seen: a')]);
});

test('lines are counted by author where checkpoints tell', async () => {
  const played = await playAt({ files: { 'a.txt': 'one\ntwo\n' } });
  const session = played.id();
  await played.play(session, { 'a.txt': 'one\ntwo\nthree\n' });
  const edited = [{ path: 'a.txt', added: 1, removed: 0 }];
  await openShelf(played.context).write(layer(session, 1000, { edited }));
  const { digest, markdown } = await ask(played.context, 'state/digest', {});
  expect(digest.lines.source).toBe('attribution');
  expect(digest.files[0]?.by).toEqual([
    { author: 'this session', lines: 1 },
    { author: 'others', lines: 2 },
  ]);
  expect(markdown).toContain('(lines now: this session 1, others 2)');
});

test('what is not there is refused', async () => {
  const { here } = openSites();
  await here.put('purpose', 'x');
  await expect(ask(here.open(), 'state/digest', {})).rejects.toMatchObject({ code: 'unknown-id' });
});
