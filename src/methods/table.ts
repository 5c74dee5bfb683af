/** Every method we answer, one line each; loaded when it is asked for. The compiler checks it against schemas/. */
import type { Methods } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import type { Context, Handler } from './context.ts';
import { checkParams } from './validate.ts';

export const methods = {
  'attribution/export': async () => (await import('./attribution/export.ts')).attributionExport,
  'attribution/import': async () => (await import('./attribution/import.ts')).attributionImport,
  'attribution/verify': async () => (await import('./attribution/verify.ts')).attributionVerify,
  'blame/commit': async () => (await import('./blame/commit.ts')).blameCommit,
  'blame/file': async () => (await import('./blame/file.ts')).blameFile,
  'blame/why': async () => (await import('./blame/why.ts')).blameWhy,
  'checkpoint/diff': async () => (await import('./checkpoint/diff.ts')).checkpointDiff,
  'checkpoint/list': async () => (await import('./checkpoint/list.ts')).checkpointList,
  'checkpoint/pin': async () => (await import('./checkpoint/pin.ts')).checkpointPin,
  'checkpoint/plan': async () => (await import('./checkpoint/plan.ts')).checkpointPlan,
  'checkpoint/prune': async () => (await import('./checkpoint/prune.ts')).checkpointPrune,
  'checkpoint/restore': async () => (await import('./checkpoint/restore.ts')).checkpointRestore,
  'checkpoint/take': async () => (await import('./checkpoint/take.ts')).checkpointTake,
  'doctor/check': async () => (await import('./doctor/check.ts')).doctorCheck,
  'drift/resolve': async () => (await import('./drift/resolve.ts')).driftResolve,
  'drift/status': async () => (await import('./drift/status.ts')).driftStatus,
  'config/get': async () => (await import('./config/get.ts')).configGet,
  'config/set': async () => (await import('./config/set.ts')).configSet,
  'context/check': async () => (await import('./context/check.ts')).contextCheck,
  'context/read': async () => (await import('./context/read.ts')).contextRead,
  'file/did-write': async () => (await import('./file/did-write.ts')).fileDidWrite,
  'file/judge-write': async () => (await import('./file/judge-write.ts')).fileJudgeWrite,
  'history/shorten': async () => (await import('./history/shorten.ts')).historyShorten,
  'hooks/install': async () => (await import('./hooks/install.ts')).hooksInstall,
  'hooks/status': async () => (await import('./hooks/status.ts')).hooksStatus,
  'hooks/uninstall': async () => (await import('./hooks/uninstall.ts')).hooksUninstall,
  'journal/reindex': async () => (await import('./journal/reindex.ts')).journalReindex,
  'journal/verify': async () => (await import('./journal/verify.ts')).journalVerify,
  'log/query': async () => (await import('./log/query.ts')).logQuery,
  'log/show': async () => (await import('./log/show.ts')).logShow,
  'message/rewind': async () => (await import('./message/rewind.ts')).messageRewind,
  'rpc.discover': async () => (await import('./rpc.discover.ts')).rpcDiscover,
  'session/end': async () => (await import('./session/end.ts')).sessionEnd,
  'session/list': async () => (await import('./session/list.ts')).sessionList,
  'session/show': async () => (await import('./session/show.ts')).sessionShow,
  'session/start': async () => (await import('./session/start.ts')).sessionStart,
  'state/conflicts': async () => (await import('./state/conflicts.ts')).stateConflicts,
  'state/digest': async () => (await import('./state/digest.ts')).stateDigest,
  'state/get': async () => (await import('./state/get.ts')).stateGet,
  'state/import': async () => (await import('./state/import.ts')).stateImport,
  'state/init': async () => (await import('./state/init.ts')).stateInit,
  'state/patch': async () => (await import('./state/patch.ts')).statePatch,
  'step/end': async () => (await import('./step/end.ts')).stepEnd,
  'step/progress': async () => (await import('./step/progress.ts')).stepProgress,
  'step/start': async () => (await import('./step/start.ts')).stepStart,
  'task/add': async () => (await import('./task/add.ts')).taskAdd,
  'task/done': async () => (await import('./task/done.ts')).taskDone,
  'task/edit': async () => (await import('./task/edit.ts')).taskEdit,
  'task/graph': async () => (await import('./task/graph.ts')).taskGraph,
  'task/list': async () => (await import('./task/list.ts')).taskList,
  'task/promote': async () => (await import('./task/promote.ts')).taskPromote,
  'task/ready': async () => (await import('./task/ready.ts')).taskReady,
  'task/start': async () => (await import('./task/start.ts')).taskStart,
  'trace/snapshot': async () => (await import('./trace/snapshot.ts')).traceSnapshot,
  'trace/subscribe': async () => (await import('./trace/subscribe.ts')).traceSubscribe,
  'trace/unsubscribe': async () => (await import('./trace/unsubscribe.ts')).traceUnsubscribe,
  'turn/end': async () => (await import('./turn/end.ts')).turnEnd,
  'turn/start': async () => (await import('./turn/start.ts')).turnStart,
  'undo/apply': async () => (await import('./undo/apply.ts')).undoApply,
  'undo/plan': async () => (await import('./undo/plan.ts')).undoPlan,
  'workspace/close': async () => (await import('./workspace/close.ts')).workspaceClose,
  'workspace/open': async () => (await import('./workspace/open.ts')).workspaceOpen,
  'workspace/status': async () => (await import('./workspace/status.ts')).workspaceStatus,
} satisfies { [M in keyof Methods]: () => Promise<Handler<M>> };

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
  // A second import of the same costs more than most answers, so a host's process keeps what it has loaded.
  const handler = (loaded.get(method) ?? (await load(method))) as Handler<M>;
  return handler(context, await checkParams(method, params));
}

const loaded = new Map<keyof Methods, unknown>();

async function load(method: keyof Methods): Promise<unknown> {
  const handler = await methods[method]();
  loaded.set(method, handler);
  return handler;
}
