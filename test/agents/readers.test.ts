/** What each agent prints as JSON, against the notes that were found right by reading. Cases lie beside each agent. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cliAgents } from '../../src/agents/table.ts';
import type { Note } from '../../src/journal/entry.ts';
import { openCliConversation } from '../../src/recorder/open-cli-conversation.ts';
import { checkNotes, lineOf, openTestConversation } from '../acp/conversation-under-test.ts';

type Case = { readonly command: string[]; readonly cwd: string; readonly stdin?: string };

const folderOf = (agent: string) => new URL(`${agent}/cases/`, import.meta.url);

function readCase(agent: string, name: string): Case & { readonly lines: readonly string[] } {
  const start = JSON.parse(readFileSync(new URL(`${name}.json`, folderOf(agent)), 'utf8')) as Case;
  const printed = readFileSync(new URL(`${name}.jsonl`, folderOf(agent)), 'utf8');
  return { ...start, lines: printed.split('\n').slice(0, -1) };
}

function hear(agent: string, name: string): Note[] {
  const { command, cwd, stdin, lines } = readCase(agent, name);
  const known = cliAgents.find((it) => it.name === agent);
  if (known === undefined) throw new Error(`no agent ${agent}`);
  const reader = known.openReader({ command, cwd });
  const conversation = openCliConversation(openTestConversation(), reader);
  const notes: Note[] = [];
  for (const line of stdin?.split('\n') ?? [])
    notes.push(...conversation.read(lineOf('editor', line, 0)));
  for (const [at, line] of lines.entries())
    notes.push(...conversation.read(lineOf('agent', line, 10 * at)));
  expect(conversation.pending('editor')).toEqual([]);
  notes.push(...conversation.close(10 * lines.length));
  return notes;
}

describe.each(cliAgents.map((it) => it.name))('%s', (agent) => {
  const names = readdirSync(folderOf(agent))
    .filter((it) => it.endsWith('.jsonl'))
    .map((it) => it.slice(0, -'.jsonl'.length));

  test.each(names)('%s', (name) => {
    const notes = hear(agent, name);
    checkNotes(notes);
    const told = `${notes.map((it) => JSON.stringify(it)).join('\n')}\n`;
    const golden = new URL(`${name}.golden.ndjson`, folderOf(agent));
    if (process.env['CLEW_UPDATE_GOLDEN'] === '1' || !existsSync(golden))
      writeFileSync(golden, told);
    expect(told.split('\n')).toEqual(readFileSync(golden, 'utf8').split('\n'));
  });

  test('nothing stays open, whatever line is the last', () => {
    const { command, cwd, lines } = readCase(agent, 'basic');
    for (let count = 0; count <= lines.length; count += 1) {
      const reader = cliAgents.find((it) => it.name === agent)?.openReader({ command, cwd });
      if (reader === undefined) throw new Error(agent);
      const conversation = openCliConversation(openTestConversation(), reader);
      const notes = lines
        .slice(0, count)
        .flatMap((it) => conversation.read(lineOf('agent', it, 0)));
      notes.push(...conversation.close(1));
      const types = notes.map((it) => it.event.type);
      const countOf = (type: string) => types.filter((it) => it === type).length;
      expect(countOf('turn-ended')).toBe(countOf('turn-started'));
      expect(countOf('step-ended')).toBe(countOf('step-started'));
    }
  });
});

test.each([
  [['codex', 'exec', '--json', 'x'], 'codex', undefined],
  [['/opt/codex', '-c', 'a=b', 'e', '--experimental-json', '-'], 'codex', undefined],
  [['npx', '-y', '@openai/codex@0.166.0', 'exec', 'x'], 'codex', '--json'],
  [['codex', 'x'], 'codex', 'exec --json'],
  [['node', '/x/codex.js', 'exec', '--json'], 'codex', undefined],
  [['claude', '-p', 'x', '--output-format=stream-json'], 'claude', undefined],
  [
    ['claude', '-p', 'x', '--output-format', 'json'],
    'claude',
    '--output-format stream-json --verbose',
  ],
  [['claude', 'x'], 'claude', '-p --output-format stream-json --verbose'],
  [['gemini', '-o', 'stream-json', 'x'], 'gemini', undefined],
  [['gemini', 'x'], 'gemini', '--output-format stream-json'],
  [['vim', 'codex.md'], undefined, undefined],
  [
    ['node', 'log.mjs', '--log', 'f', '--', 'node', '/x/codex.js', 'exec', '--json', '-'],
    'codex',
    undefined,
  ],
  [['echo', ...'abcdefghijk', 'codex'], undefined, undefined],
  [[], undefined, undefined],
])('%j is %s', (command, name, missing) => {
  const found = cliAgents.find((it) => it.isMeant(command));
  expect(found?.name).toBe(name);
  expect(found?.missingWords(command)).toBe(missing);
});
