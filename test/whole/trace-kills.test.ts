/** kill -9 at each point of a step's life: whoever looks on learns it, and the next start closes it, once. */
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { TraceRow } from '../../src/contract/types.gen.ts';
import { connectAt } from '../methods/trace/connection.ts';
import { hasTime, longestMs, sizeOf, tellFigures } from '../soak.ts';
import { openEditor } from './editor.ts';
import { readEvents } from './journals.ts';
import { openStage, type Stage } from './stage.ts';
import { until, within } from './until.ts';

const fixture = resolve(import.meta.dirname, '../fixtures/scripted-agent.mjs');

const call = { sessionUpdate: 'tool_call', toolCallId: 'c1', title: 'Build', kind: 'execute' };
const more = { sessionUpdate: 'tool_call_update', toolCallId: 'c1' };
const chunk = { type: 'text', text: 'I begin and then ' };
const hang = { hang: true };

const announced = { update: { ...call, status: 'pending' } };
const running = { update: { ...more, status: 'in_progress' } };
const ended = { update: { ...more, status: 'completed' } };
const asks = {
  method: 'session/request_permission',
  params: { sessionId: 's1', toolCall: { toolCallId: 'c1' }, options: [] },
};

/** What the agent does before the kill, and the rows that have to be there before it. */
const points: readonly (readonly [string, object[], string[]])[] = [
  ['a turn has begun', [hang], ['turn running']],
  ['a tool call is announced', [announced, hang], ['turn running', 'tool running']],
  ['a tool is running', [announced, running, hang], ['turn running', 'tool running']],
  [
    'a permission is asked',
    [announced, { request: asks }, hang],
    ['turn running', 'tool running', 'permission running'],
  ],
  [
    'a message is half said',
    [{ update: { sessionUpdate: 'agent_message_chunk', content: chunk } }, hang],
    ['turn running', 'message running'],
  ],
  [
    'a thought is half thought',
    [{ update: { sessionUpdate: 'agent_thought_chunk', content: chunk } }, hang],
    ['turn running', 'thought running'],
  ],
  ['a tool has ended', [announced, running, ended, hang], ['turn running', 'tool completed']],
  [
    'a turn has ended',
    [announced, ended, { stop: 'end_turn' }],
    ['turn completed', 'tool completed'],
  ],
];

test.each(points)('%s', async (_, turn, wanted) => {
  await using stage = openStage();
  const { sidecar, session } = await begin(stage, turn);
  const look = connectAt(placeOf(stage));
  const rows = await untilRows(look, session, (found) => tell(found).join() === wanted.join());
  await look.ask('trace/subscribe', { session });
  process.kill(sidecar.pid, 'SIGKILL');
  await within('the end', sidecar.ended);
  const lost = wanted.filter((it) => it.endsWith('running'));
  await look.whenTrue(() => interrupted(look).length === lost.length);
  const closed = wanted.map((it) => it.replace('running', 'interrupted'));
  const after = await look.ask('trace/snapshot', { session });
  expect(tell(after.rows)).toEqual(closed);
  expect(steps(after.rows).map((it) => it.id)).toEqual(steps(rows).map((it) => it.id));
  for (let start = 0; start < 2; start += 1) {
    await startAndLeave(stage);
    const next = await look.ask('trace/snapshot', { session });
    expect(steps(next.rows)).toEqual(steps(after.rows));
    expect(readEvents(stage.home).filter((it) => it.type === 'writer-lost').length).toBe(1);
  }
  // The one who looked on heard of each end once, though two processes told of it.
  expect(interrupted(look).length).toBe(lost.length);
});

const busy = [
  { think: 'one and two and three', pieces: 3 },
  announced,
  running,
  { pause: 15 },
  { say: 'a word and another one', pieces: 5 },
  { update: { ...call, toolCallId: 'c2', status: 'in_progress' } },
  { pause: 15 },
  { plan: [{ content: 'go on', status: 'pending' }] },
];
/** After so many a new workspace is taken, since all journals of one are read until each kill. */
const perStage = 10;

