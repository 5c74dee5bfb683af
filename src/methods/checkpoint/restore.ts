/** checkpoint/restore: goes back to a checkpoint. */

import { carryOut } from '../carry-out.ts';
import type { Handler } from '../context.ts';
import { prepareRestore, tellRestore } from '../prepare-restore.ts';

export const checkpointRestore: Handler<'checkpoint/restore'> = async (context, params) => {
  const prepared = await prepareRestore(context, params);
  const told = tellRestore(prepared);
  const { steps, target, unknown } = prepared;
  if (steps.length === 0) return told;
  const of = { kind: 'checkpoint', id: target } as const;
  const done = await carryOut(context, {
    of,
    session: undefined,
    steps,
    texts: [],
    kept: unknown,
    outsideLinks: params.outsideLinks,
  });
  return { ...told, ...done };
};
