/** The same methods for an ACP client that asked for them: its requests come out of the stream, answers go into it. */
import { PassThrough, Writable } from 'node:stream';
import { rawValueAt } from '../acp/raw-value.ts';
import type { Calls } from '../shadow/calls.ts';
import { stretchWait } from '../wire/stretch-wait.ts';
import { protocolVersion } from './lifecycle.ts';
import { openEndpoint } from './open-endpoint.ts';
import { openHost } from './open-host.ts';
import { keyOf } from './read-message.ts';

export type InBand = {
  /** A line with a method of ours. Fulfilled when another may come. */
  take(line: string): Promise<void>;
  /** A line that cancels a request: false when it is none of ours. */
  cancel(line: string): boolean;
  close(): Promise<void>;
};

export type InBandOptions = {
  /** Any folder of the workspace. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly command: readonly string[];
  findKeeper(root: string): Calls | undefined;
  /** Sends a line to the client. */
  inject(line: Uint8Array): void;
  say(text: string): void;
};

const prefix = '_clew/';
const bodyBytes = 16 << 20;
const openLimit = 64;
const timeLimitMs = 120_000;
const patienceMs = stretchWait(500);
/** The same thread records, and judges at gates. */
const entriesPerBatch = 200;

export function openInBand(options: InBandOptions): InBand {
  const { env, folder, command, say } = options;
  const input = new PassThrough();
  const host = openHost({
    ...{ env, folder, command, timeLimitMs, entriesPerBatch, say },
    findKeeper: options.findKeeper,
    // The sidecar writes down this connection's sessions itself, where they work.
    isWhole: false,
    protocol: protocolVersion,
    notify: (method, params) => endpoint.notify(`${prefix}${method.replace('$/', '')}`, params),
    keepsUp: () => true,
  });
  const endpoint = openEndpoint({
    input,
    output: new Writable({
      write(line: Buffer, _encoding, done) {
        options.inject(line);
        done();
      },
    }),
    framing: 'ndjson',
    ...{ bodyBytes, openLimit },
    cancelling: { method: '$/cancel_request', field: 'requestId' },
    complain: say,
    ended: () => undefined,
    answer: (method, params, signal) => answer(method, params, signal),
    hear: async (method, params) =>
      void (await answer(method, params, new AbortController().signal)),
  });

  async function answer(method: string, params: unknown, signal: AbortSignal): Promise<unknown> {
    await host.openUsual();
    return host.answer(method.slice(prefix.length), params, signal);
  }

  function write(line: string): boolean {
    return input.write(line.endsWith('\n') ? line : `${line}\n`);
  }

  return {
    async take(line) {
      if (write(line)) return;
      await new Promise<void>((done) => input.once('drain', done));
    },
    cancel(line) {
      const raw = rawValueAt(line, ['params', 'requestId']);
      if (raw === undefined || !endpoint.isOpen(keyOf(JSON.parse(raw), raw))) return false;
      write(line);
      return true;
    },
    async close() {
      await endpoint.close();
      await host.close(patienceMs);
    },
  };
}
