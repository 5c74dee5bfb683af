/** What an event tells about its step: what it is, what it said, what it claims, how it ended. */
import type { Claim, FileRead, FilesClaimed, FileWritten } from '../contract/types.gen.ts';
import { nameClaimedPath } from './claimed-path.ts';
import type { Here } from './fold.ts';
import { defined } from './fold-writer.ts';
import type { Change, ClaimRow, StepRow } from './rows.ts';

export function foldStep(here: Here): Change[] {
  const { event, entry } = here;
  const { writer } = entry;
  switch (event.type) {
    case 'step-started': {
      const { step: id, turn, kind, title, role, late, tool, parent, message } = event;
      const told = { title, role, late, parent, message, call: tool?.call };
      const about = defined({ ...told, toolKind: tool?.kind, toolName: tool?.name });
      const row = { ...begunStep(here, id), turn, kind, ...about };
      return [{ how: 'put', table: 'steps', row }];
    }
    case 'step-changed': {
      const { step: id, title, toolKind, toolName, output, exitCode, late } = event;
      const outcome = late === true ? outcomeOf(event.status) : undefined;
      const told = { title, toolKind, toolName, output, exitCode, late, outcome };
      return [{ how: 'put', table: 'steps', row: { ...touched(here, id), ...defined(told) } }];
    }
    case 'step-ended': {
      const { step: id, outcome, afterMs: durationMs, output, exitCode, problem, late } = event;
      const row = { ...touched(here, id), outcome, durationMs };
      const { message, sources } = event;
      const told = defined({ output, exitCode, problem, late, message, sources });
      return [{ how: 'put', table: 'steps', row: { ...row, ...told } }];
    }
    case 'permission-asked': {
      const { step: id, turn, on, title } = event;
      const row = { ...begunStep(here, id), turn, kind: 'permission', ...defined({ on, title }) };
      return [{ how: 'put', table: 'steps', row }];
    }
    case 'permission-answered': {
      const { step: id, outcome, afterMs: durationMs, choice } = event;
      const row = { ...touched(here, id), outcome, durationMs, ...defined({ choice }) };
      return [{ how: 'put', table: 'steps', row }];
    }
    case 'message-said': {
      const { turn, step, role, part, text, attachments } = event;
      const row = { writer, seq: entry.seq, turn, step, part, text, ...defined({ attachments }) };
      const kind = role === 'thought' ? 'thought' : 'message';
      return [
        ...assumeBeginning(here, { step, turn, kind }),
        { how: 'put', table: 'texts', row },
        touch(here, step),
      ];
    }
    case 'files-claimed': {
      const { step, turn } = event;
      const began = assumeBeginning(here, { step, turn, kind: 'tool' });
      return [...began, ...claimFiles(here, event), touch(here, step)];
    }
    case 'file-read':
    case 'file-written':
      return claimServedFile(here, event);
    default:
      return [];
  }
}

const outcomes: readonly unknown[] = ['completed', 'failed', 'cancelled', 'rejected'];

/** What comes late may say that a step ended otherwise than it was closed. */
function outcomeOf(status: string | undefined): string | undefined {
  return outcomes.includes(status) ? status : undefined;
}

function begunStep({ entry, stamp }: Here, id: string): StepRow {
  const { writer, seq, at } = entry;
  return { id, writer, stamp, seq, startedAt: at, lastSeq: seq };
}

function touched({ entry }: Here, id: string): StepRow {
  return { id, writer: entry.writer, lastSeq: entry.seq };
}

function touch(here: Here, id: string): Change {
  return { how: 'put', table: 'steps', row: touched(here, id) };
}

/** Where a writer's entries are missing, a step's beginning may be among them. */
function assumeBeginning(here: Here, as: { step: string; turn: string; kind: string }): Change[] {
  if (!here.holed) return [];
  const { step, turn, kind } = as;
  return [{ how: 'fill', table: 'steps', row: { ...begunStep(here, step), turn, kind } }];
}

function claimFiles(here: Here, { turn, step, claims }: FilesClaimed): Change[] {
  return claims.flatMap((claim, n) => claimRows(here, { turn, step, claim, n: 2 * n }));
}

/** A file that the editor served: no claim, but named in the same place as the claims. */
function claimServedFile(here: Here, event: FileRead | FileWritten): Change[] {
  const { turn, step, path, problem } = event;
  if (turn === undefined || problem !== undefined) return [];
  const claim: Claim =
    event.type === 'file-read'
      ? { path, operation: 'read', source: 'fs', ...defined({ line: event.line }) }
      : { path, operation: 'write', source: 'fs', after: event.blob, whole: true };
  const rows = claimRows(here, { turn, ...defined({ step }), claim, n: 0 });
  return step === undefined ? rows : [...rows, touch(here, step)];
}

type Claimed = Pick<ClaimRow, 'turn' | 'step' | 'claim' | 'n'>;

/** One row for the path; where a file was moved, a second for the place that it left. */
function claimRows({ entry, place }: Here, claimed: Claimed): Change[] {
  const { claim, n } = claimed;
  const changed = claim.operation !== 'read';
  const path = nameClaimedPath(claim.path, place);
  const row = { writer: entry.writer, seq: entry.seq, ...claimed, path, changed };
  if (claim.operation !== 'move' || claim.oldPath === undefined)
    return [{ how: 'put', table: 'claims', row }];
  const left = { ...row, n: n + 1, path: nameClaimedPath(claim.oldPath, place) };
  return [
    { how: 'put', table: 'claims', row },
    { how: 'put', table: 'claims', row: left },
  ];
}
