/** Lines over the limit stream through unparsed, and are recorded by size and hash. */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isSoak } from '../soak.ts';
import { opening, say, sayUpdate } from './hostile-frames.ts';
import { readEvents } from './journals.ts';
import type { Script, Step } from './peers/play.mjs';
import { wantedBy } from './peers/play.mjs';
import { checkThrough, compare, playScript } from './play-script.ts';
import { readResident } from './process-table.ts';
import { clew, openStage } from './stage.ts';
import { until, within } from './until.ts';

const megabyte = 1 << 20;
const limit = isSoak ? 64 * megabyte : megabyte;
const env: Record<string, string> = isSoak ? {} : { CLEW_LINE_LIMIT: String(limit) };

function longLine(bytes: number, seed: string): Buffer {
  const begin = `{"jsonrpc":"2.0","method":"_x/long","params":{"text":"${seed} `;
  const end = '"}}\n';
  return Buffer.from(
    `${begin}${'long '.repeat(Math.ceil(bytes / 5)).slice(0, bytes - begin.length - end.length)}${end}`,
  );
}

const under = Math.floor(limit * 0.9);
const over = Math.floor(limit * 1.6);
const small = { CLEW_LINE_LIMIT: String(megabyte) };
const overSmall = Math.floor(megabyte * 1.6);
const sizes = [
  ['under the limit', under],
  ['at the limit', limit],
  ['over the limit', over],
] as const;

describe.each(['editor', 'agent'] as const)('a line from the %s', (from) => {
  test.each(sizes)('%s', async (_name, bytes) => {
    await using stage = openStage();
    // The newline is not a part of the line.
    const line = longLine(bytes + 1, from);
    const script: Script = {
      steps: [
        ...opening,
        { from, bytes: line },
        sayUpdate('understood again'),
        say('editor', { method: '_x/end' }),
      ],
    };
    const { heard, ending } = await playScript(stage, script, { main: clew, env });
    expect(
      compare('the editor hears', heard.editor, wantedBy('editor', script), 'sidecar'),
    ).toEqual([]);
    expect(compare('the agent hears', heard.agent, wantedBy('agent', script), 'sidecar')).toEqual(
      [],
    );
    expect(ending).toEqual({ code: 0, signal: null });
    const events = readEvents(stage.home);
    const kept = events.filter((event) => event.type === 'line-kept-opaque');
    const sha256 = createHash('sha256').update(line.subarray(0, -1)).digest('hex');
    if (bytes <= limit) expect(kept).toEqual([]);
    else expect(kept).toMatchObject([{ from, why: 'too-long', bytes, sha256 }]);
    expect(JSON.stringify(events)).toContain('understood again');
  });
});

test('a prompt over the limit, its method at the very end, passes without its gate', async () => {
  const text = JSON.stringify('long '.repeat(overSmall / 5));
  const params = `{"sessionId":"s","prompt":[{"type":"text","text":${text}}]}`;
  const bytes = Buffer.from(
    `{"jsonrpc":"2.0","params":${params},"id":5,"method":"session/prompt"}\n`,
  );
  const answer = say('agent', { id: 5, result: { stopReason: 'end_turn' } });
  const steps: Step[] = [...opening, { from: 'editor', bytes }, answer, sayUpdate('end')];
  expect(await checkThrough({ steps }, clew, { env: small })).toEqual([]);
});

test('many over the limit, cut anywhere, both ways', async () => {
  const cuts = [1, 1_000, 65_536, megabyte, 7];
  const both = (seed: string): Step[] => [
    { from: 'editor', bytes: longLine(overSmall, seed), cuts },
    { from: 'agent', bytes: longLine(overSmall, seed), cuts },
  ];
  const steps = [...opening, ...['a', 'b', 'c'].flatMap(both), sayUpdate('end')];
  expect(await checkThrough({ steps }, clew, { env: small })).toEqual([]);
});

test('no newline for ever: it streams, and memory stays', async () => {
  await using stage = openStage();
  const heard = join(stage.folder, 'heard');
  const total = limit + 200 * megabyte;
  // With the option instead of the environment.
  const options = ['--line-limit', String(limit)];
  const running = stage.sidecar(['sh', '-c', `cat > '${heard}'`], { options });
  running.process.stdin.write('{"jsonrpc":"2.0","method":"_x/first"}\n');
  await until('the first line', () => (statSync(heard, { throwIfNoEntry: false })?.size ?? 0) > 0);
  const idle = readResident(running.pid);
  const block = Buffer.alloc(megabyte, 'endless ');
  for (let sent = 0; sent < total; sent += megabyte) {
    if (!running.process.stdin.write(block))
      await new Promise((resolve) => running.process.stdin.once('drain', resolve));
  }
  // It has no end yet, and all of it but the last pipe-full is there.
  await until('the endless line at the agent', () => statSync(heard).size > total - megabyte);
  // Both threads were still starting when it was idle; that much is theirs. What is held is not 200 MB.
  expect(readResident(running.pid) - idle).toBeLessThan(2 * limit + 100 * megabyte);
  running.process.stdin.end();
  expect(await within('the end', running.ended)).toEqual({ code: 0, signal: null });
  expect(statSync(heard).size).toBeGreaterThanOrEqual(total);
});

test.runIf(isSoak)('time is linear in the length of the line', { timeout: 600_000 }, async () => {
  const tookMs = async (bytes: number): Promise<number> => {
    await using stage = openStage();
    const steps: Step[] = [{ from: 'editor', bytes: longLine(bytes, 'x') }];
    const before = performance.now();
    const { ending } = await playScript(stage, { steps }, { main: clew, limitMs: 120_000 });
    expect(ending).toEqual({ code: 0, signal: null });
    return performance.now() - before;
  };
  await tookMs(10 * megabyte);
  const [ten, twenty, forty] = [
    await tookMs(10 * megabyte),
    await tookMs(20 * megabyte),
    await tookMs(40 * megabyte),
  ];
  console.log(
    `10 MB ${ten.toFixed(0)} ms, 20 MB ${twenty.toFixed(0)} ms, 40 MB ${forty.toFixed(0)} ms`,
  );
  expect(forty / ten).toBeLessThan(8);
});
