/** clew call and clew help rpc: any method from a shell, and what one takes. */
import { expect, test } from 'vitest';
import { methods } from '../../src/methods/table.ts';
import { recordWorkspace } from '../methods/recorded.ts';
import { sessions, smallStory } from '../methods/small-story.ts';
import { runHere } from './fake-io.ts';

const at = () => {
  const { root: cwd, env } = recordWorkspace(smallStory);
  return { cwd, env };
};

test('parameters are given as a word or on standard input', async () => {
  const world = at();
  const wanted = { sessions: [{ id: sessions[1] }], more: true };
  const json = await runHere(['call', 'session/list', '--json', '{"limit":1}'], world);
  expect([json.exit, JSON.parse(json.out)]).toMatchObject([0, wanted]);
  const readInput = async () => '{"limit":1}';
  const input = await runHere(['call', 'session/list', '-'], { ...world, readInput });
  expect(input.out).toBe(json.out);
  expect((await runHere(['call', 'session/list'], world)).exit).toBe(0);
});

test.each([
  [['call', 'sesion/list'], 'did you mean session/list?', 2],
  [['call', 'session/list', '--json', '{x'], 'the parameters are no JSON: {x', 2],
  [['call', 'session/list', '--json', '[]'], 'must be object', 2],
  [['call', 'session/list', '--json', '{"limit":0}'], '"field":"limit"', 2],
  [['call', 'session/list', 'x'], 'session/list takes no word: x', 2],
  [['call', 'session/list', '-', '--json', '{}'], 'two ways', 2],
  [['call', 'log/show', '--json', '{"id":"zzzz"}'], '"code":"unknown-id"', 5],
  [['call', 'session/start'], 'clew serve --stdio', 2],
])('%j is refused: %s', async (argv, why, exit) => {
  const ran = await runHere(argv, at());
  expect(ran.err).toContain(why);
  expect([ran.exit, ran.out]).toEqual([exit, '']);
});

test('every method is listed, completed and explained', async () => {
  const { out } = await runHere(['help', 'rpc'], {});
  const { out: completion } = await runHere(['completion', 'bash'], {});
  for (const name of Object.keys(methods)) {
    expect(out).toContain(`  ${name} `);
    expect(completion).toMatch(new RegExp(`[ ']${name.replace('.', '\\.')} `));
    const one = await runHere(['help', 'rpc', name], {});
    expect(one.out).toMatch(new RegExp(`^${name.replace('.', '\\.')}\\n\\n\\S`));
    expect(one.out).not.toMatch(/ $|undefined|\[object/m);
  }
  expect((await runHere(['help', 'rpc', 'initialize'], {})).out).toContain('protocolVersions');
  expect((await runHere(['help', 'rpc', 'log/qury'], {})).err).toContain('log/query');
});
