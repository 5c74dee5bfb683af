/** Questions for permission: what they are about, who answered how, and after how long. */
import type { Choice, PermissionAnswered } from '../contract/types.gen.ts';
import { known } from '../journal/known.ts';
import { hearCall } from './calls.ts';
import type { Answer } from './pending.ts';
import { type Session, say, sessionOf } from './sessions.ts';
import { isObject, type Shape, shapeOf, shapesOf, textOf, wordOf } from './shape.ts';
import { type Ask, elapsedMs, type Talk } from './talk.ts';
import type { ToolStep } from './tool-steps.ts';
import { turnNow } from './turns.ts';

const titleLength = 1000;

export const askPermission: Ask = (talk, params) => {
  const agentId = wordOf(params.sessionId);
  if (agentId === undefined) return {};
  const session = sessionOf(talk, agentId);
  const on = toolOf(talk, session, params);
  const turn = on?.turn ?? turnNow(talk, session);
  const step = talk.gifts.mint();
  const choices = readChoices(params.options);
  const title = titleOf(params, on)?.slice(0, titleLength);
  say(talk, session, {
    type: 'permission-asked',
    turn: turn.id,
    step,
    ...known({ on: on?.id, title }),
    choices,
  });
  const { mono } = talk;
  let isWithdrawn = false;
  return {
    session,
    turn: turn.id,
    tellsErrors: true,
    withdraw() {
      isWithdrawn = true;
    },
    take(answer) {
      const isError = answer.kind === 'error';
      const verdict: Verdict =
        isWithdrawn && isError
          ? { outcome: 'cancelled', by: 'agent' }
          : judgeAnswer(answer, choices);
      if (on !== undefined && verdict.outcome !== 'failed' && answer.kind !== 'lost')
        on.verdict = verdict.outcome;
      say(talk, session, {
        type: 'permission-answered',
        step,
        ...verdict,
        afterMs: elapsedMs(talk, mono),
      });
    },
  };
};

/** v1 sends the tool call along; v2 has it in the subject, or only names it beside a command. */
function toolOf(talk: Talk, session: Session, params: Shape): ToolStep | undefined {
  const subject = shapeOf(params.subject);
  const toolCall = isObject(params.toolCall) ? params.toolCall : subject.toolCall;
  if (isObject(toolCall)) return hearCall(talk, session, toolCall, 'asked');
  return session.calls.get(wordOf(subject.toolCallId) ?? '');
}

function titleOf(params: Shape, on: ToolStep | undefined): string | undefined {
  const asked = textOf(params.title) ?? textOf(shapeOf(params.toolCall).title);
  return asked ?? textOf(shapeOf(params.subject).command) ?? on?.title;
}

function readChoices(options: unknown): Choice[] {
  return shapesOf(options)
    .slice(0, 50)
    .map((it) => ({
      id: textOf(it.optionId) ?? '',
      name: textOf(it.name) ?? '',
      kind: textOf(it.kind) ?? '',
    }));
}

type Verdict = Pick<PermissionAnswered, 'outcome' | 'choice' | 'always' | 'by'>;

function judgeAnswer(answer: Answer, choices: readonly Choice[]): Verdict {
  // The connection ended first: clew closes the question, nobody answered it.
  if (answer.kind === 'lost') return { outcome: 'cancelled', by: 'clew' };
  if (answer.kind === 'error') return { outcome: 'failed', by: 'editor' };
  const outcome = shapeOf(shapeOf(answer.result).outcome);
  if (outcome.outcome === 'cancelled') return { outcome: 'cancelled', by: 'editor' };
  const choice = textOf(outcome.optionId);
  const by = isObject(shapeOf(shapeOf(answer.result)._meta).clew) ? 'clew' : 'editor';
  if (choice === undefined) return { outcome: 'failed', by: 'editor' };
  const kind = choices.find((it) => it.id === choice)?.kind ?? '';
  const always = kind.endsWith('always') ? { always: true } : {};
  if (kind.startsWith('allow')) return { outcome: 'allowed', choice, ...always, by };
  if (kind.startsWith('reject')) return { outcome: 'rejected', choice, ...always, by };
  return { outcome: 'failed', choice, by: 'editor' };
}
