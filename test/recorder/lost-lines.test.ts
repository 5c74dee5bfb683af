/** A person saves a file that an agent then writes over: whether the guard stops that, or an alert names the lines and they can be given back. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mintUlid } from '../../src/store/ulid.ts';
import { makeFolder } from '../scratch.ts';
import { type GatedTalk, openGatedTalk } from './gated-talk.ts';

const base = 'one\ntwo\nthree\n';
const mine = 'saved by a person\n';
const theirs = 'one\nTWO\nthree\n';

type Deed =
  | 'prompt'
  | 'read'
  | 'save'
  | 'save, and another process looks'
  | 'edit'
  | 'edit, asked'
  | 'command'
  | 'other command'
  | 'command, asked'
  | 'end';

type Case = {
  readonly when: string;
  readonly story: readonly Deed[];
  /** What becomes of the person's line. */
  readonly line: 'named, and kept' | 'known to the agent' | 'lost unseen';
};

const cases: readonly Case[] = [
  {
    when: 'between turns, and the first call of the next one writes',
    story: ['prompt', 'read', 'end', 'save', 'prompt', 'edit', 'end'],
    line: 'named, and kept',
  },
  {
    when: 'between turns, after an edit of its own',
    story: ['prompt', 'read', 'edit', 'end', 'save', 'prompt', 'edit', 'end'],
    line: 'named, and kept',
  },
  {
    when: 'between turns, and it reads the file again',
    story: ['prompt', 'read', 'end', 'save', 'prompt', 'read', 'edit', 'end'],
    line: 'known to the agent',
  },
  {
    when: 'between turns, of a file that it has never read: it is taken to know what its turn began with',
    story: ['prompt', 'end', 'save', 'prompt', 'edit', 'end'],
    line: 'known to the agent',
  },
  {
    // Commands work on what is there, whatever their agent has read of it.
    when: 'between turns, and a command of the next one writes',
    story: ['prompt', 'read', 'end', 'save', 'prompt', 'command', 'end'],
    line: 'known to the agent',
  },
  {
    when: 'in the turn, while it is asked about the edit',
    story: ['prompt', 'read', 'edit, asked', 'end'],
    line: 'named, and kept',
  },
  {
    when: 'in the turn, while it is asked about a command',
    story: ['prompt', 'read', 'command, asked', 'edit', 'end'],
    line: 'named, and kept',
  },
  {
    // Only the look after it sees both, and the command can have been it.
    when: 'in the turn, and a command that nobody is asked about comes between',
    story: ['prompt', 'read', 'save', 'other command', 'edit', 'end'],
    line: 'known to the agent',
  },
  {
    when: 'in the turn, and the process of another agent has seen it',
    story: ['prompt', 'read', 'save, and another process looks', 'edit', 'end'],
    line: 'named, and kept',
  },
  {
    // Nobody waits for an edit that is not asked for, so nobody has looked: it is in no checkpoint.
    when: 'in the turn, just before an edit that nobody is asked about',
    story: ['prompt', 'read', 'save', 'edit', 'end'],
    line: 'lost unseen',
  },
];

test.each(cases)('$when', async ({ story, line }) => {
  const folder = makeFolder();
  const root = join(folder, 'work');
  mkdirSync(root);
  const file = join(root, 'f');
  writeFileSync(file, base);
  const clock = { aheadMs: 0 };
  const now = () => Date.now() + clock.aheadMs;
  const talk = openGatedTalk(root, join(folder, 'home'), 'refuse', now);
  try {
    await tell(talk, { root, file, story, clock });
    const alerts = talk.events.filter((it) => it.type === 'lines-overwritten');
    const [alert] = alerts;
    if (line !== 'named, and kept') return expect(alerts).toEqual([]);
    expect(alerts).toHaveLength(1);
    expect(alert).toMatchObject({ path: 'f', lines: 1, lost: [{ line: 2, count: 1 }] });
    const kept = await talk.keeper.readBlob(alert?.before ?? '');
    expect(Buffer.from(kept ?? '', 'base64').toString()).toContain(mine);
  } finally {
    await talk.close();
  }
});

function insert(file: string): void {
  writeFileSync(file, readFileSync(file, 'utf8').replace('one\n', `one\n${mine}`));
}

