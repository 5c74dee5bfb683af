/** Only a client that asks for clew gets anything of it, and then nothing else changes. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openEditor } from './editor.ts';
import { say, sayUpdate } from './hostile-frames.ts';
import type { Script, Step } from './peers/play.mjs';
import { wantedBy } from './peers/play.mjs';
import { checkThrough, compare, playScript } from './play-script.ts';
import { clew, openStage, peers, type Stage } from './stage.ts';
import { within } from './until.ts';

const asking = { _meta: { clew: {} }, fs: { readTextFile: true } };

type Hello = { agentCapabilities: { _meta: { clew: { methods: string[] } } } };

function start(stage: Stage) {
  const facts = join(stage.folder, 'facts');
  const agent = [process.execPath, join(peers, 'agent.mjs'), JSON.stringify({ facts })];
  const running = stage.sidecar(agent);
  return {
    running,
    editor: openEditor(running, stage.workspace),
    heard: () => readFileSync(facts, 'utf8'),
  };
}

describe.concurrent('a client that asks for clew', () => {
  test('is told its methods, and gets answers that the agent never hears of', async () => {
    await using stage = openStage();
    const { running, editor, heard } = start(stage);
    editor.ask('0', 'initialize', { protocolVersion: 1, clientCapabilities: asking });
    const { result } = await editor.answer('0');
    const { agentCapabilities, ...rest } = result as Hello;
    expect(rest).toEqual({ protocolVersion: 1, agentInfo: { name: 'peer', version: '1' } });
    const { methods } = agentCapabilities._meta.clew;
    expect(methods).toContain('_clew/workspace/status');
    for (const method of methods) expect(method).toMatch(/^_clew\//);

    for (const id of ['1', '"two"', '9007199254740993', '-1.50', '"a\\u0062c"']) {
      editor.ask(id, '_clew/workspace/status');
      expect((await editor.answer(id)).result).toMatchObject({ workspace: stage.workspace });
    }
    editor.ask('"no"', '_clew/no/such/method');
    expect((await editor.answer('"no"')).error?.code).toBe(-32601);
    editor.ask('"bad"', '_clew/log/show', { id: 7 });
    expect((await editor.answer('"bad"')).error?.code).toBe(-32602);
    // A notification gets no answer, and does not go on either.
    editor.say('{"jsonrpc":"2.0","method":"_clew/workspace/status"}');
    editor.ask('"other"', '_other/workspace/status');
    expect((await editor.answer('"other"')).result).toEqual({});
    editor.leave();
    await within('the end', running.ended);
    expect(heard()).toContain('_other/workspace/status');
    expect(
      heard()
        .split('\n')
        .filter((fact) => /_clew\//.test(fact)),
    ).toEqual([]);
    expect(editor.lines()).toHaveLength(9);
  });

  test.each([
    [1, 'agentCapabilities', { loadSession: true, _meta: { own: [1, 2], 'x.y': null } }],
    [2, 'capabilities', { session: { prompt: {} } }],
    [1, 'agentCapabilities', undefined],
  ])(
    'version %i: of the hello only the agent’s %s change',
    async (version, place, capabilities) => {
      await using stage = openStage();
      const id = '9007199254740993';
      const params = { protocolVersion: version, clientCapabilities: asking, capabilities: asking };
      const raw = (text: string) => Buffer.from(`${text}\n`);
      const result = { protocolVersion: version, [place]: capabilities, _meta: { kept: true } };
      const hello: Step = {
        from: 'editor',
        bytes: raw(
          `{"jsonrpc":"2.0","id":${id},"method":"initialize","params":${JSON.stringify(params)}}`,
        ),
      };
      const answer: Step = {
        from: 'agent',
        bytes: raw(`{"jsonrpc":"2.0","id":${id},"result":${JSON.stringify(result)}}`),
      };
      // Lockstep by bytes cannot be had where bytes are added, so nothing waits for the answer.
      const script: Script = {
        steps: [hello, answer],
        tails: { agent: raw('{"jsonrpc":"2.0" , "method":"_x/last"}') },
      };
      const { heard } = await playScript(stage, script, { main: clew });
      expect(compare('the agent hears', heard.agent, wantedBy('agent', script), 'sidecar')).toEqual(
        [],
      );
      const [first = '', second] = heard.editor.toString().split('\n');
      expect(second).toBe('{"jsonrpc":"2.0" , "method":"_x/last"}');
      expect(first).toContain(`"id":${id}`);
      const found = JSON.parse(first).result;
      expect(found[place]._meta.clew.methods).not.toEqual([]);
      delete found[place]._meta.clew;
      expect({ ...found, [place]: { ...found[place], _meta: { ...found[place]._meta } } }).toEqual({
        ...result,
        [place]: { ...capabilities, _meta: { ...(capabilities as { _meta?: object })?._meta } },
      });
    },
  );

  test('is told also when it has to say hello twice', async () => {
    await using stage = openStage();
    const behaviour = JSON.stringify({ refuses: 'initialize' });
    const agent = [process.execPath, join(peers, 'agent.mjs'), behaviour];
    const editor = openEditor(stage.sidecar(agent), stage.workspace);
    editor.ask('0', 'initialize', { protocolVersion: 2, capabilities: asking });
    expect((await editor.answer('0')).error?.message).toBe('not so');
    editor.ask('1', 'initialize', { protocolVersion: 1, clientCapabilities: asking });
    const { result } = await editor.answer('1');
    expect((result as Hello).agentCapabilities._meta.clew.methods).not.toEqual([]);
    editor.ask('2', '_clew/workspace/status');
    expect((await editor.answer('2')).result).toMatchObject({ workspace: stage.workspace });
  });

  test('gets everything else byte for byte, also what only looks like a method of clew', async () => {
    const params = { protocolVersion: 1, clientCapabilities: asking };
    const raw = (from: Step['from'], text: string): Step => ({
      from,
      bytes: Buffer.from(`${text}\n`),
    });
    const steps = [
      say('editor', { id: 0, method: 'initialize', params }),
      // The agent refuses, so there is nothing to announce anything in.
      say('agent', { id: 0, error: { code: -1, message: 'protocolVersion not known' } }),
      raw('editor', '{"jsonrpc":"2.0","id":1, "method":"_clewx/a"}'),
      raw('editor', '{"jsonrpc":"2.0","id":2, "method":"_clew"}'),
      raw(
        'editor',
        '{"jsonrpc":"2.0","id":3, "method":"_x/a","params":{"method":"_clew/workspace/status"}}',
      ),
      raw('agent', '{"jsonrpc":"2.0","id":1, "method":"_clew/workspace/status"}'),
      raw('editor', '{"jsonrpc":"2.0","id":1, "result":{"method":"_clew/workspace/status"}}'),
      raw('agent', '{"jsonrpc":"2.0", "method":"_clew/workspace/status"}'),
      raw('agent', '{"jsonrpc":"2.0","id":0, "result":{"protocolVersion":1 }}'),
      sayUpdate('_clew/ is only a word'),
    ];
    expect(await checkThrough({ steps }, clew)).toEqual([]);
  });
});

describe.concurrent('a client that does not', () => {
  const hellos = [
    ['says nothing of it', {}],
    ['says no', { _meta: { clew: false } }],
    ['says null', { _meta: { clew: null } }],
    ['means somebody else', { _meta: { clewless: {}, other: { clew: {} } } }],
    ['only mentions it', { note: '"_meta":{"clew":{}}' }],
  ] as const;
  test.each(hellos)('because it %s: _clew/x goes to the agent', async (_name, capabilities) => {
    const steps = [
      say('editor', {
        id: 0,
        method: 'initialize',
        params: { protocolVersion: 1, clientCapabilities: capabilities },
      }),
      say('agent', {
        id: 0,
        result: { protocolVersion: 1, agentCapabilities: { _meta: { a: 1 } } },
      }),
      say('editor', { id: 1, method: '_clew/workspace/status' }),
      say('agent', { id: 1, error: { code: -32601, message: 'no such method' } }),
      say('editor', { method: '_clew/x', params: {} }),
    ];
    expect(await checkThrough({ steps }, clew)).toEqual([]);
  });

  test('cannot ask for it later, in another message', async () => {
    const params = { clientCapabilities: asking };
    const steps = [
      say('editor', { id: 0, method: 'initialize', params: { protocolVersion: 1 } }),
      say('agent', { id: 0, result: { protocolVersion: 1, agentCapabilities: {} } }),
      say('editor', { id: 1, method: '_x/initialize', params }),
      say('agent', { id: 1, result: { protocolVersion: 1, agentCapabilities: {} } }),
      say('editor', { id: 2, method: '_clew/workspace/status' }),
    ];
    expect(await checkThrough({ steps }, clew)).toEqual([]);
  });
});
