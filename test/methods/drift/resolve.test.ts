/** drift/resolve: what each decision does to a session that a sidecar serves, and to one that rests. */
import { expect, test } from 'vitest';
import { beginShort } from '../../../src/layers/begin-short.ts';
import { openShelf } from '../../../src/methods/open-shelf.ts';
import { type Drifting, openAsked, openDrifting } from '../../recorder/drifting.ts';
import { ask } from '../recorded.ts';

const session = '01K5A000000000000000SESS01';

async function switchAway(drifting: Drifting, branch = 'main') {
  const sidecar = drifting.begin();
  sidecar.open(session);
  await sidecar.turn(session, () => [['read', 'f']]);
  drifting.git('switch', '-q', branch);
  await sidecar.turn(session);
  return sidecar;
}

const resolved = ({ events }: Drifting) => events().filter((it) => it.type === 'drift-resolved');

test.each(['fork', 'fast-forward', 'rebuild', 'ignore'] as const)('%s', async (how) => {
  const drifting = openDrifting();
  const sidecar = await switchAway(drifting);
  const drift = drifting.drifts()[0]?.drift;
  const answer = await ask(openAsked(drifting), 'drift/resolve', { how });
  const [before, after] = [{ branch: 'topic' }, { branch: 'main' }];
  const reread = how === 'rebuild' ? ['f'] : [];
  expect(answer).toMatchObject({ session, how, drift, before, after, reread, gone: [] });
  expect(resolved(drifting)).toMatchObject([{ how, drift, before, after, files: [{ path: 'f' }] }]);
  // It is over, for the sidecar as well, and what is found next is found anew.
  const { sessions } = await ask(openAsked(drifting), 'drift/status', {});
  expect(sessions[0]).not.toHaveProperty('open');
  await sidecar.turn(session);
  expect(drifting.drifts()).toHaveLength(1);
  drifting.git('switch', '-q', 'topic');
  await sidecar.turn(session);
  const again = drifting.drifts()[1];
  expect(again?.level).toBe(how === 'rebuild' ? 'notice' : 'alert');
  expect(again?.files.map((it) => it.path)).toEqual(how === 'rebuild' ? [] : ['f']);
});

test('what nobody has found yet is found first, and decided with it', async () => {
  const drifting = openDrifting();
  const sidecar = drifting.begin();
  sidecar.open(session);
  await sidecar.turn(session, () => [['read', 'f']]);
  await sidecar.close();
  drifting.git('switch', '-q', 'main');
  await ask(openAsked(drifting), 'drift/resolve', { how: 'fast-forward' });
  expect(
    drifting
      .events()
      .map((it) => it.type)
      .slice(-2),
  ).toEqual(['drift-found', 'drift-resolved']);
  await expect(ask(openAsked(drifting), 'drift/resolve', { how: 'ignore' })).rejects.toMatchObject({
    code: 'no-drift',
  });
});

test('a removed file is gone, not to be read again', async () => {
  const drifting = openDrifting();
  const { git } = drifting;
  git('switch', '-q', 'main');
  git('rm', '-q', 'f');
  git('commit', '-qm', 'no f');
  git('switch', '-q', 'topic');
  await switchAway(drifting);
  const answer = await ask(openAsked(drifting), 'drift/resolve', { how: 'rebuild' });
  expect(answer).toMatchObject({ reread: [], gone: ['f'] });
});

test('a fork to where there is no other branch is refused, and nothing is over', async () => {
  const drifting = openDrifting();
  const sidecar = drifting.begin();
  sidecar.open(session);
  await sidecar.turn(session, () => [['read', 'f']]);
  drifting.git('reset', '-q', '--hard', 'HEAD~1');
  await sidecar.turn(session);
  const fork = () => ask(openAsked(drifting), 'drift/resolve', { how: 'fork' });
  await expect(fork()).rejects.toMatchObject({ code: 'drift-refused' });
  drifting.git('checkout', '-q', '--detach');
  await expect(fork()).rejects.toMatchObject({ code: 'drift-refused' });
  expect(resolved(drifting)).toEqual([]);
});

test('of two with an alert one must be named', async () => {
  const drifting = openDrifting();
  const other = '01K5A000000000000000SESS02';
  const sidecar = drifting.begin();
  for (const it of [session, other]) sidecar.open(it);
  for (const it of [session, other]) await sidecar.turn(it, () => [['read', 'f']]);
  drifting.git('switch', '-q', 'main');
  await expect(ask(openAsked(drifting), 'drift/resolve', { how: 'ignore' })).rejects.toMatchObject({
    code: 'ambiguous-id',
  });
  await ask(openAsked(drifting), 'drift/resolve', { how: 'ignore', session: 'sess02' });
  const answer = await ask(openAsked(drifting), 'drift/resolve', { how: 'ignore' });
  expect(answer.session).toBe(session);
});

test('a fork of a session that rests leaves its layer under the branch, and begins one', async () => {
  const drifting = openDrifting();
  const sidecar = drifting.begin();
  sidecar.open(session);
  await sidecar.turn(session, () => [['read', 'f']]);
  await sidecar.close();
  const shelf = openShelf(openAsked(drifting));
  const head = drifting.git('rev-parse', 'HEAD');
  await shelf.write({ ...beginShort(session, 0), state: 'ended', branch: 'topic', head });
  drifting.git('switch', '-q', 'main');
  await ask(openAsked(drifting), 'drift/resolve', { how: 'fork' });
  const [after, before, ...others] = shelf.heads();
  expect(others).toEqual([]);
  expect(before).toMatchObject({ session, branch: 'topic', head, state: 'forked' });
  const now = drifting.git('rev-parse', 'HEAD');
  expect(after).toMatchObject({ session, branch: 'main', head: now, state: 'ended' });
  expect(shelf.find(session)?.layer.forked).toMatchObject({ branch: 'topic', head });
  expect(shelf.find(session, 'topic')?.file).toBe(before?.file);
});
