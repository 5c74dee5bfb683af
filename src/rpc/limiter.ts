/**
 * Stands between the stream and vscode-jsonrpc: what the library sees is well formed, bounded, and has ids
 * of ours. The library keeps ids as JavaScript numbers and one request for each id; here they are texts, and
 * go back exactly as they came.
 */
import type { Readable, Writable } from 'node:stream';
import {
  Disposable,
  Emitter,
  type Message as LibraryMessage,
  type MessageReader,
  type MessageWriter,
} from 'vscode-jsonrpc/node';
import { rawValueAt } from '../acp/raw-value.ts';
import { Failure } from '../errors.ts';
import type { Frame } from '../wire/frame-cutter.ts';
import { type FramingName, framings } from './framing.ts';
import { type Batch, misformed, openAnswers } from './open-answers.ts';
import { keyOf, type Message, readMessage } from './read-message.ts';

export type LimiterOptions = {
  readonly input: Readable;
  readonly output: Writable;
  readonly framing: FramingName;
  readonly bodyBytes: number;
  /** Requests that are not answered yet; more are refused at once. */
  readonly openLimit: number;
  /** The notification that cancels a request, and which of its parameters is the id. */
  readonly cancelling: { readonly method: string; readonly field: string };
  /** For a person: what was wrong, and that the stream is given up. */
  complain(text: string): void;
  /** The stream is over, or cannot be understood any more. */
  ended(how: 'end' | 'broken' | 'unwritable'): void;
};

export type Limiter = {
  readonly reader: MessageReader;
  readonly writer: MessageWriter;
  /** Whether a request by that id is not answered yet: see keyOf. */
  isOpen(key: string): boolean;
  /** A notification was dealt with. */
  settleNotification(): void;
  /** Resolves when every request that was taken is answered, and every notification dealt with. */
  settled(): Promise<void>;
  /** Resolves when everything that was sent is handed to the system, or cannot be. */
  close(): Promise<void>;
};

type Call = Message & { kind: 'call' };
type Open = { readonly id: string; readonly key: string; readonly batch: Batch | undefined };

/** As many notifications may wait; then nothing more is read until they are dealt with. */
const waitingLimit = 256;
/** As many bytes may wait for a client that does not read; then nothing more is read from it either. */
const unsentLimitBytes = 8 << 20;
/** The library's own. */
const cancelMethod = '$/cancelRequest';

