/** What is decided at each gate. A gate with no judge here lets everything pass. */
import { problemOf } from '../errors.ts';
import type { GateVerdict } from '../wire/notes.ts';
import type { Keeping } from './keeping.ts';
import type { Guard } from './open-guard.ts';

export type Judge = (line: string) => GateVerdict | Promise<GateVerdict>;

export type JudgePorts = {
  /** clew's own version, for the greeting. */
  readonly version: string;
  /** The methods that a client may call in-band. */
  methods(): Promise<readonly string[]>;
  answer(method: string, params: unknown): Promise<unknown>;
  /** Sends a line to the editor. */
  inject(line: Uint8Array): void;
  /** The text of a message's id, exactly as it was on the wire. */
  rawIdOf(line: string): string | undefined;
  readonly keeping: Pick<Keeping, 'beforePrompt' | 'beforePermission'>;
  readonly guard: Omit<Guard, 'watch' | 'close'>;
};

const pass: GateVerdict = { kind: 'pass' };
const encoder = new TextEncoder();

export function openJudges(ports: JudgePorts): Readonly<Record<string, Judge>> {
  return {
    hello: async (line) => {
      ports.guard.optIn();
      return { kind: 'replace', line: announce(line, await ports.methods(), ports) };
    },
    prompt: async () => {
      await ports.keeping.beforePrompt();
      return pass;
    },
    write: (line) => ports.guard.judgeWrite(line),
    permission: async (line) => {
      await ports.keeping.beforePermission();
      return ports.guard.judgePermission(line);
    },
    answer: (line) => ports.guard.judgeAnswer(line),
    question: (line) => ports.guard.settle(line),
    // Taken out of the stream at once; the answer comes when it is ready, and holds nobody up.
    own: (line) => {
      void answerOwn(line, ports);
      return { kind: 'absorb' };
    },
  };
}

/** Adds clew's methods to what the agent says it can do, for a client that asked for them. */
function announce(line: string, methods: readonly string[], ports: JudgePorts): Uint8Array {
  const {
    jsonrpc: _jsonrpc,
    id: _id,
    result,
    ...rest
  } = JSON.parse(line) as Record<string, unknown>;
  const hello = result as Record<string, unknown>;
  const place = 'capabilities' in hello ? 'capabilities' : 'agentCapabilities';
  const capabilities = (hello[place] ?? {}) as { _meta?: object };
  const clew = { version: ports.version, methods: methods.map((it) => `_clew/${it}`) };
  hello[place] = { ...capabilities, _meta: { ...capabilities._meta, clew } };
  const body = JSON.stringify({ result: hello, ...rest }).slice(1);
  return encoder.encode(`{"jsonrpc":"2.0","id":${ports.rawIdOf(line)},${body}\n`);
}

/** A notification is answered by nothing, whatever came of it. */
async function answerOwn(line: string, ports: JudgePorts): Promise<void> {
  const message = JSON.parse(line) as { method: string; params?: unknown };
  const method = message.method.slice('_clew/'.length);
  const answered = await settle(() => ports.answer(method, message.params ?? {}));
  const id = ports.rawIdOf(line);
  if (id === undefined) return;
  const body = JSON.stringify('error' in answered ? answered.error : (answered.result ?? null));
  const key = 'error' in answered ? 'error' : 'result';
  ports.inject(encoder.encode(`{"jsonrpc":"2.0","id":${id},"${key}":${body}}\n`));
}

async function settle(
  work: () => Promise<unknown>,
): Promise<{ result: unknown } | { error: unknown }> {
  try {
    return { result: await work() };
  } catch (error) {
    return { error: problemOf(error) };
  }
}
