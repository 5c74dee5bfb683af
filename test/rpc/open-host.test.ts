/** Who is let in when, what cancelling and time limits do, and what a connection cannot see. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { Event } from '../../src/contract/types.gen.ts';
import type { Entry } from '../../src/journal/entry.ts';
import { openStateHome, openWorkspaceFolder } from '../../src/store/state-folder.ts';
import { openScribe } from '../store/index/journals.ts';
import { type Hosted, openHosted } from './hosted.ts';

/** So much to take into the index that it is done in several goes. */
function tellMuch({ root, env }: Hosted, entries: number): void {
  const { journal } = openWorkspaceFolder({ home: openStateHome(env), workspace: root });
  const [writer, session] = ['01K5A0000000000000000WRTR1', '01K5A00000000000000SESSON1'];
  const events: Event[] = [{ type: 'session-opened', how: 'new', agentSession: 's', cwd: root }];
  while (events.length < entries)
    events.push({ type: 'session-changed', title: `${events.length}` });
  openScribe(journal).write(
    events.map(
      (event, n): Entry => ({
        ...{ writer, session, seq: n + 1, at: 1_790_000_000_000 + n, mono: n },
        event,
      }),
    ),
  );
}

const enough = 70_000;

describe('cancelling', () => {
  test('what only reads is left at the next good moment, and is done by whoever asks again', async () => {
    const hosted = await openHosted();
    tellMuch(hosted, enough);
    const leaving = new AbortController();
    const asked = hosted.ask('session/list', { workDoneToken: 1 }, leaving.signal);
    const refused = expect(asked).rejects.toMatchObject({ code: 'cancelled' });
    await vi.waitUntil(() => 0 < hosted.heard.length, { timeout: 120_000 });
    leaving.abort();
    await refused;
    const told = hosted.heard.map((it) => (it.params as { value: { kind: string } }).value.kind);
    expect(told[0]).toBe('begin');
    expect(told.at(-1)).toBe('end');
    expect((await hosted.ask('session/list', {})).sessions).toHaveLength(1);
  });

  test('what waits for its turn is not begun', async () => {
    const { ask, events } = await openHosted();
    const leaving = new AbortController();
    const first = ask('checkpoint/take', { label: 'first' });
    const second = ask('checkpoint/take', { label: 'second' }, leaving.signal);
    leaving.abort();
    await expect(second).rejects.toMatchObject({ code: 'cancelled' });
    await first;
    const labels = events().map((it) => ('label' in it ? it.label : undefined));
    expect(labels).toContain('first');
    expect(labels).not.toContain('second');
  });

  test('what has begun to change something is finished, and its answer is the true one', async () => {
    const { ask, events } = await openHosted();
    const leaving = new AbortController();
    const taking = ask('checkpoint/take', { label: 'kept' }, leaving.signal);
    // It is in the middle of it when the keeper's thread has been started.
    await ask('workspace/status', {});
    leaving.abort();
    expect((await taking).checkpoint.label).toBe('kept');
    expect(events().some((it) => it.type === 'checkpoint-taken')).toBe(true);
  });
});

describe('the time limit', () => {
  test('what reads is left, and says that nothing was changed', async () => {
    const hosted = await openHosted({ timeLimitMs: 1 });
    tellMuch(hosted, enough);
    await expect(hosted.ask('session/list', {})).rejects.toMatchObject({
      code: 'timed-out',
      data: { method: 'session/list', goesOn: false },
    });
  });

  test('what changes something goes on, and says so', async () => {
    const { ask, events } = await openHosted({ timeLimitMs: 20 });
    await expect(ask('checkpoint/take', {})).rejects.toMatchObject({
      code: 'timed-out',
      data: { goesOn: true },
    });
    await vi.waitUntil(() => events().some((it) => it.type === 'checkpoint-taken'), {
      timeout: 120_000,
    });
  });
});

describe('order', () => {
  test('what changes a workspace goes one after the other, as it was asked', async () => {
    const { ask, entries } = await openHosted();
    const labels = Array.from({ length: 12 }, (_, n) => `number ${n}`);
    await Promise.all(labels.map((label) => ask('checkpoint/take', { label })));
    const told = entries().map((it) => ('label' in it.event ? it.event.label : undefined));
    expect(told.filter((it) => it !== undefined)).toEqual(labels);
  });

  test('many questions at once are all answered, while the index is built', async () => {
    const hosted = await openHosted();
    tellMuch(hosted, enough);
    const asked = Array.from({ length: 30 }, () => hosted.ask('session/list', {}));
    for (const { sessions, behind } of await Promise.all(asked))
      expect([sessions.length, behind]).toEqual([1, undefined]);
  });
});

describe('what a connection cannot see', () => {
  test.each([
    ['a folder', (it: Hosted) => it.root],
    ['the state folder', (it: Hosted) => it.env.CLEW_HOME ?? ''],
    ['a way out', () => '../../x'],
    ['nothing', () => ''],
    ['a prototype', () => '__proto__'],
  ])('%s is no handle', async (_name, handle) => {
    const hosted = await openHosted();
    const asked = hosted.ask('log/query', { workspace: handle(hosted) });
    await expect(asked).rejects.toMatchObject({ code: 'closed-workspace' });
  });

  test('asking about what is not open makes nothing', async () => {
    const hosted = await openHosted();
    const rooms = join(hosted.env.CLEW_HOME ?? '', 'workspaces');
    await expect(hosted.ask('log/query', { workspace: 'elsewhere' })).rejects.toThrow();
    expect(existsSync(join(rooms, 'elsewhere'))).toBe(false);
  });
});

test('whoever is not whole keeps no sessions, and opens nothing else', async () => {
  const { ask, root, workspace } = await openHosted({ isWhole: false });
  expect(await ask('workspace/open', { folder: root })).toMatchObject({ workspace });
  await expect(ask('workspace/open', { folder: '/' })).rejects.toMatchObject({
    code: 'no-workspace',
  });
  await expect(ask('session/start', {})).rejects.toMatchObject({ code: 'usage' });
});

test('a fault of ours is an internal error, and the next question is answered', async () => {
  const { host, ask } = await openHosted();
  const broken = {
    get limit(): never {
      throw new RangeError('a mistake of ours');
    },
  };
  await expect(host.answer('session/list', broken, new AbortController().signal)).rejects.toThrow(
    RangeError,
  );
  expect((await ask('session/list', {})).sessions).toEqual([]);
});
