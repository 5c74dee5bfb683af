/** Lets any host record what its agent does, step by step: each has a row from its start, and one end. */
import { createHash } from 'node:crypto';
import { cutPoint, hardCut } from '../acp/cut-text.ts';
import { known } from '../acp/shape.ts';
import type { Attachment, Claim, StepStarted } from '../contract/types.gen.ts';
import type { Note } from '../journal/entry.ts';
import { openClock } from '../store/clock.ts';
import type { Progress } from '../store/serve-progress.ts';
import { mintUlid } from '../store/ulid.ts';

/** Where a trace goes: a workspace's journal (openTraceSink), or wherever the host likes. */
export type TraceSink = {
  write(note: Note): void;
  /** Gone in a moment, and never written down. */
  progress(progress: Progress): void;
};

export type TraceSource = Attachment;
export type TraceFile = Pick<Claim, 'path' | 'operation' | 'line' | 'added' | 'removed'>;

export type SessionAbout = {
  readonly title?: string;
  readonly cwd?: string;
  readonly model?: string;
  /** The session whose sub-session this is. */
  readonly parent?: string;
};

export type StepAbout = {
  readonly kind: StepStarted['kind'];
  readonly title?: string;
  /** For messages; the agent's unless told. */
  readonly role?: 'agent' | 'user';
  readonly tool?: { readonly name?: string; readonly kind?: string; readonly call?: string };
  /** Id of the step that this one is a part of. */
  readonly parent?: string;
  /** The host's id of the message that it is, or is about. */
  readonly message?: string;
};

export type StepEnd = {
  /** What was said, or what a tool printed. */
  readonly content?: string;
  readonly sources?: readonly TraceSource[];
  /** Files that it names. */
  readonly files?: readonly TraceFile[];
  readonly message?: string;
  readonly exitCode?: number;
};

export type ActiveStep = {
  readonly id: string;
  /** What it has said or printed so far, whole. */
  progress(so: { readonly content: string }): void;
  /** False if it had ended. */
  complete(end?: StepEnd): boolean;
  fail(why: string | Error, end?: StepEnd): boolean;
};

export type SessionTrace = {
  readonly id: string;
  /** Something was asked of it. A step that comes without begins work of its own accord. */
  ask(prompt: string): void;
  step(about: StepAbout): ActiveStep;
  /** It has done what it was asked. Steps that are open are closed as interrupted. */
  complete(): void;
  fail(why: string | Error): void;
};

export type Trace = {
  /** The same for the same id. */
  session(id: string, about?: SessionAbout): SessionTrace;
};

const partLength = 16_384;
const outputLimit = 4096;

export function createTrace({ sink }: { readonly sink: TraceSink }): Trace {
  const sessions = new Map<string, SessionTrace>();
  return {
    session(id, about = {}) {
      const before = sessions.get(id);
      if (before !== undefined) return before;
      const fresh = openSession(sink, id, about);
      sessions.set(id, fresh);
      return fresh;
    },
  };
}

