/** Faults 12 and 13: several processes on one workspace, leaders that die, locks of the dead. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openKeeper } from '../../src/shadow/open-keeper.ts';
import { takeLead } from '../../src/shadow/take-lead.ts';
import { judgeLife, type ProcessMark, readOwnMark } from '../../src/store/process-mark.ts';
import { buildChild } from '../build-child.ts';
import { longestMs, seed, sizeOf, tellFigures } from '../soak.ts';
import { openDice } from '../store/make-journal.ts';
import { until } from '../whole/until.ts';
import { copyPlace, type Story, writeStory } from './copy-place.ts';
import {
  dropPlace,
  fsck,
  makePlace,
  mintOrder,
  openTestShadow,
  type Place,
} from './open-test-shadow.ts';
import { printTree } from './print-tree.ts';

const lastsMs = 1_000 * sizeOf(2.5, 60);
/** So many checkpoints at least, however slow the machine is. */
const enough = 20;

const child = buildChild('shadow/keep-child');
let place: Place;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => dropPlace(place));

type Running = { readonly process: ChildProcess; readonly lines: () => string[] };

function start(at: Place, task: string, diesAt = ''): Running {
  const running = spawn(process.execPath, [child.main, at.folder, task, diesAt], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  running.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return { process: running, lines: () => said.split('\n').slice(0, -1) };
}

async function end(running: Running): Promise<void> {
  const isOver = running.process.exitCode !== null || running.process.signalCode !== null;
  const over = new Promise((resolve) => running.process.once('close', resolve));
  running.process.kill('SIGKILL');
  if (!isOver) await over;
}

function listAcked(all: readonly Running[]): string[] {
  return all.flatMap((one) => one.lines()).filter((line) => line.startsWith('acked'));
}

const own = readOwnMark();
const marks = { own, judge: (mark: ProcessMark) => judgeLife(mark, own) };

function keep(at: Place) {
  let tokens = 0;
  return openKeeper<ProcessMark>({
    openShadow: (holds) => openTestShadow(at, { holds }),
    placeLead: () => {
      tokens += 1;
      const token = `test-${tokens}`;
      return { folder: at.state, socket: join(at.folder, `${token}.sock`), token, marks };
    },
    onTrouble: (error) => {
      throw error;
    },
  });
}

it('several at once, killed and started again: no checkpoint that was acknowledged is lost', {
  timeout: longestMs,
}, async () => {
  for (const name of ['a', 'b', 'c/d']) {
    mkdirSync(join(place.root, name, '..'), { recursive: true });
    writeFileSync(join(place.root, name), name);
  }
  const roll = openDice(seed);
  const all: Running[] = [];
  let running = [start(place, 'take'), start(place, 'take'), start(place, 'take')];
  all.push(...running);
  const count = () => listAcked(all).length;
  for (const endMs = Date.now() + lastsMs; Date.now() < endMs || count() <= enough; ) {
    const more = count() + 1 + Math.floor(roll() * 12);
    await until('more checkpoints', () => count() >= more);
    writeFileSync(join(place.root, 'a'), `${roll()}`);
    const victim = running[Math.floor(roll() * running.length)];
    if (victim) await end(victim);
    running = [...running.filter((one) => one !== victim), start(place, 'take')];
    all.push(...running.slice(-1));
  }
  for (const one of running) await end(one);
  const lines = all.flatMap((one) => one.lines());
  expect(lines.filter((line) => line.startsWith('trouble'))).toEqual([]);
  const acked = listAcked(all).map((line) => line.split(' '));
  const shadow = openTestShadow(place);
  const ids = new Set(shadow.list().map(({ id }) => id));
  expect(acked.map(([, id = '']) => id).filter((id) => !ids.has(id))).toEqual([]);
  expect(fsck(place)).toBe('');
  shadow.close();
  const waits = acked.map(([, , ms]) => Number(ms)).sort((a, b) => a - b);
  const leaders = lines.filter((line) => line === 'ready leader').length;
  const told = { processes: all.length, leaders, acked: acked.length, longestMs: waits.at(-1) };
  tellFigures('several processes', told);
});

it.each([
  'restore-intended',
  'restore-staged',
  'restore-placed',
  'restore-removed',
  'restore-done',
])(
  'a leader killed at %s: who asked it takes its place, and the restore is done',
  async (diesAt) => {
    const story: Story = writeStory(place);
    const copy = copyPlace(place, 'copy');
    const leader = start(copy, 'lead', diesAt);
    await new Promise((resolve) => leader.process.stdout?.once('data', resolve));
    const keeper = await keep(copy);
    expect(keeper.role).toBe('follower');
    const safety = mintOrder();
    const { steps } = await keeper.plan(safety, story.first);
    expect(printTree(copy.root)).toBe(story.before);
    const report = await keeper.apply(safety.id, steps);
    expect(keeper.role).toBe('leader');
    expect(report.skipped).toEqual([]);
    expect(printTree(copy.root)).toBe(story.after);
    await keeper.close();
    await end(leader);
  },
);

/** What lies there, and whether it is in the way. */
const locks: Record<string, { mark: Partial<ProcessMark> | string; isFree: boolean }> = {
  'of a process that runs': { mark: {}, isFree: false },
  'of a process that is gone': { mark: { pid: 2 ** 22 - 7 }, isFree: true },
  'of another process that got the same pid': { mark: { started: '1' }, isFree: true },
  'of the time before the machine was started': { mark: { boot: 'another' }, isFree: true },
  'of another machine': { mark: { host: 'elsewhere', boot: 'another' }, isFree: false },
  'of another container': { mark: { space: 'pid:[1]' }, isFree: false },
  'that was cut short': { mark: '{"token":"x","so', isFree: true },
  'that is empty': { mark: '', isFree: true },
  'that is something else': { mark: 'null', isFree: true },
};
for (const [name, { mark, isFree }] of Object.entries(locks)) {
  it(`a lock ${name} is ${isFree ? 'taken over by exactly one' : 'left alone'}`, () => {
    mkdirSync(place.state, { mode: 0o700 });
    const file = join(place.state, 'leader.lock');
    const socket = join(place.folder, 'holder.sock');
    const lock = { token: 'holder', socket, mark: { ...own, ...(mark as object) } };
    writeFileSync(file, typeof mark === 'string' ? mark : JSON.stringify(lock));
    const before = readFileSync(file, 'utf8');
    const leads = Array.from({ length: 20 }, (_, number) =>
      takeLead<ProcessMark>({ folder: place.state, socket, token: `t${number}`, marks }),
    );
    const leaders = leads.filter((lead) => lead.kind === 'leader');
    expect(leaders).toHaveLength(isFree ? 1 : 0);
    expect(leaders.every((lead) => lead.kind === 'leader' && lead.holds())).toBe(true);
    if (!isFree) expect(readFileSync(file, 'utf8')).toBe(before);
  });
}

it('a leader that is replaced in the middle of a restore stops, and the next one finishes it', () => {
  const story = writeStory(place);
  const points = new Set<string>();
  const dry = copyPlace(place, 'dry');
  openTestShadow(dry, { failpoint: (name) => points.add(name) }).apply('R1', story.steps);
  const wanted = [...points].filter((name) => name.startsWith('restore-'));
  expect(wanted.length).toBeGreaterThan(8);
  for (const point of wanted) {
    const copy = copyPlace(place, `copy-${point}`);
    let isHeld = true;
    let seen: string | undefined;
    const failpoint = (name: string) => {
      if (name !== point || !isHeld) return;
      isHeld = false;
      seen = printTree(copy.root);
    };
    const old = openTestShadow(copy, { holds: () => isHeld, failpoint });
    let error: unknown;
    try {
      old.apply('R1', story.steps);
    } catch (thrown) {
      error = thrown;
    }
    // At most the one step that had been allowed is made after that.
    const isLate = ['restore-placing', 'restore-removing', 'restore-done'].includes(point);
    if (!isLate && error) expect(visible(printTree(copy.root))).toBe(visible(seen ?? ''));
    if (error) expect({ point, error }).toMatchObject({ point, error: { code: 'busy' } });
    expect(() => old.prune({ keepLast: 1 })).toThrow('another process has taken over');
    const next = openTestShadow(copy);
    expect(next.rolledForward.flatMap((report) => report.skipped)).toEqual([]);
    expect({ point, tree: printTree(copy.root) }).toEqual({ point, tree: story.after });
    next.close();
    old.close();
  }
});

/** Without what is only made ready. */
function visible(tree: string): string {
  return tree
    .split('\n')
    .filter((line) => !line.includes('.clew-restore-') && !/\/ \d+$/.test(line))
    .join('\n');
}
