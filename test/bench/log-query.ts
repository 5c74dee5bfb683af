/** How fast 100,000 turns are taken into the index, and asked for. */
import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import type { Event } from '../../src/contract/types.gen.ts';
import { openClock } from '../../src/store/clock.ts';
import { openIndex } from '../../src/store/index/trace-index.ts';
import { openJournalWriter } from '../../src/store/journal-writer.ts';
import { openStateHome, openWorkspaceFolder } from '../../src/store/state-folder.ts';
import { mintUlid } from '../../src/store/ulid.ts';
import type { Bench, Figure } from './figure.ts';
import { clew, openPlace } from './link.ts';

const rounds = 9;
const turns = 100_000;
const turnsPerSession = 50;
const words = 'water earth stone river bridge cloud field house light wind'.split(' ');

/** One turn as an agent makes it: a prompt, a word, a read, an edit, an answer. */
function eventsOf(index: number, workspace: string): Event[] {
  const turn = mintUlid(index);
  const [said, read] = [mintUlid(index), mintUlid(index)];
  const word = words[index % words.length];
  const path = `${workspace}/src/${word}/${index % 997}.ts`;
  const tool = { call: `call-${index}`, kind: 'edit', announced: true };
  return [
    {
      type: 'turn-started',
      turn,
      origin: 'prompt',
      prompt: `Please mend the ${word} of number ${index}.`,
    },
    { type: 'step-started', turn, step: said, kind: 'message', role: 'agent' },
    {
      type: 'message-said',
      turn,
      step: said,
      role: 'agent',
      part: 0,
      text: `I look at the ${word} of ${index}, and then mend it.`,
    },
    { type: 'step-ended', step: said, outcome: 'completed', afterMs: 900 },
    { type: 'step-started', turn, step: read, kind: 'tool', title: `Edit ${word}.ts`, tool },
    {
      type: 'files-claimed',
      turn,
      step: read,
      claims: [{ path, operation: 'modify', source: 'diff', added: 3, removed: 1 }],
    },
    {
      type: 'step-ended',
      step: read,
      outcome: index % 20 === 0 ? 'failed' : 'completed',
      afterMs: 40,
    },
    {
      type: 'turn-ended',
      turn,
      outcome: 'end_turn',
      afterMs: 2_000,
      usage: { input: 900, output: 80 },
    },
  ];
}

/** Writes it all as if it had been recorded; resolves with the count of entries. */
async function recordMuch(journal: string, id: string, workspace: string): Promise<number> {
  const writer = openJournalWriter({
    folder: journal,
    writer: mintUlid(Date.now()),
    workspace: id,
    clock: openClock(),
  });
  let session = '';
  let last = 0;
  for (let index = 0; index < turns; index += 1) {
    if (index % turnsPerSession === 0) {
      session = mintUlid(Date.now());
      const event: Event = {
        type: 'session-opened',
        how: 'new',
        agentSession: `s${index}`,
        cwd: workspace,
      };
      writer.append({ session, event });
    }
    for (const event of eventsOf(index, workspace)) last = writer.append({ session, event }).seq;
    if (index % 1_000 === 0) await writer.acknowledge();
  }
  await writer.close();
  return last;
}

export const logQuery: Bench = {
  name: 'log-query',
  about: 'an index of 100,000 turns: built, and asked by `clew log` in a process of its own',
  async run() {
    const place = openPlace();
    const workspace = realpathSync(place.workspace);
    const folder = openWorkspaceFolder({ home: openStateHome(place.env), workspace });
    const entries = await recordMuch(folder.journal, folder.id, workspace);
    const index = await openIndex({ path: folder.index, journal: folder.journal });
    const begin = performance.now();
    await index.rebuild();
    const indexed = entries / ((performance.now() - begin) / 1_000);
    index.close();

    const run = (...args: string[]): number => {
      const before = performance.now();
      const { status, stderr } = spawnSync(process.execPath, [clew, ...args], {
        cwd: workspace,
        env: place.env,
        maxBuffer: 1 << 28,
      });
      if (status !== 0) throw new Error(`clew ${args.join(' ')}: ${status} ${stderr}`);
      return performance.now() - before;
    };
    const compareTo = (args: string[], bar?: Figure['bar']): Figure => {
      const over: number[] = [];
      for (let round = 0; round < rounds; round += 1) over.push(run(...args) - run('--version'));
      return {
        name: `clew ${args.join(' ')}: over start-up`,
        unit: 'ms',
        rounds: over,
        ...(bar && { bar }),
      };
    };
    run('log', '--json');
    const starts = Array.from({ length: rounds }, () => run('--version'));
    const figures: Figure[] = [
      { name: 'entries taken into the index', unit: '1/s', rounds: [indexed] },
      { name: 'start-up (clew --version)', unit: 'ms', rounds: starts },
      compareTo(['log', '--json'], { atMost: 150 }),
      compareTo(['log'], { atMost: 150 }),
      compareTo(['log', '--grep', 'bridge']),
      compareTo(['log', '--path', 'src/river']),
      compareTo(['show', '@last']),
      compareTo(['status', '--json']),
    ];
    place.remove();
    return figures;
  },
};
