/** What going back to a checkpoint means, path by path. */
import type { CheckpointPlan } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import type { Calls } from '../shadow/calls.ts';
import type { TakeOrder } from '../shadow/order.ts';
import type { RestoreStep } from '../snapshot/restore-step.ts';
import type { Context } from './context.ts';
import { orderLook } from './order-look.ts';
import { relativePath } from './relative-path.ts';
import { resolveCheckpoint } from './resolve-checkpoint.ts';
import { does } from './tell-plan.ts';

export type PreparedRestore = {
  readonly target: string;
  readonly steps: readonly RestoreStep[];
  /** What the checkpoint does not know, and so leaves as it is. */
  readonly unknown: readonly string[];
};

export async function prepareRestore(
  context: Context,
  { checkpoint, paths }: CheckpointPlan['params'],
): Promise<PreparedRestore> {
  const target = await resolveCheckpoint(context, checkpoint);
  const keeper = await context.keeper();
  const asked = paths?.map((it) => relativePath(context, it));
  const aim = { order: orderLook(context), target, asked };
  const { steps, unknown, safety: look } = await planWhole(keeper, aim);
  await checkKnown(keeper, asked ?? [], [target, look.id]);
  return { target, steps, unknown };
}

type Plan = Awaited<ReturnType<Calls['plan']>>;
type Aim = {
  readonly order: TakeOrder;
  readonly target: string;
  readonly asked?: string[] | undefined;
};

/** What was left to the background is read first. */
async function planWhole(keeper: Calls, { order, target, asked }: Aim): Promise<Plan> {
  const plan = await keeper.plan(order, target, asked);
  // A new file that it does not have is not even among what differs.
  if (plan.safety.uncaptured === 0 && plan.unknown.length === 0) return plan;
  await keeper.complete();
  // That look is whole now. Another would have to read anew what is young and large, and leave it to the background too.
  return keeper.plan({ ...order, paths: [] }, target, asked);
}

/** A path that is neither there now nor was there then is a slip of the pen. */
async function checkKnown(
  keeper: Calls,
  asked: readonly string[],
  checkpoints: readonly string[],
): Promise<void> {
  const paths = asked.filter((path) => path !== '');
  const seen = await Promise.all(checkpoints.map((id) => keeper.versionsAt(id, paths)));
  const missing = paths.find((_, place) => seen.every((versions) => versions[place] === null));
  if (missing === undefined) return;
  throw new Failure('unknown-id', `${missing} is neither in that checkpoint nor there now`, {
    data: { path: missing },
    hint: '`clew diff` lists what differs',
  });
}

export function tellRestore(prepared: PreparedRestore): CheckpointPlan['result'] {
  const { target, steps, unknown } = prepared;
  return {
    of: { kind: 'checkpoint', id: target },
    ready: true,
    paths: [
      ...steps.map((step) => ({
        path: step.path,
        kind: 'foreign' as const,
        outcome: 'back' as const,
        does: does(step),
        lost: [],
      })),
      ...unknown.map((path) => ({
        path,
        kind: 'unknown' as const,
        outcome: 'kept' as const,
        lost: [],
        why: 'one of the two checkpoints could not read it',
      })),
    ],
  };
}
