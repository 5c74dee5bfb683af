/** Every method we answer, one line each. The compiler checks it against schemas/. */
import type { Methods } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import { attributionExport } from './attribution/export.ts';
import { attributionImport } from './attribution/import.ts';
import { attributionVerify } from './attribution/verify.ts';
import { blameCommit } from './blame/commit.ts';
import { blameFile } from './blame/file.ts';
import { blameWhy } from './blame/why.ts';
import { checkpointDiff } from './checkpoint/diff.ts';
import { checkpointList } from './checkpoint/list.ts';
import { checkpointPin } from './checkpoint/pin.ts';
import { checkpointPlan } from './checkpoint/plan.ts';
import { checkpointPrune } from './checkpoint/prune.ts';
import { checkpointRestore } from './checkpoint/restore.ts';
import { checkpointTake } from './checkpoint/take.ts';
import { configGet } from './config/get.ts';
import { configSet } from './config/set.ts';
import { contextCheck } from './context/check.ts';
import { contextRead } from './context/read.ts';
import type { Context, Handler } from './context.ts';
import { doctorCheck } from './doctor/check.ts';
import { driftResolve } from './drift/resolve.ts';
import { driftStatus } from './drift/status.ts';
import { fileDidWrite } from './file/did-write.ts';
import { fileJudgeWrite } from './file/judge-write.ts';
import { historyShorten } from './history/shorten.ts';
import { hooksInstall } from './hooks/install.ts';
import { hooksStatus } from './hooks/status.ts';
import { hooksUninstall } from './hooks/uninstall.ts';
import { journalReindex } from './journal/reindex.ts';
import { journalVerify } from './journal/verify.ts';
import { logQuery } from './log/query.ts';
import { logShow } from './log/show.ts';
import { messageRewind } from './message/rewind.ts';
import { rpcDiscover } from './rpc.discover.ts';
import { sessionEnd } from './session/end.ts';
import { sessionList } from './session/list.ts';
import { sessionShow } from './session/show.ts';
import { sessionStart } from './session/start.ts';
import { stateConflicts } from './state/conflicts.ts';
import { stateDigest } from './state/digest.ts';
import { stateGet } from './state/get.ts';
import { stateImport } from './state/import.ts';
import { stateInit } from './state/init.ts';
import { statePatch } from './state/patch.ts';
import { stepEnd } from './step/end.ts';
import { stepProgress } from './step/progress.ts';
import { stepStart } from './step/start.ts';
import { taskAdd } from './task/add.ts';
import { taskDone } from './task/done.ts';
import { taskEdit } from './task/edit.ts';
import { taskGraph } from './task/graph.ts';
import { taskList } from './task/list.ts';
import { taskPromote } from './task/promote.ts';
import { taskReady } from './task/ready.ts';
import { taskStart } from './task/start.ts';
import { traceSnapshot } from './trace/snapshot.ts';
import { traceSubscribe } from './trace/subscribe.ts';
import { traceUnsubscribe } from './trace/unsubscribe.ts';
import { turnEnd } from './turn/end.ts';
import { turnStart } from './turn/start.ts';
import { undoApply } from './undo/apply.ts';
import { undoPlan } from './undo/plan.ts';
import { checkParams } from './validate.ts';
import { workspaceClose } from './workspace/close.ts';
import { workspaceOpen } from './workspace/open.ts';
import { workspaceStatus } from './workspace/status.ts';

export const methods = {
  'attribution/export': attributionExport,
  'attribution/import': attributionImport,
  'attribution/verify': attributionVerify,
  'blame/commit': blameCommit,
  'blame/file': blameFile,
  'blame/why': blameWhy,
  'checkpoint/diff': checkpointDiff,
  'checkpoint/list': checkpointList,
  'checkpoint/pin': checkpointPin,
  'checkpoint/plan': checkpointPlan,
  'checkpoint/prune': checkpointPrune,
  'checkpoint/restore': checkpointRestore,
  'checkpoint/take': checkpointTake,
  'doctor/check': doctorCheck,
  'drift/resolve': driftResolve,
  'drift/status': driftStatus,
  'config/get': configGet,
  'config/set': configSet,
  'context/check': contextCheck,
  'context/read': contextRead,
  'file/did-write': fileDidWrite,
  'file/judge-write': fileJudgeWrite,
  'history/shorten': historyShorten,
  'hooks/install': hooksInstall,
  'hooks/status': hooksStatus,
  'hooks/uninstall': hooksUninstall,
  'journal/reindex': journalReindex,
  'journal/verify': journalVerify,
  'log/query': logQuery,
  'log/show': logShow,
  'message/rewind': messageRewind,
  'rpc.discover': rpcDiscover,
  'session/end': sessionEnd,
  'session/list': sessionList,
  'session/show': sessionShow,
  'session/start': sessionStart,
  'state/conflicts': stateConflicts,
  'state/digest': stateDigest,
  'state/get': stateGet,
  'state/import': stateImport,
  'state/init': stateInit,
  'state/patch': statePatch,
  'step/end': stepEnd,
  'step/progress': stepProgress,
  'step/start': stepStart,
  'task/add': taskAdd,
  'task/done': taskDone,
  'task/edit': taskEdit,
  'task/graph': taskGraph,
  'task/list': taskList,
  'task/promote': taskPromote,
  'task/ready': taskReady,
  'task/start': taskStart,
  'trace/snapshot': traceSnapshot,
  'trace/subscribe': traceSubscribe,
  'trace/unsubscribe': traceUnsubscribe,
  'turn/end': turnEnd,
  'turn/start': turnStart,
  'undo/apply': undoApply,
  'undo/plan': undoPlan,
  'workspace/close': workspaceClose,
  'workspace/open': workspaceOpen,
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
