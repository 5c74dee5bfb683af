/** The door for programs that use clew as a library: all that the package exports. */

export { Failure, type FailureCode } from '../errors.ts';
export type { StepAbout, StepEnd, TraceFile, TraceSource } from '../recorder/open-step.ts';
export type { RewindOptions, Rewound } from '../undo/rewind-messages.ts';
export {
  type ActiveStep,
  createTrace,
  type SessionAbout,
  type SessionTrace,
  type Trace,
  type TraceSink,
} from './create-trace.ts';
export { MessageRewindManager } from './message-rewind-manager.ts';
export type { AuditEntry, AuditLogger, ShadowLogger } from './open-telling.ts';
export {
  openTraceSink,
  type TraceSinkOptions,
  type WorkspaceTraceSink,
} from './open-trace-sink.ts';
export type { FileDiff } from './read-diff.ts';
export {
  type CheckpointManager,
  type DiffOptions,
  type SaveOptions,
  type ShadowCheckpointOptions,
  ShadowCheckpointService,
} from './shadow-checkpoint-service.ts';
export type {
  InitResult,
  RestoreResult,
  ShadowCheckpoint,
  ShadowEvents,
} from './shadow-events.ts';
