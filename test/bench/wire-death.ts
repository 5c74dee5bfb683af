/** How long the editor waits for a word about an agent that died while it was asked something. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { Bench } from './figure.ts';
import { commandOf, openPlace } from './link.ts';

const rounds = 12;
const agent = resolve(import.meta.dirname, '../whole/peers/agent.mjs');
const states = ['initialize', 'session/new', 'session/prompt'] as const;

/** Milliseconds from the question that kills it to the answer, which is an error. */
async function measure(on: (typeof states)[number]): Promise<number> {
  const place = openPlace();
  const says = '{"jsonrpc":"2.0","method":"_x/up"}\n';
  const behaviour = JSON.stringify({ says, dies: { on, signal: 'SIGKILL' } });
  const [program, ...args] = commandOf('clew', [process.execPath, agent, behaviour]);
  const options = { cwd: place.workspace, env: place.env };
  const child = spawn(program, args, { ...options, stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = new Promise((done) => child.on('close', done));
  let text = '';
  let wake = () => {};
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    wake();
  });
  const heard = async (words: string) => {
    while (!text.includes(words))
      await new Promise<void>((done) => {
        wake = done;
      });
  };
  await heard('_x/up');
  let tookMs = 0;
  for (const [id, method] of states.entries()) {
    const params = { protocolVersion: 1, sessionId: 's1', cwd: place.workspace, mcpServers: [] };
    const begin = performance.now();
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    await heard(`"id":${id},"${method === on ? 'error' : 'result'}"`);
    tookMs = performance.now() - begin;
    if (method === on) break;
  }
  await ended;
  place.remove();
  return tookMs;
}

export const wireDeath: Bench = {
  name: 'wire-death',
  about: 'from a question that the agent dies of to the error that the editor gets',
  async run() {
    const figures = [];
    for (const state of states) {
      const times: number[] = [];
      for (let round = 0; round < rounds; round += 1) times.push(await measure(state));
      const bar = { atMost: 1_000 };
      figures.push({
        name: `during ${state}`,
        unit: 'ms' as const,
        rounds: times,
        bar,
        isStrict: true,
      });
    }
    return figures;
  },
};
