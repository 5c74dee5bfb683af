/** What an event tells about what is missing, failed or was not understood. */
import type { Event, FoundDrift, Ground, Problem } from '../contract/types.gen.ts';
import { countLost } from '../journal/entry.ts';
import type { Here } from './fold.ts';
import { defined } from './fold-writer.ts';
import type { Change } from './rows.ts';

/** `missing`: entries of this writer, just before this one, that nobody could read. */
export function foldTrouble({ entry, event, stamp }: Here, missing: number): Change[] {
  const { writer, session, seq } = entry;
  // What a writer could not write it counts itself.
  const unsaid = missing - countLost(event);
  const gap = 0 < unsaid ? `${count(unsaid, 'entry', 'entries')} missing before this` : undefined;
  const texts = [gap, sayTrouble(event)].filter((it) => it !== undefined);
  const changes: Change[] = [];
  if (event.type === 'writer-lost') {
    const row = { writer, lost: event.writer, lastSeq: event.lastSeq };
    changes.push({ how: 'put', table: 'losses', row });
  }
  if (texts.length === 0) return changes;
  const turn = 'turn' in event ? event.turn : undefined;
  const kind = kinds[event.type];
  const about = defined({ session, turn, kind });
  const row = { writer, seq, stamp, ...about, text: texts.join('; ') };
  return [...changes, { how: 'put', table: 'problems', row }];
}

const kinds: { readonly [type in Event['type']]?: 'overwritten' | 'stale' } = {
  'lines-overwritten': 'overwritten',
  'stale-edit-found': 'stale',
};

function sayTrouble(event: Event): string | undefined {
  switch (event.type) {
    case 'notes-dropped':
      return `${count(event.lines, 'line')} (${count(event.bytes, 'byte')}) from the ${event.from} went by unrecorded`;
    case 'line-kept-opaque':
      return `a line of ${count(event.bytes, 'byte')} from the ${event.from} was not understood (${event.why})`;
    case 'request-failed':
      return `${event.method}, asked by the ${event.from}, failed: ${sayProblem(event.problem)}`;
    case 'answer-unmatched':
      return `the ${event.from} answered a request that nobody had made (id ${event.id})`;
    case 'stale-edit-found':
      return `an edit of ${event.path} was based on an older version: ${event.verdict}`;
    case 'lines-overwritten':
      return `${count(event.lines, 'line')} of somebody else in ${event.path} overwritten: \`clew undo --lost ${event.alert.slice(-6).toLowerCase()}\` gives back`;
    case 'gate-timed-out':
      return `gate ${event.gate} did not answer within ${Math.round(event.afterMs)} ms`;
    case 'recorder-restarted':
      return `the recorder died (${event.why}) and was started again; what went by meanwhile is not recorded`;
    case 'recording-resumed':
      return `recording had stopped (${event.why}); ${count(event.lost, 'event')} lost`;
    default:
      return sayFailure(event);
  }
}

function sayFailure(event: Event): string | undefined {
  switch (event.type) {
    case 'turn-ended':
      return event.problem && `the turn failed: ${sayProblem(event.problem)}`;
    case 'file-read':
      return event.problem && `reading ${event.path} failed: ${sayProblem(event.problem)}`;
    case 'file-written':
      return event.problem && `writing ${event.path} failed: ${sayProblem(event.problem)}`;
    case 'drift-found':
      return event.found.level === 'alert' ? sayDrift(event.found) : undefined;
    case 'session-noticed':
      return `the agent's notice: ${event.text}`;
    case 'recording-ended':
      return sayEnd(event.code, event.signal);
    default:
      return undefined;
  }
}

function sayDrift({ before, after, files, filesLeftOut = 0 }: FoundDrift): string {
  const name = ({ branch, head }: Ground) => branch ?? head?.slice(0, 9) ?? 'nothing';
  const many = files.length + filesLeftOut;
  const known = many === 0 ? '' : `; ${count(many, 'file')} that it knew differed`;
  return `the repository moved under the session, from ${name(before)} to ${name(after)}${known}`;
}

function sayEnd(code: number | undefined, signal: string | undefined): string | undefined {
  if (signal !== undefined) return `the agent was ended by ${signal}`;
  return code === undefined || code === 0 ? undefined : `the agent left with exit code ${code}`;
}

function sayProblem({ code, message }: Problem): string {
  return `${message} (${code})`;
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
