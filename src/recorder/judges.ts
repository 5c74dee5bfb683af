/** What is decided at each gate. A gate with no judge here lets everything pass. */
import type { Words } from '../acp/prompt-place.ts';
import { whyUnread } from '../acp/why-unread.ts';
import type { GateVerdict } from '../wire/notes.ts';
import type { Keeping } from './keeping.ts';
import type { Drift } from './open-drift.ts';
import type { Guard } from './open-guard.ts';
import type { Layers } from './open-layers.ts';

export type Judge = (line: string) => GateVerdict | Promise<GateVerdict>;

export type JudgePorts = {
  /** clew's own version, for the greeting. */
  readonly version: string;
  /** The methods that a client may call in-band. */
  methods(): Promise<readonly string[]>;
  /** Answers a line with one of them, in its own time. */
  takeOwn(line: string): Promise<void>;
  /** False when what the line cancels is not such a one. */
  cancelOwn(line: string): boolean;
  /** The text of a message's id, exactly as it was on the wire. */
  rawIdOf(line: string): string | undefined;
  readonly drift: Pick<Drift, 'beforePrompt'>;
  readonly layers: Pick<Layers, 'beforePrompt'>;
  /** Where words can be put before a prompt's own. */
  placeBeforePrompt(line: string, words: Words): { before: string; block: string } | undefined;
  readonly keeping: Pick<Keeping, 'beforePrompt' | 'beforePermission'>;
  /** The agent gets its prompt when it is started. */
  beforeRun(): Promise<void>;
  readonly guard: Omit<Guard, 'watch' | 'close'>;
};

const pass: GateVerdict = { kind: 'pass' };
const absorb: GateVerdict = { kind: 'absorb' };
const encoder = new TextEncoder();

export function openJudges(ports: JudgePorts): Readonly<Record<string, Judge>> {
  return {
    hello: async (line) => {
      ports.guard.optIn();
      return { kind: 'replace', line: announce(line, await ports.methods(), ports) };
    },
    start: async () => {
      await ports.beforeRun();
      return pass;
    },
    prompt: async (line) => {
      const put = (words: Words) => ports.placeBeforePrompt(line, words);
      const putText = (text: string) => put({ text });
      const placing = [ports.layers.beforePrompt(put), ports.drift.beforePrompt(putText)];
      const [places] = await Promise.all([Promise.all(placing), ports.keeping.beforePrompt()]);
      const found = places.filter((it) => it !== undefined);
      const [place] = found;
      if (place === undefined) return pass;
      const atByte = Buffer.byteLength(place.before);
      return { kind: 'insert', atByte, bytes: encoder.encode(joinBlocks(found)) };
    },
    write: unlessUnread((line) => ports.guard.judgeWrite(line)),
    permission: unlessUnread(async (line) => {
      await ports.keeping.beforePermission();
      return ports.guard.judgePermission(line);
    }),
    answer: unlessUnread((line) => ports.guard.judgeAnswer(line)),
    question: (line) => ports.guard.settle(line),
    // Taken out of the stream at once; the answer comes when it is ready, and holds nobody up.
    own: async (line) => {
      await ports.takeOwn(line);
      return absorb;
    },
    cancel: (line) => (ports.cancelOwn(line) ? absorb : pass),
  };
}

/** What the recorder does not read is not judged either: it would hold the thread for too long. */
function unlessUnread(judge: Judge): Judge {
  return (line) => (whyUnread(line) === undefined ? judge(line) : pass);
}

/** Where something follows each ends with a comma; in an empty prompt none does. */
function joinBlocks(places: readonly { readonly block: string }[]): string {
  const blocks = places.map(({ block }) => block.replace(/,$/, ''));
  const ending = places[0]?.block.endsWith(',') === true ? ',' : '';
  return `${blocks.join(',')}${ending}`;
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
