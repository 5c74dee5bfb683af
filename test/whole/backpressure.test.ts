/** A side that does not read stops the other, loses nothing, costs no memory, and never stops both for good. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { isSoak } from '../soak.ts';
import { readEvents } from './journals.ts';
import { readResident } from './process-table.ts';
import { openStage, peers, type Running, type Stage } from './stage.ts';
import { until, within } from './until.ts';

const megabyte = 1 << 20;
const floodBytes = (isSoak ? 200 : 20) * megabyte;
const lineBytes = 1_000;
/** What may be under way between two programs: pipes and the buffers of both threads. */
const underWayBytes = 8 * megabyte;
const roomBytes = 150 * megabyte;

function startFlooder(stage: Stage, bytes: number): Running {
  const options = {
    lines: Math.ceil(bytes / lineBytes),
    bytes: lineBytes,
    progress: join(stage.folder, 'progress'),
    heard: join(stage.folder, 'heard'),
  };
  const agent = [process.execPath, join(peers, 'flooder.mjs'), JSON.stringify(options)];
  // The editor says that it leaves long before the flood has passed.
  return stage.sidecar(agent, { env: { CLEW_GRACE_MS: '300000' } });
}

function readProgress(stage: Stage): number {
  return statSync(join(stage.folder, 'progress'), { throwIfNoEntry: false }) === undefined
    ? 0
    : Number(readFileSync(join(stage.folder, 'progress'), 'utf8'));
}

/** Resolves when a number has stopped to change for a good while. */
async function settled(what: string, ask: () => number): Promise<number> {
  let last = -1;
  let since = performance.now();
  return until(`an end of ${what}`, () => {
    const now = ask();
    if (now !== last || now === 0) since = performance.now();
    last = now;
    return performance.now() - since > 700 ? now + 1 : undefined;
  });
}

/** Between two sips; in the soak so slow that a recorder with little of the machine keeps up as well. */
const restMs = isSoak ? 10 : 2;

/** Reads to the end, in sips. */
async function sip(stream: Readable, perSip: number): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  let sinceRest = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
    sinceRest += chunk.length;
    if (sinceRest < perSip) continue;
    sinceRest = 0;
    await pause(restMs);
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** What the flooder says, made here once more. */
function expectFlood(bytes: number): { bytes: number; sha256: string } {
  const frame = flood('').length;
  const hash = createHash('sha256');
  let total = 0;
  for (let i = 0; i < Math.ceil(bytes / lineBytes); i += 1) {
    const line = flood(`line ${i} `.padEnd(lineBytes - frame, 'water '));
    hash.update(line);
    total += line.length;
  }
  return { bytes: total, sha256: hash.digest('hex') };
}

function flood(text: string): string {
  return `{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"s","update":{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"${text}"}}}}\n`;
}

describe('the editor reads slowly', () => {
  test('the agent is stopped, memory stays, and all arrives', { timeout: 300_000 }, async () => {
    await using stage = openStage();
    const running = startFlooder(stage, floodBytes);
    running.process.stdout.pause();
    await until('a start', () => readProgress(stage) > 0);
    const taken = await settled('the flood', () => readProgress(stage));
    expect(taken).toBeLessThan(underWayBytes);
    const idle = readResident(running.pid);
    let highest = 0;
    const sampler = setInterval(() => {
      highest = Math.max(highest, readResident(running.pid));
    }, 20);
    running.process.stdin.end();
    const found = await sip(running.process.stdout, 64 << 10);
    clearInterval(sampler);
    expect(found).toEqual(expectFlood(floodBytes));
    expect(highest - idle).toBeLessThan(roomBytes);
    expect(await within('the end', running.ended)).toEqual({ code: 0, signal: null });
    expect(readEvents(stage.home).filter((event) => event.type === 'notes-dropped')).toEqual([]);
  });

  test('what it says itself still reaches the agent', async () => {
    await using stage = openStage();
    const heard = join(stage.folder, 'heard');
    const line = flood('water '.repeat(100)).trimEnd();
    const script = `yes '${line}' | head -c ${floodBytes} & cat > '${heard}'; wait`;
    const running = stage.sidecar(['sh', '-c', script]);
    running.process.stdout.pause();
    const said = Array.from(
      { length: 1_000 },
      (_, i) => `{"jsonrpc":"2.0","method":"_x/note","params":[${i}]}\n`,
    );
    for (const one of said) running.process.stdin.write(one);
    await until(
      'all lines at the agent',
      () => statSync(heard, { throwIfNoEntry: false })?.size === said.join('').length,
    );
    expect(readFileSync(heard, 'utf8')).toBe(said.join(''));
  });
});

describe('the agent reads slowly', () => {
  test('both say much before they read: nobody waits for ever', async () => {
    await using stage = openStage();
    const running = startFlooder(stage, floodBytes);
    running.process.stdout.pause();
    const line = `{"jsonrpc":"2.0","method":"_x/note","params":"${'earth '.repeat(160)}"}\n`;
    const block = Buffer.from(line.repeat(64));
    const blocks = Math.ceil((8 * megabyte) / block.length);
    for (let i = 0; i < blocks; i += 1) running.process.stdin.write(block);
    running.process.stdin.end();
    const left = await settled(
      'what the sidecar takes',
      () => running.process.stdin.writableLength,
    );
    // It has not been swallowed: the agent does not read, and the sidecar does not keep it.
    expect(left).toBeGreaterThan(1);
    const found = await sip(running.process.stdout, Number.POSITIVE_INFINITY);
    expect(found).toEqual(expectFlood(floodBytes));
    expect(await within('the end', running.ended)).toEqual({ code: 0, signal: null });
    const heard = readFileSync(join(stage.folder, 'heard'));
    expect(heard.equals(Buffer.concat(Array.from({ length: blocks }, () => block)))).toBe(true);
  });
});
