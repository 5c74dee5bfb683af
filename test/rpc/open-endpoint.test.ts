/** An end of a connection by itself: the specification's examples, and what it does under pressure. */
import { readFileSync } from 'node:fs';
import { PassThrough, Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { Failure } from '../../src/errors.ts';
import { type EndpointOptions, openEndpoint } from '../../src/rpc/open-endpoint.ts';

type Example = { name: string; in: string; out?: unknown };
type Params = Record<string, number> & number[];

const examples = readFileSync('test/rpc/cases/json-rpc-examples.ndjson', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Example);

/** What the specification's server can do. */
const known: Readonly<Record<string, (params: Params) => unknown>> = {
  subtract: (params) => {
    const [minuend = params.minuend, subtrahend = params.subtrahend] =
      params.length === undefined ? [] : params;
    return Number(minuend) - Number(subtrahend);
  },
  sum: (params) => params.reduce((sum, it) => sum + it, 0),
  get_data: () => ['hello', 5],
  update: () => null,
  notify_hello: () => null,
  notify_sum: () => null,
};

async function answerKnown(method: string, params: unknown): Promise<unknown> {
  const act = known[method];
  if (act === undefined) throw new Failure('unknown-method', `there is no ${method}`);
  return act(params as Params);
}

function open(options: Partial<EndpointOptions> = {}) {
  const [input, output] = [new PassThrough(), new PassThrough({ highWaterMark: 1 << 30 })];
  const complaints: string[] = [];
  const endings: string[] = [];
  const endpoint = openEndpoint({
    ...{ input, output, framing: 'ndjson', bodyBytes: 1 << 20, openLimit: 4 },
    cancelling: { method: '$/cancelRequest', field: 'id' },
    complain: (text) => void complaints.push(text),
    ended: (how) => void endings.push(how),
    answer: answerKnown,
    hear: async (method, params) => void (await answerKnown(method, params)),
    ...options,
  });
  const heard = () =>
    String(output.read() ?? '')
      .split('\n')
      .filter((it) => it !== '')
      .map((it) => JSON.parse(it) as { id: unknown; result?: unknown; error?: { code: number } });
  return { endpoint, input, output, complaints, endings, heard };
}

let passed = 0;
afterAll(() => {
  process.stdout.write(`JSON-RPC 2.0 examples: ${passed} of ${examples.length} passed\n`);
});

test.each(examples.map((it) => [it.name, it] as const))('%s', async (_name, example) => {
  const { endpoint, input, heard } = open({ openLimit: 100 });
  input.end(`${example.in.replaceAll('\n', ' ')}\n`);
  await new Promise((done) => input.once('end', done));
  for (let n = 0; n < 20; n += 1) await turn();
  await endpoint.settled();
  const wanted = example.out === undefined ? [] : [example.out];
  const said = heard();
  if (Array.isArray(example.out)) {
    expect(said).toHaveLength(1);
    const byId = (all: unknown) => [...(all as unknown[])].sort(compareSpelled);
    expect(byId(said[0])).toMatchObject(byId(example.out));
    expect(said[0]).toHaveLength(example.out.length);
  } else expect(said).toMatchObject(wanted);
  expect(said).toHaveLength(wanted.length);
  passed += 1;
});

const compareSpelled = (a: unknown, b: unknown) => idOf(a).localeCompare(idOf(b));
const idOf = (it: unknown) => JSON.stringify((it as { id: unknown }).id);

describe('under pressure', () => {
  const ask = (id: number | string, method = 'wait') =>
    `${JSON.stringify({ jsonrpc: '2.0', id, method })}\n`;

  test('past the limit the answer is busy, at once, and later ones are taken again', async () => {
    const waiting: (() => void)[] = [];
    const { input, heard } = open({
      answer: () => new Promise((done) => waiting.push(() => done('done'))),
    });
    input.write([1, 2, 3, 4, 5, 6].map((it) => ask(it)).join(''));
    for (let n = 0; n < 20; n += 1) await turn();
    expect(heard().map((it) => [it.id, it.error?.code])).toEqual([
      [5, -32008],
      [6, -32008],
    ]);
    for (const go of waiting.splice(0)) go();
    for (let n = 0; n < 20; n += 1) await turn();
    expect(heard().map((it) => it.result)).toEqual(['done', 'done', 'done', 'done']);
    input.write(ask(5));
    for (let n = 0; n < 20; n += 1) await turn();
    expect(waiting).toHaveLength(1);
  });

  test('a request is cancelled by its id as it was written, in its own spelling', async () => {
    const { input, heard } = open({
      answer: (_method, _params, signal) =>
        new Promise((_, reject) => {
          const leave = () => reject(new Failure('cancelled', 'not wanted'));
          signal.addEventListener('abort', leave);
          if (signal.aborted) leave();
        }),
    });
    const cancel = (id: string) =>
      `{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":${id}}}\n`;
    const [big, near] = ['9007199254740993', '9007199254740992'];
    input.write(
      `{"jsonrpc":"2.0","id":${big},"method":"a"}\n{"jsonrpc":"2.0","id":"ab","method":"b"}\n`,
    );
    input.write(cancel(near) + cancel('"a\\u0062"'));
    for (let n = 0; n < 20; n += 1) await turn();
    expect(heard()).toMatchObject([{ id: 'ab', error: { code: -32800 } }]);
    input.write(cancel(big));
    for (let n = 0; n < 20; n += 1) await turn();
    expect(heard()).toMatchObject([{ error: { code: -32800 } }]);
  });

  test('nothing more is read while notifications wait', async () => {
    const waiting: (() => void)[] = [];
    const { input } = open({ hear: () => new Promise((done) => waiting.push(done)) });
    input.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'x' })}\n`.repeat(300));
    for (let n = 0; n < 400; n += 1) await turn();
    expect(input.isPaused()).toBe(true);
    expect(waiting).toHaveLength(300);
    for (const go of waiting.splice(0)) go();
    for (let n = 0; n < 20; n += 1) await turn();
    expect(input.isPaused()).toBe(false);
  });

  test('nothing more is read while answers are not taken', async () => {
    let taken: () => void = () => undefined;
    const output = new Writable({
      write(_chunk, _encoding, done) {
        taken = done;
      },
    });
    const { input } = open({ output, answer: async () => 'x'.repeat(9 << 20) });
    input.write(ask(1));
    for (let n = 0; n < 20; n += 1) await turn();
    input.write(ask(2));
    for (let n = 0; n < 20; n += 1) await turn();
    expect(input.isPaused()).toBe(true);
    taken();
    taken();
    for (let n = 0; n < 20; n += 1) await turn();
    expect(input.isPaused()).toBe(false);
  });

  test('a client that is gone is told of, and nothing is thrown', async () => {
    const gone = Object.assign(new Error('gone'), { code: 'EPIPE' });
    const output = new Writable({ write: (_chunk, _encoding, done) => done(gone) });
    const { input, endings, complaints, endpoint } = open({ output });
    input.write(ask(1, 'get_data'));
    for (let n = 0; n < 20; n += 1) await turn();
    expect([endings, complaints]).toEqual([['unwritable'], []]);
    endpoint.notify('x', {});
    await endpoint.close();
  });
});
