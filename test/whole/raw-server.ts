/** `clew serve` as a process, spoken to in bytes: what it says is cut into bodies by rules of its own. */
import type { Running, Stage } from './stage.ts';
import { clew } from './stage.ts';
import { until, within } from './until.ts';

export type FramingName = 'content-length' | 'ndjson';

export type RawServer = {
  readonly running: Running;
  /** Resolves when the bytes are on their way, or nobody reads them any more. */
  send(bytes: Buffer | string): Promise<void>;
  frame(body: Buffer | string): Buffer;
  /** What it said since the last time. */
  take(): string[];
  /** Resolves with all that was said when it is so many, or when a part of one is this text. */
  hear(count: number, text?: string): Promise<string[]>;
  ask(id: string, method: string, params?: object): Promise<Answer>;
  say(method: string, params?: object): Promise<void>;
  leave(): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
};

export type Answer = {
  readonly result?: never;
  readonly error?: { code: number; message: string; data?: Record<string, unknown> };
};

export function openRawServer(
  stage: Stage,
  framing: FramingName,
  more: readonly string[] = [],
): RawServer {
  const command = [process.execPath, clew, 'serve', '--stdio', '--framing', framing, ...more];
  const running = stage.start(command);
  const { stdin, stdout } = running.process;
  let unread: Buffer = Buffer.alloc(0);
  let bodies: string[] = [];
  stdout.on('data', (chunk: Buffer) => {
    unread = Buffer.concat([unread, chunk]);
    for (;;) {
      const cut = framing === 'ndjson' ? cutLine(unread) : cutFrame(unread);
      if (cut === undefined) return;
      bodies.push(cut.body);
      unread = cut.rest;
    }
  });

  function frame(body: Buffer | string): Buffer {
    const bytes = Buffer.from(body);
    return framing === 'ndjson'
      ? Buffer.concat([bytes, Buffer.from('\n')])
      : Buffer.concat([Buffer.from(`Content-Length: ${bytes.length}\r\n\r\n`), bytes]);
  }

  const send = (bytes: Buffer | string) =>
    new Promise<void>((done) => {
      stdin.write(bytes, () => done());
    });

  async function hear(count: number, text?: string): Promise<string[]> {
    const isHeard = () =>
      count <= bodies.length && (text === undefined || bodies.some((it) => it.includes(text)));
    await until(`${count} messages, one with ${text}`, isHeard);
    return bodies.splice(0);
  }

  return {
    running,
    frame,
    send,
    take: () => bodies.splice(0),
    hear,
    async ask(id, method, params) {
      const said = params === undefined ? '' : `,"params":${JSON.stringify(params)}`;
      await send(frame(`{"jsonrpc":"2.0","id":${id},"method":"${method}"${said}}`));
      const mine = () => bodies.find((it) => it.startsWith(`{"jsonrpc":"2.0","id":${id},`));
      const body = await until(`the answer to ${method}`, mine);
      bodies = bodies.filter((it) => it !== body);
      return JSON.parse(body) as Answer;
    },
    say: (method, params) =>
      send(frame(JSON.stringify({ jsonrpc: '2.0', method, ...(params && { params }) }))),
    leave() {
      stdin.end();
      return within('the end', running.ended);
    },
  };
}

function cutLine(unread: Buffer) {
  const end = unread.indexOf('\n');
  if (end === -1) return undefined;
  return { body: unread.toString('utf8', 0, end), rest: unread.subarray(end + 1) };
}

/** Also the header is held against what it must look like. */
function cutFrame(unread: Buffer) {
  const end = unread.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const header = unread.toString('latin1', 0, end);
  const length = /^Content-Length: (\d+)$/.exec(header)?.[1];
  if (length === undefined) throw new Error(`that is no header: ${header}`);
  const from = end + 4;
  const to = from + Number(length);
  if (unread.length < to) return undefined;
  return { body: unread.toString('utf8', from, to), rest: unread.subarray(to) };
}
