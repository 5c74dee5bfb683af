/** An agent that prints JSON and has no editor: what it prints goes on as it is, and is noted beside that. */
import type { Writable } from 'node:stream';
import { startAgent } from '../wire/agent-process.ts';
import { openStandardOutput } from '../wire/standard-output.ts';
import { awaitDrained } from './await-drained.ts';
import { type BackLink, openBackLink } from './back-link.ts';
import { describeDeparture, exitCodeOf, farewellOf, signalNumber } from './departures.ts';
import { openFlow } from './flow.ts';
import type { Gate } from './gates.ts';
import { openLifetime } from './lifetime.ts';
import type { SidecarOptions } from './sidecar-options.ts';
import { watchSignals } from './watch-signals.ts';

type ExecPorts = {
  /** The back thread's file. */
  readonly entry: URL;
  say(text: string): void;
};

/** Its prompt is in its command: what can be waited for is only that it is started at all. */
const start: Gate = {
  name: 'start',
  judge: 'start',
  from: 'agent',
  deadlineMs: 4_000,
  overdue: 'pass',
  needle: '',
};
/** For somebody who does not read what is left, when we are told to leave. */
const hurriedMs = 500;

/** Resolves with the exit code when the agent is gone and everything is written. */
export async function runExec(options: SidecarOptions, ports: ExecPorts): Promise<number> {
  const link = openBackLink(ports.entry, options, {
    inject: () => undefined,
    lost: () => undefined,
    say: ports.say,
  });
  await new Promise<void>((resolve) => link.ask(start, () => resolve()));
  // At a terminal it shall see that terminal, and not wait for the end of a pipe.
  const isTyped = process.stdin.isTTY === true;
  const agent = startAgent(options.command, options.run, isTyped ? 'inherit' : 'pipe');
  const life = openLifetime(agent, options.patience);
  const output = openFlow(agent.stdout, openStandardOutput(), () => life.stopNow());
  if (!isTyped) feed(agent.stdin, link);
  let hasSpoken = false;
  agent.stdout.on('data', (chunk: Buffer) => {
    hasSpoken = true;
    output.send(chunk);
    link.note('agent', chunk);
  });
  const stopped = watchSignals(life);

  const departure = await agent.departed;
  await Promise.all([life.clearGroup(), awaitDrained(agent, () => stopped() !== undefined)]);
  const message = describeDeparture(departure, options.command, hasSpoken);
  const signal = stopped();
  if (message !== undefined && signal === undefined && !hasSpoken) ports.say(message);
  await new Promise<void>((resolve) => {
    output.finish(resolve);
    if (signal !== undefined) setTimeout(resolve, hurriedMs);
  });
  await link.close(farewellOf(departure, false, stopped()), () => stopped() !== undefined);
  const last = stopped();
  return last === undefined ? exitCodeOf(departure) : 128 + signalNumber(last);
}

/** Its stdin ends when ours does; the agent goes on, for that was only its prompt. */
function feed(stdin: Writable, link: BackLink): void {
  const input = openFlow(process.stdin, stdin, () => undefined);
  process.stdin.on('data', (chunk: Buffer) => {
    input.send(chunk);
    link.note('editor', chunk);
  });
  const end = () => {
    stdin.end();
  };
  process.stdin.once('end', end);
  process.stdin.once('close', end);
  process.stdin.once('error', () => process.stdin.destroy());
}
