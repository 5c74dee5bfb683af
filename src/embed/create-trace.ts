/** Lets any host record what its agent does, step by step: each has a row from its start, and one end. */
import { cutPart } from '../acp/cut-text.ts';
import type { Note } from '../journal/entry.ts';
import {
  type OpenStep,
  openStep,
  partLength,
  type StepAbout,
  type StepEnd,
} from '../recorder/open-step.ts';
import { openClock } from '../store/clock.ts';
import type { Progress } from '../store/serve-progress.ts';
import { mintUlid } from '../store/ulid.ts';

/** Where a trace goes: a workspace's journal (openTraceSink), or wherever the host likes. */
export type TraceSink = {
  write(note: Note): void;
  /** Gone in a moment, and never written down. */
  progress(progress: Progress): void;
};

export type SessionAbout = {
  readonly title?: string;
  readonly cwd?: string;
  readonly model?: string;
  /** The session whose sub-session this is. */
  readonly parent?: string;
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
  const open = new Set<OpenStep>();
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
    for (const step of open) step.end('interrupted');
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
      const active = openStep({ write, turn: own.id, id: mint(), mono: clock.mono }, step);
      open.add(active);
      const ended = <T>(value: T) => {
        open.delete(active);
        return value;
      };
      return {
        id: active.id,
        progress({ content }) {
          if (open.has(active)) sink.progress({ session: id, step: active.id, content, from: 0 });
        },
        complete: (it) => ended(active.end('completed', it)),
        fail: (why, it) => ended(active.end('failed', { ...it, problem: tellProblem(why) })),
      };
    },
    complete: () => end('end_turn'),
    fail: (why) => end('error', tellProblem(why)),
  };
}

function headOf(text: string): string {
  return text.slice(0, cutPart(text, partLength));
}

function tellProblem(why: string | Error): string {
  return typeof why === 'string' ? why : why.message;
}