function openSession(sink: TraceSink, id: string, about: SessionAbout): SessionTrace {
  const clock = openClock();
  const mint = () => mintUlid(clock.now());
  const open = new Set<(outcome: 'interrupted') => void>();
  let turn: { readonly id: string; readonly mono: number } | undefined;
  const write = (event: Note['event']) => sink.write({ session: id, event });
  write({ type: 'session-opened', how: 'seen', agentSession: id, ...about });

  function begin(prompt?: string): { readonly id: string; readonly mono: number } {
    turn = { id: mint(), mono: clock.mono() };
    const asked = prompt === undefined ? {} : { prompt: headOf(prompt) };
    write({
      type: 'turn-started',
      turn: turn.id,
      origin: prompt === undefined ? 'agent' : 'prompt',
      ...asked,
    });
    return turn;
  }

  function end(outcome: string, problem?: string): void {
    for (const close of open) close('interrupted');
    open.clear();
    if (turn === undefined) return;
    const told = problem === undefined ? {} : { problem: { code: 0, message: problem } };
    const afterMs = Math.round(clock.mono() - turn.mono);
    write({ type: 'turn-ended', turn: turn.id, outcome, ...told, afterMs });
    turn = undefined;
  }

  return {
    id,
    ask(prompt) {
      end('end_turn');
      begin(prompt);
    },
    step(step) {
      const own = turn ?? begin();
      const active = openStep({ write, turn: own.id, mint, mono: clock.mono }, step, (told) =>
        sink.progress({ session: id, ...told }),
      );
      open.add(active.close);
      const ended = <T>(value: T) => {
        open.delete(active.close);
        return value;
      };
      return {
        id: active.id,
        progress: active.progress,
        complete: (it) => ended(active.end('completed', it)),
        fail: (why, it) => ended(active.end('failed', it, tellProblem(why))),
      };
    },
    complete: () => end('end_turn'),
    fail: (why) => end('error', tellProblem(why)),
  };
}

type Place = {
  write(event: Note['event']): void;
  readonly turn: string;
  mint(): string;
  mono(): number;
};

function openStep(
  { write, turn, mint, mono }: Place,
  about: StepAbout,
  tell: (told: Omit<Progress, 'session'>) => void,
) {
  const id = mint();
  const since = mono();
  const { tool, role, ...said } = about;
  let isOver = false;
  write({
    type: 'step-started',
    turn,
    step: id,
    ...said,
    ...(about.kind === 'message' ? { role: role ?? 'agent' } : {}),
    ...(about.kind === 'tool'
      ? { tool: { announced: true, ...tool, call: tool?.call ?? id } }
      : {}),
  });

  function sayContent(content: string): void {
    const as = about.kind === 'thought' ? 'thought' : (role ?? 'agent');
    let rest = content;
    for (let part = 0; rest !== ''; part += 1) {
      const cut = cutPart(rest);
      const text = rest.slice(0, cut);
      write({ type: 'message-said', turn, step: id, role: as, part, text });
      rest = rest.slice(cut);
    }
  }

  function end(
    outcome: 'completed' | 'failed' | 'interrupted',
    { content, sources, files, message, exitCode }: StepEnd = {},
    problem?: string,
  ): boolean {
    if (isOver) return false;
    isOver = true;
    const isTalk = about.kind === 'message' || about.kind === 'thought';
    if (isTalk && content !== undefined) sayContent(content);
    if (files !== undefined && files.length > 0) {
      const claims = files.map((it) => ({ ...it, source: 'tool-response' as const }));
      write({ type: 'files-claimed', turn, step: id, claims });
    }
    write({
      type: 'step-ended',
      step: id,
      outcome,
      afterMs: Math.round(mono() - since),
      ...(isTalk || content === undefined ? {} : { output: measure(content) }),
      ...known({ sources: sources && [...sources], message, exitCode, problem }),
    });
    return true;
  }

  return {
    id,
    end,
    close: (outcome: 'interrupted') => void end(outcome),
    progress({ content }: { readonly content: string }) {
      if (!isOver) tell({ step: id, content, from: 0 });
    },
  };
}

function measure(text: string) {
  const sha256 = createHash('sha256').update(text).digest('hex');
  const shown = text.slice(0, outputLimit);
  const cut = shown.length < text.length ? { cut: true } : {};
  return { bytes: Buffer.byteLength(text), sha256, text: shown, ...cut };
}

/** Where a secret does not end up in two parts. */
function cutPart(text: string): number {
  if (text.length <= partLength) return text.length;
  return cutPoint(text, partLength, true) || hardCut(text, partLength);
}

function headOf(text: string): string {
  return text.slice(0, cutPart(text));
}

function tellProblem(why: string | Error): string {
  return typeof why === 'string' ? why : why.message;
}