type Stage = {
  readonly root: string;
  readonly file: string;
  readonly story: readonly Deed[];
  readonly clock: { aheadMs: number };
};

async function tell(talk: GatedTalk, { root, file, story, clock }: Stage): Promise<void> {
  let ids = 0;
  const next = () => {
    ids += 1;
    return ids;
  };
  let prompt = 0;
  const say = async (from: 'editor' | 'agent', message: object) => {
    await talk.rest();
    await talk.say(from, JSON.stringify({ jsonrpc: '2.0', ...message }));
  };
  const update = (more: object) =>
    say('agent', { method: 'session/update', params: { sessionId: 'S', update: more } });
  const begin = (call: string, more: object) =>
    update({
      sessionUpdate: 'tool_call',
      toolCallId: call,
      title: call,
      status: 'pending',
      ...more,
    });
  const finish = (call: string) =>
    update({ sessionUpdate: 'tool_call_update', toolCallId: call, status: 'completed' });
  const diff = () => ({
    content: [{ type: 'diff', path: file, oldText: base, newText: theirs }],
    locations: [{ path: file }],
  });
  const deeds: Record<Deed, () => Promise<void> | void> = {
    async prompt() {
      prompt = next();
      const params = { sessionId: 'S', prompt: [{ type: 'text', text: 'go' }] };
      await say('editor', { id: prompt, method: 'session/prompt', params });
    },
    end: () => say('agent', { id: prompt, result: { stopReason: 'end_turn' } }),
    save: () => insert(file),
    async 'save, and another process looks'() {
      await talk.rest();
      insert(file);
      const now = Date.now();
      await talk.keeper.take({ id: mintUlid(now), at: now, marks: { reason: 'look' } });
    },
    async read() {
      const call = `read ${next()}`;
      await begin(call, { kind: 'read', locations: [{ path: file }] });
      await finish(call);
    },
    async edit() {
      const call = `edit ${next()}`;
      await begin(call, { kind: 'edit', ...diff() });
      writeFileSync(file, theirs);
      await finish(call);
    },
    async 'edit, asked'() {
      const call = `edit ${next()}`;
      const id = `q${next()}`;
      const options = [{ optionId: 'yes', name: 'Yes', kind: 'allow_once' }];
      const toolCall = { toolCallId: call, kind: 'edit', status: 'pending', ...diff() };
      await begin(call, { kind: 'edit', ...diff() });
      const params = { sessionId: 'S', toolCall, options };
      await say('agent', { id, method: 'session/request_permission', params });
      insert(file);
      await say('editor', { id, result: { outcome: { outcome: 'selected', optionId: 'yes' } } });
      writeFileSync(file, theirs);
      await finish(call);
    },
    async command() {
      const call = `run ${next()}`;
      await begin(call, { kind: 'execute', title: 'make f' });
      writeFileSync(file, theirs);
      await finish(call);
    },
    async 'command, asked'() {
      const call = `run ${next()}`;
      const id = `q${next()}`;
      const options = [{ optionId: 'yes', name: 'Yes', kind: 'allow_once' }];
      const toolCall = {
        toolCallId: call,
        kind: 'execute',
        status: 'pending',
        title: 'make other',
      };
      await begin(call, { kind: 'execute', title: 'make other' });
      const params = { sessionId: 'S', toolCall, options };
      await say('agent', { id, method: 'session/request_permission', params });
      insert(file);
      // People take their time.
      clock.aheadMs += 60_000;
      await say('editor', { id, result: { outcome: { outcome: 'selected', optionId: 'yes' } } });
      await finish(call);
    },
    async 'other command'() {
      const call = `run ${next()}`;
      await begin(call, { kind: 'execute', title: 'make other' });
      await finish(call);
    },
  };
  await say('editor', { id: 'i', method: 'initialize', params: { protocolVersion: 1 } });
  const agentInfo = { name: 'agent', version: '1' };
  await say('agent', { id: 'i', result: { protocolVersion: 1, agentInfo } });
  await say('editor', { id: 'n', method: 'session/new', params: { cwd: root, mcpServers: [] } });
  await say('agent', { id: 'n', result: { sessionId: 'S' } });
  for (const deed of story) await deeds[deed]();
  await talk.settle();
  expect(readFileSync(file, 'utf8')).toBe(theirs);
}
