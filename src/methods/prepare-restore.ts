/** What going back to a checkpoint means, path by path. */
import type { CheckpointPlan } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
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
  for (const path of asked ?? []) await checkKnown(context, target, path);
  const { steps, unknown } = await keeper.plan(orderLook(context), target, asked);
  return { target, steps, unknown };
}

/** A path that is neither there now nor was there then is a slip of the pen. */
async function checkKnown(context: Context, target: string, path: string): Promise<void> {
  if (path === '') return;
  const keeper = await context.keeper();
  const [then] = await keeper.versionsAt(target, [path]);
  if (then !== null) return;
  const last = (await keeper.list()).at(-1);
  const [now] = last === undefined ? [null] : await keeper.versionsAt(last.id, [path]);
  if (now !== null) return;
  throw new Failure('unknown-id', `${path} is in neither that checkpoint nor the last one`, {
    data: { path, checkpoint: target },
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
