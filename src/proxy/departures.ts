/** How an agent's end is told: to the person, to whoever waits for our exit code, and to the journal. */
import { constants } from 'node:os';
import type { Departure } from '../wire/agent-process.ts';
import type { Farewell } from '../wire/notes.ts';

/** What a person should hear about how the agent ended; nothing if it just did its work. */
export function describeDeparture(
  left: Departure,
  command: readonly string[],
  spoke: boolean,
): string | undefined {
  const [program = ''] = command;
  if (left.error?.code === 'ENOENT')
    return `agent not found: ${program} (check the command after --, or give its full path)`;
  if (left.error?.code === 'EACCES')
    return `agent is not executable: ${program} (check its permissions)`;
  if (left.error !== undefined)
    return `agent could not be started: ${program} (${left.error.message})`;
  const how = left.signal === null ? `code ${left.code}` : left.signal;
  if (!spoke) return `the agent left with ${how} before it said anything: ${program}`;
  return left.code === 0 ? undefined : `the agent left with ${how}`;
}

export function exitCodeOf(left: Departure): number {
  if (left.error !== undefined) return left.error.code === 'ENOENT' ? 127 : 126;
  return left.code ?? 128 + signalNumber(left.signal ?? 'SIGTERM');
}

export function farewellOf(
  left: Departure,
  editorLeft: boolean,
  signal: string | undefined,
): Farewell {
  const code = left.error === undefined ? (left.code ?? undefined) : exitCodeOf(left);
  if (signal !== undefined) return { reason: 'signal', signal, code };
  if (left.error !== undefined) return { reason: 'failure', code };
  return {
    reason: editorLeft ? 'editor-left' : 'agent-left',
    code,
    signal: left.signal ?? undefined,
  };
}

export function signalNumber(name: string): number {
  return constants.signals[name as NodeJS.Signals] ?? 0;
}
