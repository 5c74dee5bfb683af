/** clew as a server on standard input and output: from the first byte to the exit code. */
import { constants } from 'node:os';
import { methods } from '../methods/table.ts';
import { waitAtMost } from '../recorder/wait-at-most.ts';
import { readVersion } from '../store/clew-version.ts';
import { openStandardError } from '../wire/standard-error.ts';
import { openStandardOutput } from '../wire/standard-output.ts';
import { stretchWait } from '../wire/stretch-wait.ts';
import type { FramingName } from './framing.ts';
import { openLifecycle, protocolVersion } from './lifecycle.ts';
import { openEndpoint } from './open-endpoint.ts';
import { openHost } from './open-host.ts';

export type ServerOptions = {
  readonly framing: FramingName;
  readonly workspace: string | undefined;
  readonly bodyBytes: number;
  /** 0 for none. */
  readonly timeLimitMs: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly command: readonly string[];
};

const openLimit = 256;
/** Longer nobody waits for what is being finished when the client has left. */
const patienceMs = stretchWait(2_000);
const farewellMs = 5_000;
const lookMs = 3_000;
const entriesPerBatch = 2_000;
const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** Resolves with the exit code when the connection is over and everything is written. */
export async function serveStdio(options: ServerOptions): Promise<number> {
  const write = openStandardError();
  // What a client calls its methods may be meant for the terminal that this is read in.
  const say = (text: string) => write(`clew: ${text.replaceAll(/\p{Cc}/gu, '\ufffd')}\n`);
  let leave: (code: number) => void = () => undefined;
  const leaving = new Promise<number>((resolve) => {
    leave = resolve;
  });
  let parent: NodeJS.Timeout | undefined;

  const host = openHost({
    env: options.env,
    folder: options.workspace,
    isWhole: true,
    timeLimitMs: options.timeLimitMs,
    entriesPerBatch,
    command: options.command,
    protocol: protocolVersion,
    notify: (method, params) => endpoint.notify(method, params),
    keepsUp: () => endpoint.keepsUp(),
    say,
  });
  // A workspace that cannot be opened is told before anybody speaks.
  await host.openUsual();
  await host.close();

  if (process.stdin.isTTY === true)
    say('waiting for JSON-RPC on standard input; `clew help rpc` says what can be asked');

  const lifecycle = openLifecycle({
    async greet(client, processId) {
      host.greet(client);
      parent = processId === undefined ? undefined : watchParent(processId, () => leave(1));
      const workspace = await host.openUsual();
      return {
        serverInfo: { name: 'clew', version: readVersion() },
        ...(workspace === undefined ? {} : { workspace }),
        capabilities: {
          methods: Object.keys(methods),
          ...{ cancellation: true, progress: true, batches: true },
          limits: {
            bodyBytes: options.bodyBytes,
            openRequests: openLimit,
            timeLimitMs: options.timeLimitMs,
          },
        },
      };
    },
    answer: host.answer,
    shutDown: () => host.close(),
    exit: (wasShutDown) => leave(wasShutDown ? 0 : 1),
  });
  const endpoint = openEndpoint({
    input: process.stdin,
    output: openStandardOutput(),
    framing: options.framing,
    bodyBytes: options.bodyBytes,
    openLimit,
    cancelling: { method: '$/cancelRequest', field: 'id' },
    complain: say,
    ended(how) {
      // Whoever has said everything may still want the answers.
      if (how === 'end') void endpoint.settled().then(() => leave(lifecycle.wasShutDown ? 0 : 1));
      else leave(1);
    },
    answer: lifecycle.answer,
    hear: lifecycle.hear,
  });
  for (const name of signals) process.once(name, () => leave(128 + constants.signals[name]));

  const code = await leaving;
  clearInterval(parent);
  await waitAtMost(farewellMs, Promise.all([endpoint.close(), host.close(patienceMs)]));
  return code;
}

/** Its stdin may be held open by somebody else. */
function watchParent(pid: number, gone: () => void): NodeJS.Timeout {
  const timer = setInterval(() => {
    try {
      process.kill(pid, 0);
    } catch (error) {
      // Somebody else's process lives too.
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') gone();
    }
  }, lookMs);
  return timer.unref();
}
