/** What the guard makes of a person's line in files that editors and agents read in ways of their own: stopped, or told of, and never stopped for nothing. */
import { appendFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../scratch.ts';
import { type GatedTalk, openGatedTalk } from './gated-talk.ts';

const base = "first line\nconst second = 'of it'\nthird line\n";
const mine = 'typed by a person\n';
const agents = `${base}by the agent\n`;

/** What is in the file, and how the editor shows that. */
type Look = { readonly disk: Buffer | string; readonly shown: string };
type Story = {
  readonly name: string;
  readonly look?: Look;
  /** By another name. */
  readonly reads?: string;
  readonly part?: object;
  /** What was done in the file meanwhile, and what the agent does then. */
  readonly meanwhile?: (now: string) => string;
  readonly next?: object;
  /** It takes a refused write for done. */
  readonly isDeaf?: true;
  readonly comes: 'refused' | 'through' | 'through, and told' | 'refused, then through, and told';
};

const latin = Buffer.from(`caf\u00e9\n${base}`, 'latin1');
const stories: readonly Story[] = [
  { name: 'as it is', comes: 'refused' },
  { name: 'through a link', reads: 'link', comes: 'refused' },
  { name: 'by a way around', reads: 'other/../FILE', comes: 'refused' },
  {
    name: 'with other line ends',
    look: { disk: base.replaceAll('\n', '\r\n'), shown: base },
    comes: 'refused',
  },
  { name: 'without its mark', look: { disk: `\ufeff${base}`, shown: base }, comes: 'refused' },
  {
    name: 'in another encoding',
    look: { disk: latin, shown: `caf\u00e9\n${base}` },
    comes: 'refused',
  },
  // Of a part nobody knows what else it knew.
  { name: 'up to a limit', part: { limit: 2 }, comes: 'through, and told' },
  {
    name: 'before it was saved',
    look: { disk: base, shown: `${base}not saved yet\n` },
    comes: 'through, and told',
  },
  {
    name: 'and a formatter went over it',
    meanwhile: (now) => now.replace("'of it'", '"of it";').replace('first', '  first'),
    comes: 'through',
  },
  {
    name: 'and looked again by a way of its own when it was refused',
    next: { kind: 'other', title: 'look' },
    comes: 'refused, then through, and told',
  },
  {
    name: 'and went on as if it had written when it was refused',
    isDeaf: true,
    next: { kind: 'think', title: 'hm' },
    comes: 'refused',
  },
  {
    name: 'and only thought when it was refused',
    next: { kind: 'think', title: 'hm' },
    comes: 'refused',
  },
];

let talk: GatedTalk;
let root: string;
let ids = 0;
const nextId = () => {
  ids += 1;
  return ids;
};

async function begin() {
  const folder = makeFolder();
  root = join(folder, 'work');
  mkdirSync(join(root, 'other'), { recursive: true });
  for (const [at, { look, reads }] of stories.entries()) {
    writeFileSync(join(root, `f${at}`), look?.disk ?? base);
    if (reads === 'link') symlinkSync(`f${at}`, join(root, 'link'));
  }
  talk = openGatedTalk(root, join(folder, 'home'), 'refuse');
  const hello = { protocolVersion: 1, clientCapabilities: { fs: { readTextFile: true } } };
  await say('editor', { id: 'i', method: 'initialize', params: hello });
  await say('agent', { id: 'i', result: { protocolVersion: 1 } });
  await say('editor', { id: 'n', method: 'session/new', params: { cwd: root, mcpServers: [] } });
  await say('agent', { id: 'n', result: { sessionId: 'S' } });
  await prompt();
  for (const [at, story] of stories.entries()) await read(at, story);
  await say('agent', { id: `p${ids}`, result: { stopReason: 'end_turn' } });
  for (const [at, { look, meanwhile }] of stories.entries()) {
    const path = join(root, `f${at}`);
    const end = Buffer.isBuffer(look?.disk) ? 'latin1' : 'utf8';
    if (meanwhile === undefined) appendFileSync(path, mine);
    else writeFileSync(path, meanwhile(readFileSync(path, end)));
  }
  await prompt();
}

async function say(from: 'editor' | 'agent', message: object) {
  await talk.rest();
  return talk.say(from, JSON.stringify({ jsonrpc: '2.0', ...message }));
}

async function prompt() {
  const params = { sessionId: 'S', prompt: [{ type: 'text', text: 'go' }] };
  await say('editor', { id: `p${nextId()}`, method: 'session/prompt', params });
}

const update = (more: object) =>
  say('agent', { method: 'session/update', params: { sessionId: 'S', update: more } });

async function inCall(fields: object, work: () => Promise<string> = async () => 'completed') {
  const toolCallId = `c${nextId()}`;
  await update({
    sessionUpdate: 'tool_call',
    toolCallId,
    title: 'x',
    status: 'pending',
    ...fields,
  });
  const status = await work();
  await update({ sessionUpdate: 'tool_call_update', toolCallId, status });
}

async function read(at: number, { look, reads, part }: Story) {
  const path = join(root, `${reads?.replace('FILE', `f${at}`) ?? `f${at}`}`);
  const shown = look?.shown ?? base;
  const content = part === undefined ? shown : shown.split('\n').slice(0, 2).join('\n');
  await inCall({ kind: 'read', locations: [{ path }] }, async () => {
    const id = `r${nextId()}`;
    const params = { sessionId: 'S', path, ...part };
    await say('agent', { id, method: 'fs/read_text_file', params });
    await say('editor', { id, result: { content } });
    return 'completed';
  });
}

/** Whether it was let through. */
async function write(at: number, content: string, isDeaf = false): Promise<boolean> {
  const path = join(root, `f${at}`);
  let isThrough = false;
  await inCall({ kind: 'edit', locations: [{ path }] }, async () => {
    const id = `w${nextId()}`;
    const params = { sessionId: 'S', path, content };
    const verdict = await say('agent', { id, method: 'fs/write_text_file', params });
    isThrough = verdict?.kind === 'pass';
    if (!isThrough) return isDeaf ? 'completed' : 'failed';
    writeFileSync(path, content);
    await say('editor', { id, result: {} });
    return 'completed';
  });
  return isThrough;
}

async function tell(story: Story, at: number): Promise<string> {
  const { look, next, isDeaf } = story;
  const text = look === undefined ? agents : `${look.shown}by the agent\n`;
  let isThrough = await write(at, text, isDeaf);
  let found = isThrough ? 'through' : 'refused';
  if (next !== undefined) {
    await inCall(next);
    isThrough = await write(at, text);
    if (isThrough) found += ', then through';
  }
  await talk.settle();
  const alerts = talk.events.filter((it) => it.type === 'lines-overwritten');
  const own = alerts.filter(({ path }) => path === `f${at}`);
  return own.length === 1 && own[0]?.lines === 1 ? `${found}, and told` : found;
}

test('a file is read, a person goes on with it, and the agent writes it', async () => {
  await begin();
  try {
    const found: (readonly [string, string])[] = [];
    for (const [at, story] of stories.entries()) found.push([story.name, await tell(story, at)]);
    expect(found).toEqual(stories.map(({ name, comes }) => [name, comes]));
  } finally {
    await talk.close();
  }
});
