/** When what a session left is to be taken over into the project's state: a task is done, a commit landed, it is over. */
import type { Event } from '../contract/types.gen.ts';
import { makesCommit } from '../layers/makes-commit.ts';
import type { Roll } from '../layers/plan-roll.ts';

export type DueRolls = {
  note(event: Event): void;
  /** Nothing more will come; answers whether there is anything to take over. */
  end(): boolean;
  /** What is due, once. */
  take(): readonly Roll[];
};

export function openDueRolls(): DueRolls {
  let rolls: Roll[] = [];
  /** There is something that no roll has seen. */
  let hasNews = false;

  function add(roll: Roll | undefined): boolean {
    if (roll === undefined || !hasNews) return false;
    hasNews = false;
    rolls.push(roll);
    return true;
  }

  return {
    note(event) {
      if (event.type === 'turn-ended' || event.type === 'item-noted') hasNews = true;
      add(rollOf(event));
    },
    end: () => add({ why: 'session ended' }),
    take() {
      const due = rolls;
      rolls = [];
      return due;
    },
  };
}

function rollOf(event: Event): Roll | undefined {
  if (event.type === 'session-closed') return { why: 'session ended' };
  if (event.type === 'task-changed' && event.how === 'done')
    return { why: 'task done', ...(event.title === undefined ? {} : { text: event.title }) };
  if (event.type !== 'head-moved' || !makesCommit.has(event.cause)) return undefined;
  return event.to === undefined ? undefined : { why: 'commit', commit: event.to };
}