test('at any moment: every step that began is there once, and none goes on', {
  timeout: longestMs,
}, async () => {
  const rounds = sizeOf(5, 200);
  const figures = { kills: 0, begun: 0 };
  while (figures.kills < rounds && hasTime()) {
    const kills = Math.min(perStage, rounds - figures.kills);
    const begun = await killRepeatedly(kills);
    expect(begun).toBeGreaterThan(kills);
    figures.kills += kills;
    figures.begun += begun;
  }
  tellFigures('kills in the middle of steps', { ...figures, lost: 0 });
});

/** So many kills on one workspace; returns how many steps began. */
async function killRepeatedly(kills: number): Promise<number> {
  await using stage = openStage();
  for (let kill = 0; kill < kills; kill += 1) {
    const { sidecar } = await begin(stage, [...busy, ...busy, ...busy, hang]);
    const wanted = countSteps(stage) + 1 + (kill % 4);
    await until('a few steps in the journal', () => wanted <= countSteps(stage));
    process.kill(sidecar.pid, 'SIGKILL');
    await within('the end', sidecar.ended);
  }
  await startAndLeave(stage);
  const look = connectAt(placeOf(stage));
  const { cards } = await look.ask('trace/snapshot', {});
  const rows: TraceRow[] = [];
  for (const { id } of cards)
    rows.push(...(await look.ask('trace/snapshot', { session: id })).rows);
  const ids = rows.map((it) => it.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(rows.filter((it) => it.status === 'running')).toEqual([]);
  const begun = readEvents(stage.home).flatMap((it) =>
    it.type === 'step-started' ? [it.step] : [],
  );
  expect(begun.filter((it) => !ids.includes(it))).toEqual([]);
  return begun.length;
}

async function begin(stage: Stage, turn: readonly object[]) {
  const script = JSON.stringify({ turns: [turn], sessionIds: ['s1'] });
  const sidecar = stage.sidecar([process.execPath, fixture, script]);
  const before = countTurns(stage);
  const editor = openEditor(sidecar, stage.workspace);
  const sessionId = await editor.greet();
  editor.ask('"p"', 'session/prompt', { sessionId, prompt: [{ type: 'text', text: 'go' }] });
  await until('the turn in the journal', () => before < countTurns(stage));
  return { sidecar, session: '@last' };
}

async function startAndLeave(stage: Stage): Promise<void> {
  const script = JSON.stringify({ turns: [[]] });
  const sidecar = stage.sidecar([process.execPath, fixture, script], {
    options: ['--workspace', stage.workspace],
  });
  openEditor(sidecar, stage.workspace).leave();
  await within('the end', sidecar.ended);
  expect(sidecar.stderr()).not.toMatch(/not recording|no live progress/);
}

function countTurns({ home }: Stage): number {
  return readEvents(home).filter((it) => it.type === 'turn-started').length;
}

function countSteps({ home }: Stage): number {
  return readEvents(home).filter((it) => it.type === 'step-started').length;
}

function placeOf({ workspace, home }: Stage) {
  return { root: workspace, env: { CLEW_HOME: home, HOME: join(home, '..', 'user') } };
}

type Look = ReturnType<typeof connectAt>;

async function untilRows(
  look: Look,
  session: string,
  isWanted: (rows: readonly TraceRow[]) => boolean,
): Promise<TraceRow[]> {
  for (let tries = 0; ; tries += 1) {
    const { rows } = await look.ask('trace/snapshot', { session });
    if (isWanted(rows)) return rows;
    if (tries > 500) throw new Error(`never as wanted: ${tell(rows).join()}`);
    await pause(10);
  }
}

/** Checkpoints come and go by themselves. */
function steps(rows: readonly TraceRow[]): TraceRow[] {
  return rows.filter((it) => it.kind !== 'checkpoint');
}

function tell(rows: readonly TraceRow[]): string[] {
  return steps(rows).map((it) => `${it.kind} ${it.status}`);
}

function interrupted(look: Look): string[] {
  const told = look.told('agent_session:step:completed').map(({ row }) => row);
  return told.filter((it) => it.status === 'interrupted').map((it) => it.id);
}
