/** What questions for permission show of an edit, in the shapes that agents were seen to send. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readChosen, readEditAsked, readRunAsked } from '../../src/acp/edit-asked.ts';

const folder = new URL('cases/', import.meta.url);

const asked = readdirSync(folder)
  .filter((it) => it.endsWith('.jsonl'))
  .flatMap((name) => readFileSync(new URL(name, folder), 'utf8').split('\n'))
  .filter((it) => it.includes('session/request_permission'))
  .map((it) => (JSON.parse(it) as { raw: string }).raw);

it('of every recorded question for an edit the file is known, and how to say no', () => {
  const edits = asked.filter((it) => it.includes('"kind":"edit"')).map(readEditAsked);
  expect(edits.length).toBeGreaterThan(8);
  for (const it of edits) {
    expect(it?.paths[0]).toMatch(/\.(js|md)$/);
    expect(it?.reject).toMatch(/reject|cancel/);
    expect(it?.allows.length).toBeGreaterThan(0);
  }
});

it('a question for a command is none', () => {
  const commands = asked.filter((it) => it.includes('"kind":"execute"'));
  expect(commands.length).toBeGreaterThan(3);
  expect(commands.map(readEditAsked).filter((it) => it !== undefined)).toEqual([]);
  for (const it of commands.map(readRunAsked)) expect(it?.allows.length).toBeGreaterThan(0);
});

it('a question to look at something is for neither', () => {
  const params = { sessionId: 's', toolCall: { toolCallId: '1', kind: 'fetch' }, options: [] };
  expect(readRunAsked(JSON.stringify({ id: 1, method: 'x', params }))).toBeUndefined();
});

it('v2 names its files in changes', () => {
  const changes = [{ operation: 'modify', path: '/w/a' }];
  const toolCall = { toolCallId: '1', kind: 'edit', content: [{ type: 'diff', changes }] };
  const options = [{ optionId: 'n', name: 'No', kind: 'reject_always' }];
  const params = { sessionId: 's', subject: { type: 'tool_call', toolCall }, options };
  expect(readEditAsked(JSON.stringify({ id: 1, method: 'x', params }))).toEqual({
    agentSession: 's',
    edits: [],
    paths: ['/w/a'],
    allows: [],
    reject: 'n',
  });
});

it.each([
  ['{"id":1,"result":{"outcome":{"outcome":"selected","optionId":"yes"}}}', 'yes'],
  ['{"id":1,"result":{"outcome":{"outcome":"cancelled"}}}', undefined],
  ['{"id":1,"error":{"code":1,"message":"no"}}', undefined],
])('what was chosen: %s', (line, chosen) => {
  expect(readChosen(line)).toBe(chosen);
});
