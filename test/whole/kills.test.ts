/** kill -9 at any moment under load: what was written can be read, and the next start takes no notice. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { hasTime, isSoak, longestMs, seed, sizeOf, tellFigures } from '../soak.ts';
import { type Editor, openEditor } from './editor.ts';
import { readEvents, readJournals } from './journals.ts';
import { openStage, peers, type Stage } from './stage.ts';
import { until, within } from './until.ts';

const kills = sizeOf(20, 2_000);
/** After so many a new workspace is taken, since all journals of one are read after each kill. */
const perStage = isSoak ? 25 : 10;
/** So many at once: a sidecar that is about to be killed mostly waits. */
const lanes = 2;
/** How much the editor hears first, and how long after that it still lives: a busy machine changes nothing. */
const mostLines = 300;
const longestLifeMs = 20;

/** mulberry32: a small generator whose whole state is the seed. */
function openDice(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Run = { startMs: number; finished: { prompt: string; at: number }[]; killedAt: number };

/** One life of the sidecar: starts, takes turns until it is killed. */
async function liveAndDie(stage: Stage, run: number, roll: () => number): Promise<Run> {
  const agent = [process.execPath, join(peers, 'agent.mjs'), JSON.stringify({ updates: 30 })];
  const before = performance.now();
  const running = stage.sidecar(agent);
  const editor = openEditor(running, stage.workspace);
  const session = await editor.greet();
  const startMs = performance.now() - before;
  const finished: Run['finished'] = [];
  const turns = takeTurns(editor, { run, session, isOver: running.isOver, finished });
  const enough = editor.lines().length + Math.floor(roll() * mostLines);
  await until('so many lines', () => enough <= editor.lines().length);
  await pause(roll() * longestLifeMs);
  const killedAt = performance.now();
  process.kill(running.pid, 'SIGKILL');
  expect(await within('the end', running.ended)).toEqual({ code: null, signal: 'SIGKILL' });
  await turns;
  await until('the end of the agent, whose stdin has ended', () => stage.survivors().length === 0);
  return { startMs, finished, killedAt };
}

type Load = { run: number; session: string; isOver: () => boolean; finished: Run['finished'] };

async function takeTurns(editor: Editor, { run, session, isOver, finished }: Load): Promise<void> {
  for (let i = 0; !isOver(); i += 1) {
    const text = `run ${run} turn ${i}`;
    editor.ask(`"${i}"`, 'session/prompt', {
      sessionId: session,
      prompt: [{ type: 'text', text }],
    });
    const answered = await until('an answer, or the kill', () => {
      if (editor.lines().some((line) => line.includes(`"id":"${i}",`))) return 'answered';
      return isOver() ? 'killed' : undefined;
    });
    if (answered === 'answered') finished.push({ prompt: text, at: performance.now() });
  }
}

type Tally = { begun: number; startsMs: number[]; turns: number; lost: number; lostMs: number };

/** So many kills on one workspace, all of whose journals are read after each. */
async function killRepeatedly(count: number, roll: () => number, tally: Tally): Promise<void> {
  await using stage = openStage();
  for (let run = 0; run < count; run += 1) {
    const life = await liveAndDie(stage, run, roll);
    tally.startsMs.push(life.startMs);
    const files = readJournals(stage.home);
    expect(files.flatMap((file) => file.problems)).toEqual([]);
    const ended = readPrompts(stage);
    const lost = life.finished.filter(({ prompt }) => !ended.has(prompt));
    // What came before a prompt is written when that one is let through: only the very last can be missing.
    expect(lost.filter((it) => it !== life.finished.at(-1))).toEqual([]);
    tally.turns += life.finished.length;
    tally.lost += lost.length;
    for (const { at } of lost) tally.lostMs = Math.max(tally.lostMs, life.killedAt - at);
  }
  expect(readdirSync(stage.workspace)).toEqual([]);
  expect(findUnmentioned(stage).length).toBeLessThanOrEqual(1);
}

test(`${kills} times (seed ${seed})`, { timeout: longestMs }, async () => {
  const tally: Tally = { begun: 0, startsMs: [], turns: 0, lost: 0, lostMs: 0 };
  const all = Array.from({ length: lanes }, async (_, lane) => {
    const roll = openDice(seed + lane);
    while (tally.begun < kills && hasTime()) {
      const count = Math.min(perStage, kills - tally.begun);
      tally.begun += count;
      await killRepeatedly(count, roll, tally);
    }
  });
  await Promise.all(all);
  const { startsMs, turns, lost, lostMs } = tally;
  startsMs.sort((a, b) => a - b);
  const middleMs = startsMs[startsMs.length >> 1] ?? 0;
  const longest = Math.round(startsMs.at(-1) ?? 0);
  tellFigures('sidecars killed', {
    ...{ kills: startsMs.length, turns, lateLost: lost, latestLostMs: Math.round(lostMs) },
    ...{ startMs: Math.round(middleMs), longestStartMs: longest },
  });
  expect(turns).toBeGreaterThan(lost);
});

/** Where a journal is written: CLEW_FAILPOINT kills the sidecar there at the n-th pass. */
const failpoints = [
  'journal-created',
  'journal-write',
  'journal-torn',
  'journal-sync',
  'journal-synced',
  'settle-cut',
];
const passes = isSoak ? [1, 2, 3, 5, 8] : [1, 3];
/** What happens only once in a run, as long as a journal is one file. */
const once = ['journal-created', 'settle-cut'];

test.each(failpoints)('at %s: the next start mends it and goes on', async (name) => {
  await using stage = openStage();
  for (const pass of passes) {
    // A torn tail for those who mend one.
    if (name === 'settle-cut') await dieAt(stage, 'journal-torn:crash@2');
    await dieAt(stage, `${name}:crash@${once.includes(name) ? 1 : pass}`);
    await dieAt(stage, undefined);
    const files = readJournals(stage.home);
    expect(files.flatMap((file) => file.problems)).toEqual([]);
    expect(files.filter((file) => file.torn > 0)).toEqual([]);
    expect(readPrompts(stage)).toContain('after all');
  }
  expect(findUnmentioned(stage)).toEqual([]);
});

/** Talks until the failpoint strikes; without one, takes a turn and leaves in good order. */
async function dieAt(stage: Stage, failpoint: string | undefined): Promise<void> {
  const agent = [process.execPath, join(peers, 'agent.mjs'), '{"updates":30}'];
  const running = stage.sidecar(agent, { env: { CLEW_FAILPOINT: failpoint } });
  const editor = openEditor(running, stage.workspace);
  if (failpoint !== undefined) {
    const greet = '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":1}}';
    const open = `{"jsonrpc":"2.0","id":1,"method":"session/new","params":{"cwd":"${stage.workspace}"}}`;
    const prompt = '{"jsonrpc":"2.0","id":2,"method":"session/prompt","params":{"sessionId":"s1"}}';
    editor.say(`${greet}\n${open}`);
    await until(`the end at ${failpoint}`, () => {
      if (!running.isOver()) editor.say(prompt);
      return running.isOver();
    });
    expect(await running.ended).toEqual({ code: null, signal: 'SIGKILL' });
  } else {
    const sessionId = await editor.greet();
    const prompt = [{ type: 'text', text: 'after all' }];
    editor.ask('"x"', 'session/prompt', { sessionId, prompt });
    await editor.answer('"x"');
    editor.leave();
    expect(await within('the end', running.ended)).toEqual({ code: 0, signal: null });
  }
  await until('the end of the agent', () => stage.survivors().length === 0);
}

/** Prompts of all turns whose end is recorded. */
function readPrompts(stage: Stage): Set<string> {
  const promptOf = new Map<string, string>();
  const ended = new Set<string>();
  for (const event of readEvents(stage.home)) {
    if (event.type === 'turn-started') promptOf.set(event.turn, event.prompt ?? '');
    if (event.type === 'turn-ended' && event.outcome === 'end_turn')
      ended.add(promptOf.get(event.turn) ?? '');
  }
  return ended;
}

/** Writers that ended without a word, and of whom no later run has said so: at most the very last. */
function findUnmentioned(stage: Stage): string[] {
  const files = readJournals(stage.home);
  const lost = new Set(
    files.flatMap((file) =>
      file.lines.flatMap(({ event }) => (event.type === 'writer-lost' ? [event.writer] : [])),
    ),
  );
  const ended = (file: (typeof files)[number]) =>
    file.lines.some(({ event }) => event.type === 'recording-ended');
  // Of a run that had written nothing yet, nothing is lost.
  const unheard = files.filter((file) => file.lines.length > 0 && !ended(file));
  return unheard.map((file) => file.writer).filter((writer) => !lost.has(writer));
}
