/** Fault 1: kill -9 at any moment of edits, checkpoints, restores and prunings; the next opening always finds everything. */
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildChild } from '../build-child.ts';
import { hasTime, isSoak, longestMs, seed, sizeOf, tellFigures } from '../soak.ts';
import { openDice } from '../store/make-journal.ts';
import { placeInMemory } from './copy-place.ts';
import { dropPlace, fsck, makePlace, openTestShadow, type Place } from './open-test-shadow.ts';
import { printTree } from './print-tree.ts';
import { readCheckpoint } from './read-checkpoint.ts';

const kills = sizeOf(100, 2_000);
/** After so many a new workspace is taken, since every checkpoint is read after each kill. */
const perPlace = 20;
/** How much it may say first, and how long after that it still lives: a busy machine changes nothing. */
const mostLines = 16;
const longestLifeMs = 12;

const child = buildChild('shadow/kill-child');

/** One life: what it said, until it was killed. */
async function liveAndDie(place: Place, life: number, roll: () => number): Promise<string[]> {
  const enough = 1 + Math.floor(roll() * mostLines);
  const lifeMs = roll() * longestLifeMs;
  const running = spawn(process.execPath, [child.main, place.folder, `${life}`, `${seed + life}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  running.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.split('\n').length > enough) setTimeout(() => running.kill('SIGKILL'), lifeMs);
  });
  const signal = await new Promise((resolve) => running.once('close', (_, how) => resolve(how)));
  expect({ life, signal }).toEqual({ life, signal: 'SIGKILL' });
  return said.split('\n').slice(0, -1);
}

type Known = { readonly acked: Map<string, string>; pruning: boolean };

/** What its last word means for the tree: nothing known while it edited, else one of these. */
function judgeLife(lines: readonly string[], known: Known): string[] | undefined {
  let trees: string[] | undefined;
  known.pruning = false;
  for (const line of lines) {
    const [word = '', id = '', ...rest] = line.split(' ');
    const text = () => JSON.parse(rest.join(' ')) as string;
    if (word === 'acked') {
      known.acked.set(id, text());
      trees = [text()];
    } else if (word === 'editing') trees = undefined;
    else if (word === 'restoring') trees = readPair(rest.join(' '));
    else if (word === 'restored') {
      expect(id).toBe('[]');
      trees = trees?.slice(1);
    } else if (word === 'pruning') known.pruning = true;
    else if (word === 'pruned') {
      known.pruning = false;
      for (const dropped of id.split(',')) known.acked.delete(dropped);
    }
  }
  return trees;
}

function readPair(text: string): string[] {
  const cut = text.indexOf('" "');
  return [text.slice(0, cut + 1), text.slice(cut + 2)].map((part) => JSON.parse(part) as string);
}

type Tally = { kills: number; acked: number; rolledForward: number; inRestore: number };

function checkPlace(place: Place, known: Known, trees: string[] | undefined, tally: Tally): void {
  const intents = readdirSync(join(place.state, 'restores')).filter((it) => it.endsWith('.intent'));
  const shadow = openTestShadow(place);
  const now = printTree(place.root);
  // An intent means that the tree is what was wanted; none, that it is as before or as wanted.
  if (trees) expect(intents.length > 0 ? trees.slice(-1) : trees).toContain(now);
  expect(shadow.rolledForward.map(({ id, skipped }) => ({ id, skipped }))).toEqual(
    intents.map((name) => ({ id: name.replace('.intent', ''), skipped: [] })),
  );
  tally.rolledForward += intents.length;
  const ids = new Set(shadow.list().map(({ id }) => id));
  const newest = [...known.acked.keys()].at(-1);
  if (newest !== undefined) expect(ids).toContain(newest);
  for (const [id, tree] of known.acked) {
    // A pruning that was cut short may have forgotten some, and never the newest.
    if (known.pruning && !ids.has(id)) known.acked.delete(id);
    else expect({ id, tree: readCheckpoint(shadow, id) }).toEqual({ id, tree });
  }
  if (isSoak || tally.kills % 4 === 0) expect(fsck(place)).toBe('');
  shadow.close();
}

it(`${kills} kills, seed ${seed}: nothing acknowledged is lost, no tree is between two`, {
  timeout: longestMs,
}, async () => {
  const roll = openDice(seed);
  const tally: Tally = { kills: 0, acked: 0, rolledForward: 0, inRestore: 0 };
  while (tally.kills < kills && hasTime()) {
    const place = makePlace(placeInMemory());
    mkdirSync(join(place.state, 'restores'), { recursive: true, mode: 0o700 });
    const known: Known = { acked: new Map(), pruning: false };
    for (let turn = 0; turn < perPlace && tally.kills < kills && hasTime(); turn += 1) {
      const before = known.acked.size;
      const lines = await liveAndDie(place, tally.kills, roll);
      const trees = judgeLife(lines, known);
      if (lines.at(-1)?.startsWith('restoring')) tally.inRestore += 1;
      tally.acked += Math.max(0, known.acked.size - before);
      checkPlace(place, known, trees, tally);
      tally.kills += 1;
    }
    dropPlace(place);
  }
  tellFigures('kills', { ...tally, lost: 0 });
  expect(tally.acked).toBeGreaterThan(tally.kills);
  expect(tally.inRestore).toBeGreaterThan(0);
});
