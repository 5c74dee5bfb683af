/** Reads, writes, changes and commands of every recorded agent, whatever it speaks: one table, found right by reading. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cliAgents } from '../../src/agents/table.ts';
import { type FileDeeds, openDeedTeller } from '../../src/context/deeds.ts';
import type { Note } from '../../src/journal/entry.ts';
import { openCliConversation } from '../../src/recorder/open-cli-conversation.ts';
import { lineOf, openTestConversation } from '../acp/conversation-under-test.ts';

const spoken = new URL('../acp/cases/', import.meta.url);
const printed = (agent: string) => new URL(`../agents/${agent}/cases/`, import.meta.url);
const golden = new URL('deeds.golden.txt', import.meta.url);

const namesIn = (folder: URL) =>
  readdirSync(folder)
    .filter((it) => it.endsWith('.jsonl'))
    .map((it) => it.slice(0, -'.jsonl'.length));
const linesOf = (folder: URL, name: string) =>
  readFileSync(new URL(`${name}.jsonl`, folder), 'utf8')
    .split('\n')
    .slice(0, -1);

function hearSpoken(name: string): Note[] {
  const conversation = openTestConversation();
  const heard = linesOf(spoken, name).flatMap((line) => {
    const { dir, t, raw } = JSON.parse(line) as { dir: string; t: number; raw: string };
    if (dir !== 'c2a' && dir !== 'a2c') return [];
    return conversation.read(lineOf(dir === 'c2a' ? 'editor' : 'agent', raw, t));
  });
  return [...heard, ...conversation.close(1e6)];
}

function hearPrinted(agent: string, name: string): Note[] {
  const start = JSON.parse(readFileSync(new URL(`${name}.json`, printed(agent)), 'utf8'));
  const reader = cliAgents.find((it) => it.name === agent)?.openReader(start);
  if (reader === undefined) throw new Error(agent);
  const conversation = openCliConversation(openTestConversation(), reader);
  const heard = linesOf(printed(agent), name).flatMap((line) =>
    conversation.read(lineOf('agent', line, 0)),
  );
  return [...heard, ...conversation.close(1e6)];
}

/** What came of it is what counts, so each deed stands with the end of its step. */
function listDeeds(notes: readonly Note[]): string[] {
  const ends = new Map(
    notes.flatMap(({ event }) =>
      event.type === 'step-ended' ? [[event.step, event.outcome] as const] : [],
    ),
  );
  const told: string[] = [];
  const say = (what: string, path: string, step: string | undefined) => {
    const end = step === undefined ? 'no step' : (ends.get(step) ?? 'open');
    told.push(`  ${what.padEnd(22)} ${path.replace(/^\/home\/dev\/[^/]+\//, '')}  (${end})`);
  };
  const deeds: FileDeeds = {
    read: ({ path, blob, isPart, isGuess, step }) =>
      say(
        ['read', isGuess && 'guess', isPart && 'part', blob && 'whole'].filter(Boolean).join(' '),
        path,
        step,
      ),
    write: ({ path, step }) => say('write', path, step),
    change: ({ path, kind, after, oldPath, step }) =>
      say(
        `${kind}${after === undefined ? '' : ' whole'}`,
        oldPath ? `${oldPath} -> ${path}` : path,
        step,
      ),
    command: ({ step }) => say('command', '', step),
    end: () => undefined,
  };
  const teller = openDeedTeller();
  for (const { event } of notes) teller.tell(event, deeds);
  return told;
}

test('every recording tells its deeds', () => {
  const tables = [
    ...namesIn(spoken).map((name) => [`acp ${name}`, hearSpoken(name)] as const),
    ...cliAgents.flatMap(({ name: agent }) =>
      namesIn(printed(agent)).map(
        (name) => [`${agent} ${name}`, hearPrinted(agent, name)] as const,
      ),
    ),
  ];
  const told = tables.map(([name, notes]) => [name, ...listDeeds(notes), ''].join('\n')).join('\n');
  if (process.env['CLEW_UPDATE_GOLDEN'] === '1' || !existsSync(golden)) writeFileSync(golden, told);
  expect(told.split('\n')).toEqual(readFileSync(golden, 'utf8').split('\n'));
});
