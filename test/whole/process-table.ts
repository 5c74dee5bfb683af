/** Which processes there are and what they take, as /proc tells it. */
import { readdirSync, readFileSync } from 'node:fs';

export type Row = { pid: number; parent: number; group: number; command: string };

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (problem) {
    // A process that has just ended has no files any more.
    if (
      ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes((problem as NodeJS.ErrnoException).code ?? '')
    )
      return '';
    throw problem;
  }
}

/** Every living process whose environment has this text: all descendants of whoever was started with it. */
export function readMarked(mark: string): Row[] {
  const rows: Row[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    if (!readOrNothing(`/proc/${name}/environ`).includes(mark)) continue;
    const row = readRow(Number(name));
    if (row !== undefined) rows.push(row);
  }
  return rows;
}

/** Undefined for a process that is gone, or dead and only waiting for its parent to notice. */
function readRow(pid: number): Row | undefined {
  const stat = readOrNothing(`/proc/${pid}/stat`);
  const [state, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (stat === '' || state === 'Z' || state === 'X') return undefined;
  const command = readOrNothing(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
  return { pid, parent: Number(parent), group: Number(group), command };
}

/** Resident memory in bytes; 0 when the process is gone. */
export function readResident(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB/m.exec(readOrNothing(`/proc/${pid}/status`));
  return Number(found?.[1] ?? 0) * 1024;
}
