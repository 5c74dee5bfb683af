/** Tells a host what was done and what failed, by its logger, its auditor and its listeners: none of them can stop the work. */
import type { Clock } from '../store/clock.ts';
import type { ShadowEvents } from './shadow-events.ts';

type Tell = (message: string, details?: Record<string, unknown>) => void;

export type ShadowLogger = {
  debug?: Tell;
  info?: Tell;
  warn?: Tell;
  error?: Tell;
};

export type AuditEntry = {
  readonly action: 'checkpoint:init' | 'checkpoint:save' | 'checkpoint:restore';
  readonly taskId: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly details: Readonly<Record<string, unknown>>;
};

export type AuditLogger = { log(entry: AuditEntry): unknown };

/** Who is told. */
export type Host = {
  readonly taskId: string;
  readonly logger: ShadowLogger;
  readonly auditLogger?: AuditLogger;
};

type Told = ShadowEvents[keyof ShadowEvents][0];

type Listeners = {
  emit(name: Told['type'], event: Told): boolean;
  listenerCount(name: 'error'): number;
};

export type Telling = {
  log(level: keyof ShadowLogger, message: string, details: Record<string, unknown>): void;
  audit(action: AuditEntry['action'], details: AuditEntry['details']): Promise<void>;
  announce(event: Told): Promise<void>;
  /** Of `name`, whatever it threw. */
  tellError(name: string, thrown: unknown): void;
};

export function openTelling(
  { taskId, logger, auditLogger }: Host,
  clock: Clock,
  listeners: Listeners,
): Telling {
  function log(level: keyof ShadowLogger, message: string, details: Record<string, unknown>): void {
    // Hosts without types may have given none.
    shield('the logger', () => logger?.[level]?.(message, details));
  }

  function tellError(name: string, thrown: unknown): void {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const said = `shadow checkpoints: ${name} failed: ${error.message}`;
    log('error', said, { taskId, error });
    // Without a listener node would throw it where nobody can catch it.
    if (listeners.listenerCount('error') === 0) return;
    shield('a listener to errors', () => listeners.emit('error', { type: 'error', error }));
  }

  /** What was done stays done, whatever those who are told of it make of that. */
  async function guard(what: string, tell: () => unknown): Promise<void> {
    try {
      await tell();
    } catch (error) {
      tellError(`telling of ${what}`, error);
    }
  }

  return {
    log,
    audit(action, details) {
      const entry = { action, taskId, timestamp: clock.now(), details };
      return guard(action, () => auditLogger?.log(entry));
    },
    announce: (event) => guard(event.type, () => listeners.emit(event.type, event)),
    tellError,
  };
}

/** Nobody is left who could be told but the process itself. */
function shield(who: string, tell: () => unknown): void {
  try {
    tell();
  } catch (error) {
    process.emitWarning(`shadow checkpoints: ${who} threw: ${String(error)}`);
  }
}