export function openLimiter(options: LimiterOptions): Limiter {
  const { input, output, complain } = options;
  const { openCutter, frame } = framings[options.framing];
  const cutter = openCutter(options.bodyBytes);
  const open = new Map<number, Open>();
  const serials = new Map<string, number>();
  const [readErrors, writeErrors] = [new Emitter<Error>(), new Emitter<never>()];
  const [readCloses, writeCloses] = [new Emitter<void>(), new Emitter<void>()];
  const partials = new Emitter<never>();
  let deliver: (message: LibraryMessage) => void = () => undefined;
  let serial = 0;
  let waiting = 0;
  let isOver = false;
  const whenSettled: (() => void)[] = [];
  const isSettled = () => open.size === 0 && waiting === 0;
  const answers = openAnswers((body) => {
    if (!output.destroyed && !output.writableEnded) output.write(frame(body));
  });

  function tellSettled(): void {
    if (isSettled()) for (const tell of whenSettled.splice(0)) tell();
  }

  function takeMessage(message: Message, batch?: Batch): void {
    if (message.kind === 'call' && message.id !== undefined) takeRequest(message, batch);
    else if (message.kind === 'call') {
      takeNotification(message);
      batch?.leave();
    } else if (message.kind === 'wrong') {
      const { id, code, why } = message;
      answers.refuse(id, misformed(code, why), batch);
    } else {
      complain('an answer came to a question that nobody asked');
      batch?.leave();
    }
  }

  function takeRequest({ id = 'null', key = 'null', method, params }: Call, batch?: Batch): void {
    // With two of them under way nobody could tell their answers apart; null is no name for anything.
    if (key !== 'null' && serials.has(key)) {
      const why = `the id ${id} is that of a request which is not answered yet`;
      answers.refuse('null', new Failure('invalid-request', why, { data: { id, method } }), batch);
      return;
    }
    if (options.openLimit <= open.size) {
      answers.refuse(id, busy(options.openLimit), batch);
      return;
    }
    serial += 1;
    open.set(serial, { id, key, batch });
    serials.set(key, serial);
    deliver(withParams({ jsonrpc: '2.0', id: serial, method }, params));
  }

  function takeNotification({ method, params, text }: Call): void {
    const { cancelling } = options;
    if (method !== cancelling.method) {
      waiting += 1;
      deliver(withParams({ jsonrpc: '2.0', method }, params));
      return;
    }
    const { field } = cancelling;
    const raw = rawValueAt(text, ['params', field]);
    const told = (params as Record<string, unknown> | undefined)?.[field];
    const named = raw === undefined ? undefined : keyOf(told, raw);
    const id = named === undefined ? undefined : serials.get(named);
    // One that is answered already: its answer and this have met on the way.
    if (id !== undefined) deliver(withParams({ jsonrpc: '2.0', method: cancelMethod }, { id }));
  }

  function takeFrame(frame: Frame): void {
    if (frame.kind === 'refused')
      return answers.refuse('null', misformed('invalid-request', frame.why));
    if (frame.kind === 'broken') return breakOff(frame.why);
    const said = readMessage(frame.bytes);
    if ('one' in said) return takeMessage(said.one);
    const batch = answers.openBatch(said.batch.length);
    for (const message of said.batch) takeMessage(message, batch);
  }

  function read(chunk: Buffer): void {
    cutter.feed(chunk, takeFrame);
    holdBack();
  }

  function breakOff(why: string): void {
    if (isOver) return;
    complain(`${why}; nothing more is read`);
    answers.refuse('null', misformed('unreadable', why, { closed: true }));
    finish('broken');
  }

  function finish(how: 'end' | 'broken' | 'unwritable'): void {
    if (isOver) return;
    isOver = true;
    input.pause();
    input.removeListener('data', read);
    options.ended(how);
  }

  /** Reads on only while what was read is dealt with, and what was answered is taken. */
  function holdBack(): void {
    if (isOver) return;
    const isFull = waitingLimit < waiting || unsentLimitBytes < output.writableLength;
    if (isFull && !input.isPaused()) input.pause();
    else if (!isFull && input.isPaused()) input.resume();
  }

  output.on('drain', holdBack);
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') complain(`answers cannot be written: ${error.message}`);
    finish('unwritable');
  });

  return {
    reader: {
      onError: readErrors.event,
      onClose: readCloses.event,
      onPartialMessage: partials.event,
      listen(callback) {
        deliver = callback;
        input.on('data', read);
        input.on('end', () => {
          cutter.end(takeFrame);
          finish('end');
        });
        input.on('error', (error) => {
          complain(`nothing can be read: ${error.message}`);
          finish('end');
        });
        return Disposable.create(() => input.removeListener('data', read));
      },
      dispose: () => undefined,
    },
    writer: {
      onError: writeErrors.event,
      onClose: writeCloses.event,
      async write(message) {
        const { id, result, error, method } = message as unknown as Record<string, unknown>;
        if (method !== undefined) return answers.send(JSON.stringify(message));
        const asked = open.get(id as number);
        if (asked === undefined) return;
        open.delete(id as number);
        if (serials.get(asked.key) === id) serials.delete(asked.key);
        const body =
          error === undefined
            ? `"result":${JSON.stringify(result ?? null)}`
            : `"error":${JSON.stringify(error)}`;
        answers.answer(asked.id, body, asked.batch);
        tellSettled();
      },
      end: () => undefined,
      dispose: () => undefined,
    },
    isOpen: (key) => serials.has(key),
    settleNotification() {
      waiting -= 1;
      holdBack();
      tellSettled();
    },
    async settled() {
      if (!isSettled()) await new Promise<void>((done) => whenSettled.push(done));
    },
    async close() {
      finish('end');
      if (output.destroyed || output.writableEnded) return;
      await new Promise<void>((done) => {
        output.once('close', done);
        output.once('error', () => done());
        output.write('', () => done());
      });
    },
  };
}

function busy(limit: number): Failure {
  return new Failure('busy', `${limit} requests are not answered yet, which is as many as may be`, {
    data: { limit },
    hint: 'wait for an answer before you ask again',
  });
}

function withParams(message: object, params: object | undefined): LibraryMessage {
  return (params === undefined ? message : { ...message, params }) as LibraryMessage;
}
