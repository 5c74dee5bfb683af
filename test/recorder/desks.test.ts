/** Which workspace a note is written in. */
import { expect, test } from 'vitest';
import type { Event } from '../../src/contract/types.gen.ts';
import type { Note } from '../../src/journal/entry.ts';
import { type Desk, openDesks } from '../../src/recorder/desks.ts';

const connected: Note = {
  event: { type: 'agent-connected', protocol: 1, files: true, terminals: false },
};
const opened = (session: string, cwd?: string): Note => ({
  session,
  event: { type: 'session-opened', how: 'new', agentSession: `agent-${session}`, cwd },
});
const offered = (session?: string): Note => ({
  session,
  event: { type: 'commands-offered', names: [] },
});

function openRig(workspace?: string) {
  const written: string[] = [];
  const calls: string[] = [];
  const desks = openDesks({
    workspace,
    fallback: '/started',
    rootOf: (folder) => folder.replace(/\/sub$/, ''),
    open: (root): Desk => ({
      root,
      append: ({ session, event }) => written.push(`${root} ${session ?? '-'} ${nameOf(event)}`),
      acknowledge: async () => void calls.push(`ack ${root}`),
      close: async () => void calls.push(`close ${root}`),
    }),
  });
  return { desks, written, calls };
}

const nameOf = (event: Event) => event.type;

test('the first session decides where the connection is recorded', () => {
  const { desks, written } = openRig();
  desks.write(connected);
  expect(written).toEqual([]);
  desks.write(opened('s1', '/repo/sub'));
  desks.write(offered());
  expect(written).toEqual([
    '/repo - agent-connected',
    '/repo s1 session-opened',
    '/repo - commands-offered',
  ]);
});

test('a session in another folder gets that workspace, which learns who the agent is', () => {
  const { desks, written } = openRig();
  desks.write(connected);
  desks.write(opened('s1', '/one'));
  desks.write(opened('s2', '/two'));
  desks.write(offered('s1'));
  desks.write(offered('s2'));
  expect(written).toEqual([
    '/one - agent-connected',
    '/one s1 session-opened',
    '/two - agent-connected',
    '/two s2 session-opened',
    '/one s1 commands-offered',
    '/two s2 commands-offered',
  ]);
});

test('a named workspace takes everything', () => {
  const { desks, written } = openRig('/named');
  desks.write(connected);
  desks.write(opened('s1', '/one'));
  desks.write(opened('s2', '/two'));
  expect(written.every((it) => it.startsWith('/named '))).toBe(true);
  expect(written.length).toBe(3);
});

test('a session without a folder is recorded where the editor started us', () => {
  const { desks, written } = openRig();
  desks.write(opened('s1'));
  expect(written).toEqual(['/started s1 session-opened']);
});

test('a run without any session is recorded too, when it closes', async () => {
  const { desks, written, calls } = openRig();
  desks.write(connected);
  await desks.close();
  expect(written).toEqual(['/started - agent-connected']);
  expect(calls).toEqual(['close /started']);
});

test('a connection that never opens a session does not fill the memory', () => {
  const { desks, written } = openRig();
  for (let i = 0; i < 1_500; i += 1) desks.write(offered());
  expect(written.length).toBe(1_500);
});
