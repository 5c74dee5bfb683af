/** Every method we answer, one line each. The compiler checks it against schemas/. */
import type { Methods } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import { checkpointDiff } from './checkpoint/diff.ts';
import { checkpointList } from './checkpoint/list.ts';
import { checkpointPin } from './checkpoint/pin.ts';
import { checkpointPlan } from './checkpoint/plan.ts';
import { checkpointPrune } from './checkpoint/prune.ts';
import { checkpointRestore } from './checkpoint/restore.ts';
import { checkpointTake } from './checkpoint/take.ts';
import type { Context, Handler } from './context.ts';
import { hooksInstall } from './hooks/install.ts';
import { hooksStatus } from './hooks/status.ts';
import { hooksUninstall } from './hooks/uninstall.ts';
import { journalReindex } from './journal/reindex.ts';
import { journalVerify } from './journal/verify.ts';
import { logQuery } from './log/query.ts';
import { logShow } from './log/show.ts';
import { messageRewind } from './message/rewind.ts';
import { stateConflicts } from './state/conflicts.ts';
import { stateGet } from './state/get.ts';
import { stateImport } from './state/import.ts';
import { stateInit } from './state/init.ts';
import { statePatch } from './state/patch.ts';
import { undoApply } from './undo/apply.ts';
import { undoPlan } from './undo/plan.ts';
import { checkParams } from './validate.ts';
import { workspaceStatus } from './workspace/status.ts';

export const methods = {
  'checkpoint/diff': checkpointDiff,
  'checkpoint/list': checkpointList,
  'checkpoint/pin': checkpointPin,
  'checkpoint/plan': checkpointPlan,
  'checkpoint/prune': checkpointPrune,
  'checkpoint/restore': checkpointRestore,
  'checkpoint/take': checkpointTake,
  'hooks/install': hooksInstall,
  'hooks/status': hooksStatus,
  'hooks/uninstall': hooksUninstall,
  'journal/reindex': journalReindex,
  'journal/verify': journalVerify,
  'log/query': logQuery,
  'log/show': logShow,
  'message/rewind': messageRewind,
  'state/conflicts': stateConflicts,
  'state/get': stateGet,
  'state/import': stateImport,
  'state/init': stateInit,
  'state/patch': statePatch,
  'undo/apply': undoApply,
  'undo/plan': undoPlan,
  'workspace/status': workspaceStatus,
} satisfies { [M in keyof Methods]: Handler<M> };

export async function answer<M extends keyof Methods>(
  context: Context,
  method: M,
  params: unknown,
): Promise<Methods[M]['result']> {
  if (!Object.hasOwn(methods, method))
    throw new Failure('unknown-method', `there is no method ${String(method)}`, {
      data: { method },
      hint: `the methods are ${Object.keys(methods).join(', ')}`,
    });
  const handler = methods[method] as unknown as Handler<M>;
  return handler(context, await checkParams(method, params));
}
