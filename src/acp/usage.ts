/** Tokens and cost, as each agent tells them. */
import type { Usage } from '../contract/types.gen.ts';
import { known } from '../journal/known.ts';
import { type Session, say } from './sessions.ts';
import { numberOf, type Shape, shapeOf, shapesOf, textOf, wordOf } from './shape.ts';
import type { HearUpdate } from './talk.ts';

/** `usage_update`: how full the context is, and the cost so far. */
export const hearUsage: HearUpdate = (talk, session, update) => {
  const used = numberOf(update.used);
  const size = numberOf(update.size);
  const amount = numberOf(shapeOf(update.cost).amount);
  const currency = textOf(shapeOf(update.cost).currency);
  const cost = amount === undefined || currency === undefined ? undefined : { amount, currency };
  if (used === undefined && size === undefined && cost === undefined) return false;
  const told = `${used} ${size} ${amount ?? ''} ${currency ?? ''}`;
  if (session.lastSaid.get('usage') === told) return true;
  session.lastSaid.set('usage', told);
  say(talk, session, {
    type: 'usage-reported',
    ...known({ turn: session.turns[0]?.id, used, size, cost }),
  });
  return true;
};

/** Usage and models of a whole turn, from the answer to its prompt or from its last state. */
export function readTurnUsage(from: Shape): {
  usage: Usage | undefined;
  models: string[] | undefined;
} {
  const quota = shapeOf(shapeOf(from._meta).quota);
  const models = shapesOf(quota.model_usage).flatMap((it) => wordOf(it.model) ?? []);
  return {
    usage: readUsage(shapeOf(from.usage)) ?? readCount(shapeOf(quota.token_count)),
    models: models.length === 0 ? undefined : [...new Set(models)].slice(0, 20),
  };
}

function readUsage(usage: Shape): Usage | undefined {
  return orNothing({
    total: numberOf(usage.totalTokens),
    input: numberOf(usage.inputTokens),
    output: numberOf(usage.outputTokens),
    cachedRead: numberOf(usage.cachedReadTokens),
    cachedWrite: numberOf(usage.cachedWriteTokens),
    thought: numberOf(usage.thoughtTokens),
  });
}

/** gemini-cli has no `usage`, only a quota. */
function readCount(count: Shape): Usage | undefined {
  return orNothing({ input: numberOf(count.input_tokens), output: numberOf(count.output_tokens) });
}

function orNothing(usage: { [K in keyof Usage]: number | undefined }): Usage | undefined {
  const told = known(usage) as Usage;
  return Object.keys(told).length === 0 ? undefined : told;
}

/** qwen-code tells the usage of each model call with an empty chunk, and nothing at the end: it is summed up. */
export function addCallUsage(session: Session, update: Shape): void {
  const turn = session.turns[0];
  const usage = readUsage(shapeOf(shapeOf(update._meta).usage));
  if (turn === undefined || usage === undefined) return;
  const sum: Usage = { ...turn.usage };
  for (const name of Object.keys(usage) as (keyof Usage)[])
    sum[name] = (sum[name] ?? 0) + (usage[name] ?? 0);
  turn.usage = sum;
}
