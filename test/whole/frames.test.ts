/** Hostile frames pass unchanged in both directions, are recorded for what they are, and what comes after them is understood. */
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Event } from '../../src/contract/types.gen.ts';
import { hasTime, isSoak, seed, sizeOf, tellFigures } from '../soak.ts';
import { openDice } from '../store/make-journal.ts';
import { linesOf, scriptOf, type Vector, vectors } from './hostile-frames.ts';
import { includesAll, readEvents, readJournals } from './journals.ts';
import { type Step, wantedBy } from './peers/play.mjs';
import { checkThrough, compare, type Played, playScript } from './play-script.ts';
import { clew, openStage } from './stage.ts';

const script = scriptOf(vectors);
let played: Played;
let events: Event[];
let problems: string[];

beforeAll(async () => {
  await using stage = openStage();
  played = await playScript(stage, script, { main: clew });
  events = readEvents(stage.home);
  problems = readJournals(stage.home).flatMap((file) => file.problems);
});

test('all of them in one conversation reach both sides byte for byte', async () => {
  const wrong = [
    ...compare('the editor hears', played.heard.editor, wantedBy('editor', script), 'sidecar'),
    ...compare('the agent hears', played.heard.agent, wantedBy('agent', script), 'sidecar'),
  ];
  // Only then is it worth a process for each to see which ones they are.
  expect(wrong.length === 0 ? [] : [...wrong, ...(await findCulprits())]).toEqual([]);
  expect(played.ending).toEqual({ code: 0, signal: null });
});

test.runIf(isSoak)('in any order too, and cut anywhere', async () => {
  const dice = openDice(seed);
  const pick = (below: number) => Math.floor(dice() * below);
  const rounds = sizeOf(0, 20);
  let round = 0;
  for (; round < rounds && hasTime(); round += 1) {
    const { steps, ...rest } = scriptOf(shuffle(vectors, pick));
    const cut = (step: Step) => ({
      ...step,
      cuts: Array.from({ length: pick(30) }, () => 1 + pick(5_000)),
    });
    expect(
      await checkThrough({ ...rest, steps: steps.map(cut) }, clew, { limitMs: 60_000 }),
    ).toEqual([]);
  }
  tellFigures('hostile frames', { vectors: round * vectors.length, changed: 0 });
});

function shuffle<T>(all: readonly T[], pick: (below: number) => number): T[] {
  const left = [...all];
  return all.flatMap(() => left.splice(pick(left.length), 1));
}

async function findCulprits(): Promise<string[]> {
  const culprits: string[] = [];
  for (const vector of vectors) {
    const wrong = await checkThrough(scriptOf([vector]), clew, { limitMs: 3_000 });
    if (wrong.length > 0) culprits.push(`${vector.name}: ${wrong[0]}`);
  }
  return culprits;
}

test('stderr is silent', () => {
  expect(played.stderr).toBe('');
});

test('the journal of it is sound', () => {
  expect(problems).toEqual([]);
  expect(events.filter((event) => event.type === 'notes-dropped')).toEqual([]);
});

describe.each(vectors)('fault $fault: $name', (vector) => {
  test('is recorded for what it is, and what follows is understood', () => {
    const turn = eventsOf(vector);
    expect(turn.at(-1)).toMatchObject({ type: 'turn-ended', outcome: 'end_turn' });
    // A vector may open a turn of its own, to which what follows then belongs.
    expect(textsIn(events.slice(events.indexOf(turn[0] as Event)))).toContain(
      `after: ${vector.name}`,
    );
    expect(opaqueIn(turn)).toEqual(wantedOpaque(vector) ?? opaqueIn(turn));
    for (const wanted of vector.journal ?? []) {
      expect(
        turn.some((event) => includesAll(event, wanted)),
        JSON.stringify(wanted),
      ).toBe(true);
    }
    for (const unwanted of vector.absent ?? []) {
      expect(turn.filter((event) => includesAll(event, unwanted))).toEqual([]);
    }
  });
});

/** What was recorded from the vector's prompt to the end of its turn. */
function eventsOf(vector: Vector): Event[] {
  const start = events.findIndex(
    (event) => event.type === 'turn-started' && event.prompt === `before: ${vector.name}`,
  );
  const turn = events[start];
  if (turn?.type !== 'turn-started') throw new Error(`no turn was recorded for: ${vector.name}`);
  const end = events.findIndex((event) => event.type === 'turn-ended' && event.turn === turn.turn);
  return events.slice(start, end < 0 ? events.length : end + 1);
}

function textsIn(turn: readonly Event[]): string {
  return turn.map((event) => (event.type === 'message-said' ? event.text : '')).join('');
}

type Opaque = { from: string; why: string; bytes: number; sha256: string };

function opaqueIn(turn: readonly Event[]): Opaque[] {
  return turn.flatMap((event) =>
    event.type === 'line-kept-opaque'
      ? [{ from: event.from, why: event.why, bytes: event.bytes, sha256: event.sha256 }]
      : [],
  );
}

/** Undefined when the vector has no opinion. */
function wantedOpaque(vector: Vector): Opaque[] | undefined {
  const { kept } = vector;
  if (kept === undefined) return undefined;
  return linesOf(vector).map(({ from, bytes }) => {
    const line = bytes.subarray(0, -1);
    const sha256 = createHash('sha256').update(line).digest('hex');
    return { from, why: kept, bytes: line.length, sha256 };
  });
}
