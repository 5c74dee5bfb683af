/** A desk for a workspace whose state folder cannot be opened now: keeps notes and tries again. */
import type { Note } from '../journal/entry.ts';
import type { Desk } from './desks.ts';

const retryMs = 5_000;
const keptLimit = 10_000;

export type PatientPorts = {
  open(): Desk;
  /** Says, once, why it cannot be opened. */
  refused(error: unknown): void;
};

export function openPatientDesk(root: string, ports: PatientPorts): Desk {
  let desk: Desk | undefined;
  let isTold = false;
  let kept: Note[] = [];
  let lost = 0;
  let timer: NodeJS.Timeout | undefined;

  function tryOpen(): void {
    try {
      desk = ports.open();
    } catch (error) {
      if (!isTold) ports.refused(error);
      isTold = true;
      timer = setTimeout(tryOpen, retryMs).unref();
      return;
    }
    for (const note of kept) desk.append(note);
    kept = [];
    if (0 < lost)
      desk.append({
        event: { type: 'recording-resumed', why: 'the state folder opened', lost, afterMs: 0 },
      });
  }

  tryOpen();

  return {
    root,
    append(note) {
      if (desk !== undefined) desk.append(note);
      else if (kept.length < keptLimit) kept.push(note);
      else lost += 1;
    },
    async acknowledge() {
      await desk?.acknowledge();
    },
    async close() {
      clearTimeout(timer);
      if (desk === undefined) tryOpen();
      clearTimeout(timer);
      await desk?.close();
    },
  };
}
