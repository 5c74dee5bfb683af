/** Every method of a real server, asked as its schema says, and in all the ways that its schema forbids. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { listMethods } from '../../schemas/open-rpc.ts';
import { type MethodSchema, readSchemas } from '../../schemas/read-schemas.ts';
import { failures } from '../../src/errors.ts';
import { compileSchema } from '../../src/methods/validate.ts';
import { type Answer, openRawServer, type RawServer } from './raw-server.ts';
import { openStage, type Stage } from './stage.ts';

const all = listMethods(readSchemas()).filter(({ schema }) => schema.$id.startsWith('rpc/'));
const placeless = ['message/rewind', 'rpc.discover', 'workspace/open'];

/** What they are about is not there: a log of another program, a session whose ground has moved. */
const unanswerable = ['attribution/import', 'drift/resolve'];

const covered = new Set<string>();
let answered = 0;
let refused = 0;
afterAll(() => {
  process.stdout.write(
    `rpc methods: ${covered.size} of ${all.length} covered, ${answered} valid calls answered with a result, ${refused} invalid calls refused\n`,
  );
});

/** Values that no schema with this type takes. */
const otherThan: Readonly<Record<string, readonly unknown[]>> = {
  string: [7, null, [], {}],
  integer: ['7', 1.5, null, {}],
  number: ['7', null, []],
  boolean: ['true', 1, null],
  array: [{}, 'a', null],
  object: [[], 'a', null],
};

/** Parameters that the schema forbids, each with what is wrong. */
function* spoil({ properties: { params }, examples }: MethodSchema): Generator<[string, object]> {
  const given = examples[0]?.params ?? {};
  yield ['an unknown field', { ...given, no_such_field: 1 }];
  yield ['a field called __proto__', JSON.parse(`{"__proto__":{"a":1}}`) as object];
  for (const name of params.required ?? []) {
    const { [name]: _, ...rest } = given as Record<string, unknown>;
    yield [`no ${name}`, rest];
  }
  for (const [name, wanted] of Object.entries(params.properties ?? {}))
    for (const value of otherThan[String(wanted['type'])] ?? [])
      yield [`${name} is ${JSON.stringify(value)}`, { ...given, [name]: value }];
}

let asked = 0;
function ask(server: RawServer, method: string, params: object): Promise<Answer> {
  asked += 1;
  return server.ask(String(asked), method, params);
}

/** A repository with a commit, so that all that can be answered is. */
async function openWorkspace() {
  const stage = openStage();
  const git = (...words: string[]) => execFileSync('git', words, { cwd: stage.workspace });
  git('init', '-q', '-b', 'main');
  mkdirSync(join(stage.workspace, 'src'));
  for (const name of ['a.txt', 'src/a.ts', 'src/math.js'])
    writeFileSync(join(stage.workspace, name), 'one\n');
  git('add', '.');
  git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '-m', 'x');
  const server = openRawServer(stage, 'content-length');
  const before = await Promise.all(all.map((it) => ask(server, it.name, {})));
  await ask(server, 'initialize', { clientInfo: { name: 'a test' } });
  const open = async () => {
    const opened = await ask(server, 'workspace/open', { folder: stage.workspace });
    return (opened.result as unknown as { workspace: string }).workspace;
  };
  return { stage, server, before, open };
}

type Names = Readonly<Record<string, string>>;

/** Of the last turn, which has only begun, nobody knows yet what there is to undo. */
function meant(method: string, stage: Stage, known: Names): object {
  if (method === 'workspace/open') return { folder: stage.workspace };
  return method.startsWith('undo/') ? { of: known['lived'] } : {};
}

/** What the examples name by ids of their own, begun for one call. */
async function beginFor(call: MethodCall, wanted: readonly string[]): Promise<Names> {
  const ask = async (method: string, params: object) =>
    ((await call(method, params)).result ?? {}) as unknown as Names;
  if (wanted.includes('id')) {
    const { task } = (await ask('task/add', { title: 'go on' })) as unknown as { task: Names };
    return task;
  }
  const { session = '' } = wanted.length === 0 ? {} : await ask('session/start', {});
  if (!wanted.includes('turn') && !wanted.includes('step')) return { session };
  const { turn = '' } = await ask('turn/start', { session });
  if (!wanted.includes('step')) return { session, turn };
  const { step = '' } = await ask('step/start', { turn, kind: 'tool' });
  return { session, turn, step };
}

