/** How much later the first byte comes, counted from the start of the program. */
import { spawn } from 'node:child_process';
import type { Bench } from './figure.ts';
import { commandOf, openPlace } from './link.ts';

const rounds = 25;

/** `node -e 0` that pipes: nothing is read from the disk but node itself. */
const bare = `
const [program, ...args] = process.argv.slice(1);
const agent = require('node:child_process').spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
process.stdin.pipe(agent.stdin);
agent.stdout.pipe(process.stdout);
agent.on('close', (code) => process.exit(code ?? 1));`;

/** cat is there at once, so what is measured is what stands before it. */
async function measure(command: readonly string[]): Promise<number> {
  const place = openPlace();
  const [program = '', ...args] = command;
  const begin = performance.now();
  const child = spawn(program, args, {
    cwd: place.workspace,
    env: place.env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise((done) => child.on('close', done));
  child.stdin.write(
    '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":1}}\n',
  );
  await new Promise((done) => child.stdout.once('data', done));
  const ms = performance.now() - begin;
  child.stdin.end();
  await ended;
  place.remove();
  return ms;
}

export const wireStartUp: Bench = {
  name: 'wire-start-up',
  about: 'from spawn to the first forwarded byte, against a bare `node -e` that pipes',
  async run() {
    const over: number[] = [];
    const noise: number[] = [];
    const total: number[] = [];
    const barely = [process.execPath, '-e', bare, 'cat'];
    await measure(barely);
    await measure(commandOf('clew', ['cat']));
    for (let round = 0; round < rounds; round += 1) {
      const first = await measure(barely);
      const clew = await measure(commandOf('clew', ['cat']));
      const again = await measure(barely);
      over.push(clew - (first + again) / 2);
      noise.push(again - first);
      total.push(clew);
    }
    return [
      { name: 'over bare', unit: 'ms', rounds: over, bar: { atMost: 60 } },
      { name: 'bare over itself (noise)', unit: 'ms', rounds: noise },
      { name: 'from spawn to first byte', unit: 'ms', rounds: total },
    ];
  },
};
