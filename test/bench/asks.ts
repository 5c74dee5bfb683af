/** How fast the index is built and asked: `tsx test/bench/asks.ts [turns]`.
 * Prints entries a second, and min/median/max of each question over many rounds.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event } from '../../src/contract/types.gen.ts';
import type { Entry } from '../../src/journal/entry.ts';
import { askLog, type LogWish } from '../../src/store/index/ask-log.ts';
import { askShow } from '../../src/store/index/ask-show.ts';
import { findId } from '../../src/store/index/find-id.ts';
import { openIndex, type TraceIndex } from '../../src/store/index/trace-index.ts';
import { openScribe } from '../store/index/journals.ts';
import { mint, openChance } from '../trace/story.ts';

const turns = Number(process.argv[2] ?? 100_000);
const rounds = 30;
const turnsPerWriter = 2000;
const turnsPerSession = 20;
const beganAt = 1_790_000_000_000;
const chance = openChance(1);
const words = Array.from({ length: 3000 }, (_, n) => `word${n.toString(36)}`);
const say = (count: number) =>
  `common ${Array.from({ length: count }, () => chance.pick(words)).join(' ')}`;

/** Eight entries a turn: asked, read and edited a file, answered. */
function* tellTurn(turn: string, n: number): Generator<Event> {
  const [tool, message] = [`${turn}T`, `${turn}M`];
  const prompt = n === 777 ? 'the needle in the haystack' : say(20);
  const claim = { path: `/w/src/file${n % 500}.ts`, operation: 'modify', source: 'diff' } as const;
  const call = { call: `call${n}`, kind: 'edit', name: 'Edit', announced: true };
  yield { type: 'turn-started', turn, origin: 'prompt', prompt };
  yield { type: 'step-started', turn, step: tool, kind: 'tool', title: 'Edit a file', tool: call };
  yield { type: 'files-claimed', turn, step: tool, claims: [claim] };
  yield { type: 'step-ended', step: tool, outcome: 'completed', afterMs: 12 };
  yield { type: 'step-started', turn, step: message, kind: 'message', role: 'agent' };
  yield { type: 'message-said', turn, step: message, role: 'agent', part: 0, text: say(40) };
  yield { type: 'step-ended', step: message, outcome: 'completed', afterMs: 900 };
  yield {
    type: 'turn-ended',
    turn,
    outcome: 'end_turn',
    afterMs: 1200,
    usage: { input: 9, output: 9 },
  };
}

function writeJournals(folder: string): number {
  const scribe = openScribe(folder);
  let entries = 0;
  for (let first = 0; first < turns; first += turnsPerWriter) {
    const writer = mint(chance, beganAt + first * 1000);
    const told: Entry[] = [];
    let session = '';
    const note = (event: Event, n: number, of?: string) =>
      told.push({
        ...{ writer, seq: told.length + 1, at: beganAt + n * 1000, mono: told.length },
        ...(of === undefined ? {} : { session: of }),
        event,
      });
    const began = {
      pid: 1,
      clew: '0',
      command: ['a'],
      platform: 'linux',
      node: 'v20',
      branch: 'main',
    };
    note({ type: 'recording-started', workspace: '/w', ...began }, first);
    const agent = { name: `agent-${first % 3}`, version: '1' };
    note({ type: 'agent-connected', protocol: 1, agent, files: true, terminals: true }, first);
    for (let n = first; n < Math.min(turns, first + turnsPerWriter); n += 1) {
      if (n % turnsPerSession === 0) {
        session = mint(chance, beganAt + n * 1000);
        note({ type: 'session-opened', how: 'new', agentSession: session, cwd: '/w' }, n, session);
      }
      const turn = mint(chance, beganAt + n * 1000);
      for (const event of tellTurn(turn, n)) note(event, n, session);
    }
    scribe.write(told);
    entries += told.length;
  }
  return entries;
}

function measure(name: string, work: () => unknown): void {
  const times: number[] = [];
  for (let n = 0; n < rounds; n += 1) {
    const began = performance.now();
    work();
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  const [min, median, max] = [times[0], times[rounds >> 1], times.at(-1)].map((it) =>
    it?.toFixed(1),
  );
  process.stdout.write(`${name.padEnd(34)} min ${min} ms, median ${median} ms, max ${max} ms\n`);
}

async function askMany(index: TraceIndex): Promise<void> {
  const wishes: Record<string, Omit<LogWish, 'limit'>> = {
    'the newest': {},
    'since, nothing so new': { since: beganAt + turns * 2000 },
    'until, the oldest': { until: beganAt + 100_000 },
    'agent, a third of all': { agent: 'agent-1' },
    'agent, nobody': { agent: 'nobody' },
    'path, a file': { path: 'src/file7.ts' },
    'path, the folder of all': { path: 'src' },
    'grep, one of all': { grep: 'needle haystack' },
    'grep, in a third of all': { grep: words[7] ?? '' },
    'grep, a word of all': { grep: 'common' },
    'grep, the beginning of all words': { grep: 'word' },
  };
  for (const [name, wish] of Object.entries(wishes))
    await index.ask((it) =>
      measure(`log ${name}`, () => askLog(it, { ...wish, limit: 50 }, () => false)),
    );
  await index.ask((it) => {
    const newest = askLog(it, { limit: 1 }, () => false).sessions[0];
    const end = newest?.turns[0]?.id.slice(-6).toLowerCase() ?? '';
    measure('show a turn by the end of its id', () => askShow(it, findId(it, end), () => false));
    measure('show a session', () => askShow(it, findId(it, newest?.id ?? ''), () => false));
  });
}

const folder = mkdtempSync(join(tmpdir(), 'clew-bench-'));
try {
  const journal = join(folder, 'journal');
  const entries = writeJournals(journal);
  const bytes = readdirSync(journal).reduce((sum, it) => sum + statSync(join(journal, it)).size, 0);
  process.stdout.write(
    `${turns} turns, ${entries} entries, ${(bytes / 2 ** 20).toFixed(0)} MB of journals\n`,
  );
  const index = await openIndex({ path: join(folder, 'index.db'), journal });
  const [began, worked] = [performance.now(), process.cpuUsage()];
  await index.catchUp();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(worked);
  const work = (user + system) / 1e6;
  const size = statSync(join(folder, 'index.db')).size;
  process.stdout.write(
    `built in ${seconds.toFixed(1)} s: ${Math.round(entries / seconds)} entries/s (${Math.round(entries / work)} a second of work), ${(size / 2 ** 20).toFixed(0)} MB\n`,
  );
  const looked = performance.now();
  await index.catchUp();
  process.stdout.write(`nothing new: ${(performance.now() - looked).toFixed(1)} ms\n`);
  await askMany(index);
  index.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
