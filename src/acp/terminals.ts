/** Terminals as steps: the editor's (v1 `terminal/*`) and the agent's own (v2 updates). */

import { known } from '../journal/known.ts';
import { fromBase64 } from './base64.ts';
import { setBounded } from './bounded.ts';
import { appendStream, type Gathered, gatherNothing, readOutput } from './output.ts';
import { replayNow } from './replays.ts';
import { type Session, sessionOf } from './sessions.ts';
import { integerOf, isObject, type Shape, shapeOf, textOf, wordOf } from './shape.ts';
import { beginStep, endStep, makeStep, type Outcome, type StepBase } from './steps.ts';
import type { Ask, HearUpdate, Talk } from './talk.ts';
import { turnNow } from './turns.ts';

export type TerminalStep = StepBase & {
  readonly kind: 'terminal';
  readonly terminalId: string;
  gathered: Gathered;
  exit:
    | {
        readonly code: number | undefined;
        readonly signal: string | undefined;
        readonly mono: number;
      }
    | undefined;
  killed: boolean;
};

const titleLength = 1000;
const terminalLimit = 200;

/** `terminal/create`: the terminal is there when the editor has answered with its id. */
export const askTerminal: Ask = (talk, params) => {
  const agentId = wordOf(params.sessionId);
  if (agentId === undefined) return {};
  const session = sessionOf(talk, agentId);
  const turn = turnNow(talk, session);
  const words = [params.command, ...(Array.isArray(params.args) ? params.args : [])];
  const title = words
    .filter((it) => typeof it === 'string')
    .join(' ')
    .slice(0, titleLength);
  return {
    session,
    turn: turn.id,
    take(answer) {
      const terminalId =
        answer.kind === 'result' ? wordOf(shapeOf(answer.result).terminalId) : undefined;
      if (terminalId === undefined) return;
      const step = makeTerminal(talk, session, terminalId);
      beginStep(talk, session, step, { kind: 'terminal', title });
    },
  };
};

function makeTerminal(talk: Talk, session: Session, terminalId: string): TerminalStep {
  const step: TerminalStep = {
    ...makeStep(talk, turnNow(talk, session)),
    kind: 'terminal',
    terminalId,
    gathered: gatherNothing(),
    exit: undefined,
    killed: false,
  };
  setBounded(session.terminals, terminalId, step, terminalLimit);
  return step;
}

/** `terminal/output` and `terminal/wait_for_exit`: both may tell the exit, one has the output so far. */
export const askTerminalState: Ask = (talk, params) =>
  aboutTerminal(talk, params, (_session, step, result) => {
    const output = textOf(result.output);
    if (output !== undefined) step.gathered.content = output;
    takeExit(talk, step, isObject(result.exitStatus) ? result.exitStatus : result);
  });

export const askTerminalKill: Ask = (talk, params) =>
  aboutTerminal(talk, params, (_session, step) => {
    step.killed = true;
  });

export const askTerminalRelease: Ask = (talk, params) =>
  aboutTerminal(talk, params, (session, step) => closeTerminal(talk, session, step));

function aboutTerminal(
  talk: Talk,
  params: Shape,
  take: (session: Session, step: TerminalStep, result: Shape) => void,
): ReturnType<Ask> {
  const agentId = wordOf(params.sessionId);
  if (agentId === undefined) return {};
  const session = sessionOf(talk, agentId);
  const step = session.terminals.get(wordOf(params.terminalId) ?? '');
  return {
    session,
    turn: step?.turn.id,
    take(answer) {
      if (step !== undefined && answer.kind === 'result')
        take(session, step, shapeOf(answer.result));
    },
  };
}

function takeExit(talk: Talk, step: TerminalStep, status: Shape, isOver = false): void {
  const code = integerOf(status.exitCode);
  const signal = wordOf(status.signal);
  if (code === undefined && signal === undefined && !isOver) return;
  step.exit ??= { code, signal, mono: talk.mono };
  step.gathered.exitCode = code;
}

/** v2 `terminal_update`: begins the terminal, replaces its output, or ends it. */
export const hearTerminal: HearUpdate = (talk, session, update) => {
  const terminalId = wordOf(update.terminalId);
  if (terminalId === undefined) return false;
  if (replayNow(talk, session) !== undefined) return true;
  let step = session.terminals.get(terminalId);
  if (step === undefined) {
    step = makeTerminal(talk, session, terminalId);
    beginStep(talk, session, step, {
      kind: 'terminal',
      ...known({ title: textOf(update.command)?.slice(0, titleLength) }),
    });
  }
  const data = textOf(shapeOf(update.output).data);
  if (data !== undefined) {
    step.gathered = gatherNothing();
    appendStream(talk.gifts, step.gathered, fromBase64(data));
  }
  if (isObject(update.exitStatus)) {
    takeExit(talk, step, update.exitStatus, true);
    closeTerminal(talk, session, step);
  }
  return true;
};

/** v2 `terminal_output_chunk`: each chunk is base64 by itself. */
export const hearTerminalOutput: HearUpdate = (talk, session, update) => {
  const terminalId = wordOf(update.terminalId);
  if (terminalId === undefined) return false;
  if (replayNow(talk, session) !== undefined) return true;
  const step = session.terminals.get(terminalId);
  if (step === undefined)
    return hearTerminal(talk, session, { terminalId, output: { data: update.data } });
  appendStream(talk.gifts, step.gathered, fromBase64(textOf(update.data) ?? ''));
  if (!step.ended) talk.moved.set(step, session);
  return true;
};

export function closeTerminal(talk: Talk, session: Session, step: TerminalStep): void {
  if (step.ended) return;
  const { exit } = step;
  endStep(talk, session, step, {
    outcome: outcomeOf(step),
    ...known({
      output: readOutput(talk.gifts, step.gathered, undefined),
      exitCode: exit?.code,
      problem: exit?.signal === undefined ? undefined : `ended by ${exit.signal}`,
      afterMs: exit === undefined ? undefined : Math.max(0, Math.round(exit.mono - step.startMono)),
    }),
  });
}

function outcomeOf(step: TerminalStep): Outcome {
  // It may be said to be over without a code.
  if (step.exit !== undefined && step.exit.signal === undefined && !step.exit.code)
    return 'completed';
  if (step.killed || step.turn.cancelled) return 'cancelled';
  return step.exit === undefined ? 'interrupted' : 'failed';
}
