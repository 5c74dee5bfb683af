/** Every recorded conversation, played against a tree: each line that its agent wrote is told to be of its tool call, and no line of anybody else. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { BlameFile, Event } from '../../src/contract/types.gen.ts';
import { openContext } from '../../src/methods/context.ts';
import { answer } from '../../src/methods/table.ts';
import { makeFolder } from '../scratch.ts';
import { openGatedTalk } from './gated-talk.ts';
import { makeDemo, playRecording } from './recorded-world.ts';
import { type Owner, openWhoseLines } from './whose-lines.ts';

const folder = resolve(import.meta.dirname, '../acp/cases');
/** Where a person says no, or stop, nothing is written. */
const recordings = readdirSync(folder).filter(
  (it) => it.endsWith('.jsonl') && !/cancel|reject|fail/.test(it),
);

async function play(name: string, types: boolean) {
  const folder = makeFolder();
  const root = join(folder, 'work');
  mkdirSync(root);
  makeDemo(root);
  const home = join(folder, 'home');
  const talk = openGatedTalk(root, home, 'warn');
  const whose = openWhoseLines(root, types);
  const context = openContext({ folder: root, env: { CLEW_HOME: home }, keeper: talk.keeper });
  try {
    await playRecording(name, root, talk, whose.options);
    whose.finish();
    const steps = nameSteps(talk.events);
    const told: Record<string, string[]> = {};
    const wanted: Record<string, string[]> = {};
    for (const [path, { lines, owners }] of whose.accounts) {
      if (!existsSync(join(root, path))) continue;
      const blame = await answer(context, 'blame/file', { path });
      told[path] = lines.map((line, at) => `${tellLine(blame, at + 1, steps)} ${line}`);
      wanted[path] = lines.map((line, at) => `${tellOwner(owners[at])} ${line}`);
    }
    return { told, wanted, typed: whose.typed };
  } finally {
    await context.close();
    await talk.close();
  }
}

function nameSteps(events: readonly Event[]): ReadonlyMap<string, string> {
  const started = events.filter((it) => it.type === 'step-started');
  return new Map(started.map(({ step, tool }) => [step, tool?.call ?? '']));
}

function tellLine(
  { ranges }: BlameFile['result'],
  line: number,
  steps: ReadonlyMap<string, string>,
): string {
  const range = ranges.find(({ start, end }) => start <= line && line <= end);
  const { grade, step = '', flags = [] } = range ?? {};
  return [grade, steps.get(step) ?? '-', ...flags].join(' ');
}

function tellOwner(owner: Owner): string {
  if (owner === undefined) return 'U -';
  return `${owner.isCommand ? 'X' : 'W'} ${owner.call}`;
}

/** What the agent did to files came to something. */
const edited = new Set<string>();

test.each(recordings)('%s', async (name) => {
  const { told, wanted, typed } = await play(name, true);
  const all = Object.values(wanted).flat();
  if (all.some((it) => !it.startsWith('U'))) edited.add(name);
  // Typed at the same moment, when it was done, and in the end, when nobody looked any more.
  for (const line of typed) expect(all).toContain(`U - ${line}`);
  expect(told).toEqual(wanted);
});

test('in most of them there was something to tell', () => {
  expect(edited.size).toBeGreaterThanOrEqual(22);
});
