/** Which events a person should hear of when a session is told in short, and in what words. */
import type { Event } from '../contract/types.gen.ts';

export function tellAlert(event: Event): string | undefined {
  switch (event.type) {
    case 'checkpoint-failed':
      return `no checkpoint (${event.reason}): ${event.why}`;
    case 'gate-timed-out':
      return `nothing was checked in time at ${event.gate}`;
    case 'notes-dropped':
      return `${event.lines} lines from the ${event.from} went by unrecorded`;
    case 'recorder-restarted':
      return `the recorder died (${event.why}) and was started again`;
    case 'recording-resumed':
      return `recording had stopped (${event.why}); ${event.lost} events were lost`;
    case 'request-failed':
      return `${event.method} failed: ${event.problem.message}`;
    case 'turn-ended':
      return event.problem && `the turn failed: ${event.problem.message}`;
    default:
      return undefined;
  }
}
