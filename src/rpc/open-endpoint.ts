/** One end of a JSON-RPC connection: whatever is asked goes to one function, and comes back as its answer. */
import {
  type CancellationToken,
  createMessageConnection,
  type Logger,
  ResponseError,
} from 'vscode-jsonrpc/node';
import { problemOf } from '../errors.ts';
import { type LimiterOptions, openLimiter } from './limiter.ts';

export type EndpointOptions = LimiterOptions & {
  /** What it throws is the answer too. */
  answer(method: string, params: unknown, signal: AbortSignal): Promise<unknown>;
  hear(method: string, params: unknown): void | Promise<void>;
};

export type Endpoint = {
  notify(method: string, params: object): void;
  /** Whether a request by that id is not answered yet. */
  isOpen(key: string): boolean;
  /** False while much of what was sent still waits to be read. */
  keepsUp(): boolean;
  /** Resolves when every request that was taken is answered, and every notification dealt with. */
  settled(): Promise<void>;
  close(): Promise<void>;
};

const slowBytes = 1 << 20;

export function openEndpoint(options: EndpointOptions): Endpoint {
  const { complain } = options;
  const limiter = openLimiter(options);
  const logger: Logger = { error: complain, warn: complain, info: complain, log: complain };
  const connection = createMessageConnection(limiter.reader, limiter.writer, logger);

  connection.onRequest(async (method: string, params: unknown, token: CancellationToken) => {
    const leaving = new AbortController();
    if (token.isCancellationRequested) leaving.abort();
    const listening = token.onCancellationRequested(() => leaving.abort());
    try {
      return await options.answer(method, params, leaving.signal);
    } catch (error) {
      const { code, message, data } = problemOf(error);
      throw new ResponseError(code, message, data);
    } finally {
      listening.dispose();
    }
  });
  connection.onNotification(async (method: string, params: unknown) => {
    try {
      await options.hear(method, params);
    } catch (error) {
      // Nobody waits for an answer.
      complain(`${method} failed: ${problemOf(error).message}`);
    } finally {
      limiter.settleNotification();
    }
  });
  connection.listen();

  return {
    notify: (method, params) => void connection.sendNotification(method, params),
    isOpen: limiter.isOpen,
    keepsUp: () => options.output.writableLength < slowBytes,
    settled: limiter.settled,
    async close() {
      await limiter.close();
      connection.dispose();
    },
  };
}
