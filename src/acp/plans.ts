/** Plans: v1 sends all entries each time, v2 names each plan and may take one away. */
import type { PlanChanged, PlanEntry } from '../contract/types.gen.ts';
import { known } from '../journal/known.ts';
import { setBounded } from './bounded.ts';
import { headOf } from './cut-text.ts';
import { replayNow } from './replays.ts';
import { type Session, say } from './sessions.ts';
import { isObject, type Shape, shapeOf, shapesOf, textOf, wordOf } from './shape.ts';
import type { HearUpdate, Talk } from './talk.ts';

const entryLimit = 500;
const entryLength = 2000;
const markdownLength = 16_384;

/** v1 `plan`. */
export const hearPlan: HearUpdate = (talk, session, update) => {
  if (!Array.isArray(update.entries)) return false;
  session.tellsPlans = true;
  sayPlan(talk, session, { entries: readEntries(update.entries) });
  return true;
};

/** v2 `plan_update`: entries, a text, or the name of a file. */
export const hearPlanUpdate: HearUpdate = (talk, session, update) => {
  if (!isObject(update.plan)) return false;
  const { plan } = update;
  const text = textOf(plan.content);
  const uri = wordOf(plan.uri);
  if (!Array.isArray(plan.entries) && text === undefined && uri === undefined) return false;
  session.tellsPlans = true;
  sayPlan(talk, session, {
    entries: readEntries(plan.entries),
    ...known({
      plan: wordOf(plan.planId),
      text: text === undefined ? undefined : headOf(text, markdownLength),
      uri,
    }),
  });
  return true;
};

export const hearPlanRemoved: HearUpdate = (talk, session, update) => {
  const plan = wordOf(update.planId) ?? wordOf(shapeOf(update.plan).planId);
  if (plan === undefined) return false;
  sayPlan(talk, session, { plan, entries: [], removed: true });
  return true;
};

/** What a call of a tool for things to do lists; undefined for every other call. */
export function readTodos(update: Shape, title: string | undefined): PlanEntry[] | undefined {
  const { todos } = shapeOf(update.rawInput);
  if (!Array.isArray(todos) || title === undefined || !/todo/i.test(title)) return undefined;
  const entries = shapesOf(todos).slice(0, entryLimit).map(readTodo);
  return entries.every((it) => it !== undefined) ? entries : undefined;
}

/** Agents call what is to be done by different names. */
function readTodo(todo: Shape): PlanEntry | undefined {
  const content = textOf(todo.content) ?? textOf(todo.description) ?? textOf(todo.title);
  if (content === undefined || textOf(todo.status) === undefined) return undefined;
  return readEntry({ ...todo, content });
}

/** An agent that tells of no plan has one all the same, if it keeps it with a tool. */
export function sayTodos(talk: Talk, session: Session, entries: readonly PlanEntry[]): void {
  if (!session.tellsPlans) sayPlan(talk, session, { entries: [...entries] });
}

function readEntries(entries: unknown): PlanEntry[] {
  return shapesOf(entries).slice(0, entryLimit).map(readEntry);
}

function readEntry(entry: Shape): PlanEntry {
  return {
    content: (textOf(entry.content) ?? '').slice(0, entryLength),
    status: textOf(entry.status) ?? 'pending',
    ...known({ priority: textOf(entry.priority), id: wordOf(entry.id) }),
  };
}

function sayPlan(talk: Talk, session: Session, plan: Omit<PlanChanged, 'type' | 'turn'>): void {
  if (replayNow(talk, session) !== undefined) return;
  const key = `plan ${plan.plan ?? ''}`;
  const told = talk.gifts.sha256(JSON.stringify(plan));
  if (session.lastSaid.get(key) === told) return;
  setBounded(session.lastSaid, key, told, 200);
  const turn = session.turns[0];
  say(talk, session, {
    type: 'plan-changed',
    ...(turn === undefined ? {} : { turn: turn.id }),
    ...plan,
  });
}
