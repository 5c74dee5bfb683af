/** How far steps are that are going on: the end of their text so far, for whoever wants to see it grow. */
import { safeLength } from './cut-text.ts';
import { showsText } from './excerpt.ts';
import { readTail } from './output.ts';
import type { Session } from './sessions.ts';
import type { Step } from './steps.ts';
import type { Talk } from './talk.ts';

export type StepProgress = {
  /** clew's id. */
  readonly session: string;
  readonly step: string;
  /** It begins where a text may be cut, and is to be redacted before anybody sees it. */
  readonly text: string;
  /** So many characters come before. */
  readonly from: number;
};

/** As much as is looked at, so that what is shown of it can be redacted as a whole. */
const lookedLength = 8192;

/** Parts are given out where a text may be cut, so that any of them may be the first. */
export function keepRecent(recent: string[], part: string): void {
  recent.push(part);
  let length = recent.reduce((sum, it) => sum + it.length, 0);
  while (lookedLength < length - (recent[0]?.length ?? 0)) length -= recent.shift()?.length ?? 0;
}

export function readProgress(talk: Talk, which: 'moved' | 'all'): StepProgress[] {
  if (which === 'moved') {
    const moved = [...talk.moved];
    talk.moved.clear();
    return moved.flatMap(([step, session]) => tellStep(session, step));
  }
  return [...talk.sessions.values()].flatMap((session) =>
    [...session.open.values()].flatMap((step) => tellStep(session, step)),
  );
}

function tellStep(session: Session, step: Step): StepProgress[] {
  const seen = readText(step);
  return seen === undefined || seen.text === ''
    ? []
    : [{ session: session.id, step: step.id, ...seen }];
}

function readText(step: Step): Pick<StepProgress, 'text' | 'from'> | undefined {
  switch (step.kind) {
    case 'message':
    case 'thought': {
      const told = step.recent.join('');
      const text = told + step.text.slice(0, safeLength(step.text));
      return { text, from: step.length - step.text.length - told.length };
    }
    case 'tool':
      return showsText(step.toolKind) ? readOutputTail(step.gathered) : undefined;
    case 'terminal':
      return readOutputTail(step.gathered);
    default:
      return undefined;
  }
}

function readOutputTail(
  gathered: Parameters<typeof readTail>[0],
): Pick<StepProgress, 'text' | 'from'> | undefined {
  const tail = readTail(gathered, lookedLength);
  return tail === undefined ? undefined : cutTail(tail);
}

/** As much of a whole text as is looked at. */
export function tailOfWhole(whole: string): Pick<StepProgress, 'text' | 'from'> {
  const from = Math.max(0, whole.length - lookedLength);
  return cutTail({ text: whole.slice(from), from });
}

/** From a line's beginning, and not from within a key, up to where a secret cannot be half told. */
function cutTail(tail: Pick<StepProgress, 'text' | 'from'>): Pick<StepProgress, 'text' | 'from'> {
  const start = tail.from === 0 ? 0 : Math.max(tail.text.indexOf('\n') + 1, endOfKey(tail.text));
  const text = tail.text.slice(start);
  return { text: text.slice(0, safeLength(text)), from: tail.from + start };
}

function endOfKey(text: string): number {
  const end = text.indexOf('-----END ');
  const begin = text.indexOf('-----BEGIN ');
  if (end < 0 || (0 <= begin && begin < end)) return 0;
  const line = text.indexOf('\n', end);
  return line < 0 ? text.length : line + 1;
}