type MethodCall = (method: string, params: object) => Promise<Answer>;

/** A turn that wrote a file, and its checkpoints. */
async function liveBefore(stage: Stage, call: MethodCall): Promise<Names> {
  const { session = '', turn = '' } = await beginFor(call, ['turn']);
  writeFileSync(join(stage.workspace, 'a.txt'), 'two\n');
  await call('file/did-write', { session, turn, path: 'a.txt' });
  const ended = (await call('turn/end', { turn })).result as unknown as Names;
  return { lived: turn, from: ended['checkpoint'] ?? '' };
}

function isInvented(value: unknown): boolean {
  return /^(01[JK].{23}|4k7)$/.test(String(value));
}

/** The example, with ids that there are. */
function nameReal(given: object, names: Names): object {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      isInvented(value) ? (names[name] ?? value) : value,
    ]),
  );
}

function judgeError(method: string, { error }: Answer): void {
  expect(error?.data, method).toBeDefined();
  const code = String(error?.data?.['code']);
  expect(Object.keys(failures), `${method} ${JSON.stringify(error)}`).toContain(code);
  expect(error?.code).toBe(failures[code as keyof typeof failures].rpc);
  expect(error?.message, method).toMatch(/^[^A-Z\n]/);
  expect(error?.data?.['hint'], `${method} has no hint for ${code}`).toBeTypeOf('string');
}

describe('every method', () => {
  test('is refused before initialize, and when its workspace is closed', async () => {
    const { stage, server, before, open } = await openWorkspace();
    await using _ = stage;
    for (const [n, answer] of before.entries()) {
      judgeError(all[n]?.name ?? '', answer);
      expect(answer.error?.code).toBe(-32002);
    }
    const workspace = await open();
    await ask(server, 'workspace/close', { workspace });
    for (const { name, schema } of all.filter((it) => !placeless.includes(it.name)))
      for (const place of [workspace, 'never-opened']) {
        const answer = await ask(server, name, { ...schema.examples[0]?.params, workspace: place });
        judgeError(name, answer);
        expect(answer.error?.code, name).toBe(-32032);
      }
    expect((await server.leave()).code).toBe(1);
  });

  test('takes what its schema says and nothing else, and the server stays', async () => {
    const { stage, server, open } = await openWorkspace();
    await using _ = stage;
    const workspace = await open();
    const call: MethodCall = (method, params) => ask(server, method, { ...params, workspace });
    const known = await liveBefore(stage, call);
    for (const { name, schema } of all) {
      await open();
      const place = placeless.includes(name) ? {} : { workspace };
      for (const [why, params] of spoil(schema)) {
        const answer = await ask(server, name, { ...params, ...place });
        judgeError(`${name}: ${why}`, answer);
        expect(answer.error?.code, `${name}: ${why} ${JSON.stringify(answer)}`).toBe(-32602);
        expect(answer.error?.data?.['field'], `${name}: ${why}`).toBeTypeOf('string');
        refused += 1;
      }
      const example = { ...schema.examples[0]?.params };
      const invented = ['session', 'turn', 'step', 'id'].filter((it) => isInvented(example[it]));
      const names = { ...known, ...(await beginFor(call, invented)) };
      const given = { ...nameReal(example, names), ...place };
      const answer = await ask(server, name, { ...given, ...meant(name, stage, known) });
      if (answer.error === undefined) {
        const check = await compileSchema(schema.$id, 'result');
        expect(check(answer.result) || check.errors, name).toBe(true);
        answered += 1;
      } else {
        expect(unanswerable, `${name} ${JSON.stringify(answer.error)}`).toContain(name);
        judgeError(name, answer);
        expect([-32601, -32602, -32603], `${name} ${JSON.stringify(answer.error)}`).not.toContain(
          answer.error.code,
        );
      }
      covered.add(name);
    }
    expect(server.take().filter((it) => it.includes('"error"'))).toEqual([]);
    expect((await ask(server, 'shutdown', {})).error).toBeUndefined();
    await server.say('exit');
    expect((await server.running.ended).code).toBe(0);
  });
});
