/** The slow path: takes what the front thread noted, understands it, and writes down what happened. */
import type { Event } from '../contract/types.gen.ts';
import type { Note } from '../journal/entry.ts';
import {
  type AgentGone,
  type BytesDropped,
  type Farewell,
  type GateAsked,
  type GateTimedOut,
  type GateVerdict,
  noteKind,
} from '../wire/notes.ts';
import type { Desks } from './desks.ts';
import type { Judge } from './judges.ts';
import { openTraffic, type Side } from './traffic.ts';

type Line = { from: Side; text: string; bytes: number; mono: number };

export type RecorderPorts = {
  readonly lineLimitBytes: number;
  readonly desks: Desks;
  readonly judges: Readonly<Record<string, Judge>>;
  readonly conversation: {
    read(line: Line): readonly Note[];
    readRun(lines: string, mono: number): readonly Note[] | undefined;
    flush(mono: number): readonly Note[];
    close(mono: number): readonly Note[];
    pending(from: Side): readonly { id: string; method: string }[];
    forget(from: Side, line: string): void;
  };
  redact(event: Event): Event;
  mono(): number;
  /** Told of everything that is written down. */
  watch(note: Note): void;
  /** Something of what is going on may have moved. */
  moved(): void;
  /** Before each line, or each few that are read at once; a test lets it fail. */
  passLines(lines: string): void;
  judged(id: number, verdict: GateVerdict): void;
  unanswered(lines: readonly Uint8Array[]): void;
  /** A fault of ours that did no harm beyond what it says. */
  complain(doing: string, error: unknown): void;
};

export type Recorder = {
  take(kind: number, mono: number, payload: Buffer): void;
  /** About once a second: what is being said is written down as far as it came. */
  flush(mono: number): void;
  /** What clew itself says in the name of one side. */
  hear(from: Side, text: string): void;
  /** The agent's request goes on in another wording, and under the same id. */
  hearInstead(text: string): void;
  /** When the line that is being read came in. */
  readonly heard: number;
  /** Set when the front thread has said farewell. */
  readonly farewell: Farewell | undefined;
};

/** After these a person may rely on what was written, so they are brought to the disk at once. */
const milestones: ReadonlySet<Event['type']> = new Set([
  'turn-ended',
  'permission-answered',
  'session-closed',
]);

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function openRecorder(ports: RecorderPorts): Recorder {
  const lastLine: Partial<Record<Side, string>> = {};
  let farewell: Farewell | undefined;
  let heard = 0;

  function write(note: Note): void {
    ports.desks.write({ ...note, event: ports.redact(note.event) });
    ports.watch(note);
  }

  function writeAll(notes: readonly Note[]): void {
    let isMilestone = false;
    for (const note of notes) {
      write(note);
      isMilestone ||= milestones.has(note.event.type);
    }
    if (isMilestone)
      ports.desks.acknowledge().catch((error) => ports.complain('writing to the disk', error));
  }

  const traffic = openTraffic(ports.lineLimitBytes, {
    line(line) {
      ports.passLines(line.text);
      lastLine[line.from] = line.text;
      heard = line.mono;
      try {
        writeAll(ports.conversation.read(line));
      } catch (error) {
        ports.complain('understanding a line', error);
      }
    },
    lines(from, text, mono) {
      if (from === 'editor') return false;
      heard = mono;
      const notes = ports.conversation.readRun(text, mono);
      if (notes === undefined) return false;
      ports.passLines(text);
      writeAll(notes);
      return true;
    },
    event: (event) => write({ event }),
  });

  async function judge(asked: GateAsked): Promise<void> {
    let verdict: GateVerdict = { kind: 'pass' };
    try {
      // Before the agent is started there is no line.
      const line = asked.judge === 'start' ? '' : lastLine[asked.from];
      if (line !== undefined) verdict = (await ports.judges[asked.judge]?.(line)) ?? verdict;
    } catch (error) {
      ports.complain(`judging ${asked.judge}`, error);
    }
    // What its sender gets for an answer is the answer.
    if (verdict.kind === 'answer')
      hear(asked.from === 'agent' ? 'editor' : 'agent', decoder.decode(verdict.line));
    ports.judged(asked.id, verdict);
  }

  function hear(from: Side, text: string): void {
    heard = ports.mono();
    writeAll(ports.conversation.read({ from, text, bytes: text.length, mono: heard }));
  }

  /** The agent left requests open: each gets an error, which is also what the journal says. */
  function answerUnanswered(gone: AgentGone, mono: number): void {
    const lines = ports.conversation.pending('editor').map(({ id }) => {
      const error = { code: -32022, message: gone.message, data: { code: gone.code } };
      return `{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify(error)}}`;
    });
    ports.unanswered(lines.map((it) => encoder.encode(`${it}\n`)));
    for (const text of lines)
      writeAll(ports.conversation.read({ from: 'agent', text, bytes: text.length, mono }));
  }

  function tell(kind: number, mono: number, payload: Buffer): void {
    const said: unknown = JSON.parse(payload.toString('utf8'));
    if (kind === noteKind.gateAsked) void judge(said as GateAsked);
    else if (kind === noteKind.gateTimedOut)
      write({ event: { type: 'gate-timed-out', ...(said as GateTimedOut) } });
    else if (kind === noteKind.bytesDropped) {
      const { from, lines, bytes, isMidLine } = said as BytesDropped;
      traffic.lost(from, isMidLine);
      write({ event: { type: 'notes-dropped', from, lines, bytes } });
    } else if (kind === noteKind.agentGone) answerUnanswered(said as AgentGone, mono);
    else if (kind === noteKind.farewell) {
      traffic.end(mono);
      heard = mono;
      writeAll(ports.conversation.close(mono));
      farewell = said as Farewell;
    }
  }

  return {
    take(kind, mono, payload) {
      if (kind === noteKind.editorBytes) traffic.bytes('editor', payload, mono);
      else if (kind === noteKind.agentBytes) traffic.bytes('agent', payload, mono);
      else tell(kind, mono, payload);
      ports.moved();
    },
    hear,
    hearInstead(text) {
      ports.conversation.forget('agent', text);
      hear('agent', text);
    },
    flush(mono) {
      heard = mono;
      writeAll(ports.conversation.flush(mono));
    },
    get heard() {
      return heard;
    },
    get farewell() {
      return farewell;
    },
  };
}
