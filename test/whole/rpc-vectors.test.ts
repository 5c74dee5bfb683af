/** Every malformed frame and message gets its answer, and the stream recovers or is closed with the reason. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { rawValueAt } from '../../src/acp/raw-value.ts';
import { splitArray } from '../../src/rpc/json-text.ts';
import { type FramingName, openRawServer, type RawServer } from './raw-server.ts';
import { openStage } from './stage.ts';
import { within } from './until.ts';

type Wanted = { id: string; code?: number } | { batch: { id: string; code?: number }[] };
type Piece =
  | string
  | { fill: string; times: number }
  | { body: string }
  | { bodyHex: string }
  | { bodyFill: [string, string, number, string, string, number, string] };
type Vector = {
  name: string;
  framing: FramingName | 'both';
  in: Piece[];
  out: Wanted[];
  /** The server ends the connection, or we do. */
  ends?: true;
  leaves?: true;
};

const vectors = readFileSync(join(import.meta.dirname, 'cases/rpc-vectors.ndjson'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Vector);
const framings = ['content-length', 'ndjson'] as const;
const limits = ['--body-limit', '1M'];
/** Of one written piece; what is longer is written in several. */
const pieceBytes = 1 << 20;
const memoryLimitMb = 300;

let passed = 0;
const total = framings.flatMap((it) => vectorsOf(it)).length;
afterAll(() => void process.stdout.write(`rpc vectors: ${passed} of ${total} passed\n`));

function vectorsOf(framing: FramingName): Vector[] {
  return vectors.filter((it) => it.framing === framing || it.framing === 'both');
}

function* spell(server: RawServer, piece: Piece): Generator<Buffer> {
  if (typeof piece === 'string') yield Buffer.from(piece);
  else if ('body' in piece) yield server.frame(piece.body);
  else if ('bodyHex' in piece) yield server.frame(Buffer.from(piece.bodyHex, 'hex'));
  else if ('bodyFill' in piece) {
    const [start, open, opens, middle, close, closes, end] = piece.bodyFill;
    yield server.frame(start + open.repeat(opens) + middle + close.repeat(closes) + end);
  } else {
    const { fill, times } = piece;
    const atOnce = Math.max(1, Math.floor(pieceBytes / fill.length));
    const whole = Buffer.from(fill.repeat(atOnce));
    for (let left = times; 0 < left; left -= atOnce)
      yield left < atOnce ? Buffer.from(fill.repeat(left)) : whole;
  }
}

/** What is short is written at once, so that all of it is read before any of it is answered. */
async function send(server: RawServer, { in: pieces }: Vector): Promise<void> {
  let held: Buffer[] = [];
  for (const piece of pieces)
    for (const bytes of spell(server, piece)) {
      held.push(bytes);
      if (bytes.length < pieceBytes) continue;
      await server.send(Buffer.concat(held));
      held = [];
      if (server.running.isOver()) return;
    }
  if (0 < held.length) await server.send(Buffer.concat(held));
}

function read(body: string): Wanted {
  if (body.startsWith('[')) return { batch: splitArray(body).map((it) => readOne(it)) };
  return readOne(body);
}

/** The id as it is written; the code of an error, which says what was wrong and is short about it. */
function readOne(body: string): { id: string; code?: number } {
  const message = JSON.parse(body) as {
    jsonrpc: string;
    error?: { code: number; message: string; data: { code: string } };
  };
  expect(message.jsonrpc).toBe('2.0');
  expect(Object.keys(message)).toHaveLength(3);
  const id = rawValueAt(body, ['id']) ?? 'none';
  if (message.error === undefined) return { id };
  expect(message.error.message).toMatch(/^[a-z$\d].{5,}/);
  expect(message.error.data.code).toMatch(/^[a-z-]+$/);
  expect(message.error.message.length).toBeLessThan(3_000);
  return { id, code: message.error.code };
}

/** In no order: whoever is answered first, in a batch too, is nobody's promise. */
const spelled = (all: readonly Wanted[]): string[] =>
  all.map((it) => JSON.stringify('batch' in it ? { batch: spelled(it.batch) } : it)).sort();

async function greet(server: RawServer): Promise<void> {
  expect((await server.ask('0', 'initialize', {})).error).toBeUndefined();
}

describe.each(framings)('%s', (framing) => {
  const own = vectorsOf(framing);

  test('the stream recovers after each of these', { timeout: 200_000 }, async () => {
    await using stage = openStage();
    const server = openRawServer(stage, framing, limits);
    await greet(server);
    const wrong: unknown[] = [];
    for (const [n, vector] of own.filter((it) => it.ends !== true).entries()) {
      await send(server, vector);
      const probe = `"probe ${n}"`;
      await server.send(server.frame(`{"jsonrpc":"2.0","id":${probe},"method":"no/such"}`));
      const bodies = await server.hear(vector.out.length + 1, probe);
      const heard = spelled(bodies.map(read).filter((it) => !('id' in it && it.id === probe)));
      if (JSON.stringify(heard) === JSON.stringify(spelled(vector.out))) passed += 1;
      else wrong.push({ name: vector.name, heard, wanted: spelled(vector.out) });
    }
    expect(wrong).toEqual([]);
    expect(peakMb(server)).toBeLessThan(memoryLimitMb);
    await server.ask('"last"', 'shutdown');
    await server.say('exit');
    expect(await within('the end', server.running.ended)).toEqual({ code: 0, signal: null });
    expect(server.take()).toEqual([]);
  });

  const ending = own.filter((it) => it.ends);
  test.each(ending.map((it) => [it.name, it] as const))('%s', async (_name, vector) => {
    await using stage = openStage();
    const server = openRawServer(stage, framing, limits);
    await greet(server);
    await send(server, vector);
    if (vector.leaves) server.running.process.stdin.end();
    expect(await within('the end', server.running.ended)).toEqual({ code: 1, signal: null });
    const bodies = server.take();
    expect(spelled(bodies.map(read))).toEqual(spelled(vector.out));
    if (vector.out.some((it) => 'code' in it && it.code === -32700)) {
      expect(bodies.join()).toContain('"closed":true');
      expect(server.running.stderr()).toMatch(/^clew: .*nothing more is read$/m);
    }
    passed += 1;
  });
});

/** The most memory that it ever had, where the system tells. */
function peakMb({ running }: RawServer): number {
  const status = readFileSync(`/proc/${running.pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
}
