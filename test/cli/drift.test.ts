/** clew drift: what it prints, and how it ends. */
import { expect, test } from 'vitest';
import { openDrifting } from '../recorder/drifting.ts';
import { runHere } from './fake-io.ts';

const session = '01K5A000000000000000SESS01';

async function openScene() {
  const drifting = openDrifting();
  const sidecar = drifting.begin();
  sidecar.open(session);
  await sidecar.turn(session, () => [['read', 'f']]);
  const world = { cwd: drifting.root, env: drifting.env };
  return { ...drifting, sidecar, clew: (...argv: string[]) => runHere(['drift', ...argv], world) };
}

test('on its ground, off it, and over', async () => {
  const { clew, git, sidecar } = await openScene();
  const calm = await clew();
  expect([calm.exit, calm.err]).toEqual([0, '']);
  expect(calm.out).toMatch(
    /^here {2}topic at [0-9a-f]{9}\n\nsession sess01 .*knows 1 file\n {2}on its ground\n$/,
  );
  expect((await clew('rebuild')).exit).toBe(5);

  git('switch', '-q', 'main');
  const ahead = await clew('status');
  expect(ahead.exit).toBe(9);
  expect(ahead.out).toContain('the next prompt finds: alert  branch switched from topic to main');
  await sidecar.turn(session);
  const alert = await clew();
  expect(alert.exit).toBe(9);
  expect(alert.out).toMatch(/^ {2}alert {2}branch switched from topic to main/m);
  expect(alert.out).toMatch(/^ {4}changed {3}f {2}\(read\)$/m);

  const rebuilt = await clew('rebuild', '--session', 'sess01');
  expect([rebuilt.exit, rebuilt.out]).toEqual([0, 'session sess01 should read again:\n  f\n']);
  const json = await clew('--json', '--all');
  expect(json.exit).toBe(0);
  expect(JSON.parse(json.out).sessions).toMatchObject([{ session, files: 0 }]);
});

test('fork, fast-forward and ignore say what they did', async () => {
  const { clew, git, sidecar } = await openScene();
  const said: string[] = [];
  for (const [branch, how] of [
    ['main', 'fork'],
    ['topic', 'fast-forward'],
    ['main', 'ignore'],
  ] as const) {
    git('switch', '-q', branch);
    await sidecar.turn(session);
    const { exit, out } = await clew(how);
    said.push(`${exit} ${out.replace(/[0-9a-f]{9}/g, '#')}`);
  }
  expect(said).toEqual([
    '0 session sess01 goes on under main at #; what it was under topic at # stays\n',
    '0 session sess01 takes topic at # for its ground\n',
    '0 the alert of session sess01 is over; it stands on main at #\n',
  ]);
});

test('words that make no sense', async () => {
  const { clew, git, sidecar } = await openScene();
  expect((await clew('forge')).err).toContain('drift has no forge');
  expect((await clew('ignore', '--all')).exit).toBe(2);
  expect((await clew('status', '--session', 'nobody')).exit).toBe(5);
  git('reset', '-q', '--hard', 'HEAD~1');
  await sidecar.turn(session);
  const fork = await clew('fork');
  expect(fork.exit).toBe(8);
  expect(fork.err).toContain('there is no other branch to fork to');
  const outside = await runHere(['drift'], { cwd: '/', env: {} });
  expect(outside.exit).toBe(3);
});
