/** Answers of the editor that are judged before the agent gets them, and those that are for clew alone. */
import type { GateVerdict } from '../wire/notes.ts';
import type { Gate, Side } from './gates.ts';
import type { Watch } from './passage.ts';

const answerGate: Gate = {
  name: 'permission-answer',
  judge: 'answer',
  from: 'editor',
  // A person has just clicked, and what was typed before that may have no other copy.
  deadlineMs: 2_500,
  overdue: 'pass',
  needle: '"id"',
};

const questionGate: Gate = {
  name: 'clew-question',
  judge: 'question',
  from: 'editor',
  deadlineMs: 5_000,
  overdue: 'absorb',
  unjudged: 'absorb',
  needle: '"id"',
};

export type OpenQuestions = {
  /** A line was judged: its answer may have to be waited for, or that of a question in its place. */
  follow(verdict: GateVerdict, from: Side, line: Buffer): void;
  /** The question is settled; what it was asked for went its way. */
  settle(id: string): void;
  /** There is nobody any more who could settle: what waits goes on. */
  letGo(): void;
};

export type QuestionPorts = {
  /** Of the direction from the editor. */
  readonly watches: Set<Watch>;
  inject(to: Side, line: Buffer): void;
};

/** Answers are only looked at while one is waited for; at all other times this costs nothing. */
export function openQuestions({ watches, inject }: QuestionPorts): OpenQuestions {
  const held = new Map<string, { readonly to: Side; readonly line: Buffer }>();

  function awaitAnswer(rawId: string, gate: Gate): void {
    const id: unknown = JSON.parse(rawId);
    const watch: Watch = {
      needle: gate.needle,
      answers: true,
      gateOf(method, line) {
        if (method !== undefined || !isAnswerTo(id, line)) return undefined;
        watches.delete(watch);
        return gate;
      },
    };
    watches.add(watch);
  }

  return {
    follow(verdict, from, line) {
      if (verdict.kind === 'pass' && verdict.awaits !== undefined)
        awaitAnswer(verdict.awaits, answerGate);
      if (verdict.kind !== 'ask') return;
      held.set(verdict.id, { to: from === 'agent' ? 'editor' : 'agent', line });
      awaitAnswer(JSON.stringify(verdict.id), questionGate);
      inject('editor', Buffer.from(verdict.line));
    },
    settle: (id) => void held.delete(id),
    letGo() {
      for (const { to, line } of held.values()) inject(to, line);
      held.clear();
    },
  };
}

/** Nearly everybody writes the id first: then a long answer to something else need not be parsed. */
const idFirst = /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(-?\d+|"[^"\\]*")\s*,/;

function isAnswerTo(id: unknown, line: Buffer): boolean {
  const first = idFirst.exec(line.toString('latin1', 0, 200))?.[1];
  if (first !== undefined && first !== JSON.stringify(id)) return false;
  try {
    const message = JSON.parse(line.toString('utf8')) as { id?: unknown } | null;
    return message?.id === id;
  } catch {
    // Not for us to judge here: it is forwarded as it is, and the recorder says what it was.
    return false;
  }
}
