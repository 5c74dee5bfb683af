/** Which events a person should hear of when a session is told in short, and in what words. */
import type { DriftFound, Event } from '../contract/types.gen.ts';

export function tellAlert(event: Event): string | undefined {
  switch (event.type) {
    case 'checkpoint-failed':
      return `no checkpoint (${event.reason}): ${event.why}`;
    case 'drift-found':
      return tellMove(event);
    case 'gate-timed-out':
      return `nothing was checked in time at ${event.gate}`;
    case 'lines-overwritten':
      return `${event.lines} ${event.lines === 1 ? 'line' : 'lines'} of somebody else in ${event.path} went (clew undo --lost ${event.alert.slice(-6).toLowerCase()})`;
    case 'notes-dropped':
      return `${event.lines} lines from the ${event.from} went by unrecorded`;
    case 'recorder-restarted':
      return `the recorder died (${event.why}) and was started again`;
    case 'recording-resumed':
      return `recording had stopped (${event.why}); ${event.lost} events were lost`;
    case 'request-failed':
      return `${event.method} failed: ${event.problem.message}`;
    case 'stale-edit-found':
      return `a write of ${event.path} that did not know its version on disk was ${verdicts[event.verdict]}`;
    case 'turn-ended':
      return event.problem && `the turn failed: ${event.problem.message}`;
    default:
      return undefined;
  }
}

const verdicts = { refused: 'refused', asked: 'asked about', warned: 'let through' } as const;

/** What is only worth a notice is not. */
function tellMove({ found }: DriftFound): string | undefined {
  const { level, before, after, files, filesLeftOut = 0 } = found;
  if (level !== 'alert') return undefined;
  const name = ({ branch, head }: typeof before) => branch ?? head?.slice(0, 9) ?? 'no commit';
  const count = files.length + filesLeftOut;
  const known = count === 0 ? '' : `; ${count} of the files it knows differ`;
  return before.branch === after.branch
    ? `${name(after)} moved under it${known}`
    : `the branch switched from ${name(before)} to ${name(after)}${known}`;
}
