/** Tells one process from another that later gets the same pid, and whether it still runs. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { performance } from 'node:perf_hooks';

export type ProcessMark = {
  readonly pid: number;
  readonly host: string;
  readonly boot: string;
  readonly space: string;
  readonly started: string;
};

/** `unknown`: it runs, or ran, where this process cannot look (another container, another machine). */
type Life = 'running' | 'gone' | 'unknown';

/** Between what a process believes about its start and what `ps` says, in whole seconds. */
const startToleranceMs = 5000;

export function readOwnMark(): ProcessMark {
  const stat = readStat(process.pid);
  return {
    pid: process.pid,
    host: hostname(),
    boot: readIfThere('/proc/sys/kernel/random/boot_id')?.trim() ?? '',
    space: readSpace(),
    started: stat?.started ?? String(Math.round(performance.timeOrigin)),
  };
}

export function judgeLife(mark: ProcessMark, own: ProcessMark): Life {
  if (mark.boot !== '') return judgeOnLinux(mark, own);
  return mark.host === own.host && own.boot === '' ? judgeElsewhere(mark) : 'unknown';
}

function judgeOnLinux(mark: ProcessMark, own: ProcessMark): Life {
  if (mark.boot !== own.boot) return mark.host === own.host ? 'gone' : 'unknown';
  if (mark.space !== own.space) return 'unknown';
  const stat = readStat(mark.pid);
  return stat !== undefined && stat.started === mark.started && stat.isRunning ? 'running' : 'gone';
}

/** Windows does not say cheaply when a process started; there the heartbeat of the lease decides. */
function judgeElsewhere(mark: ProcessMark): Life {
  if (!isThere(mark.pid)) return 'gone';
  if (process.platform === 'win32') return 'unknown';
  const said = execFileSync('ps', ['-o', 'lstart=', '-p', String(mark.pid)], { encoding: 'utf8' });
  const startedMs = Date.parse(said.trim());
  if (Number.isNaN(startedMs)) return 'unknown';
  return Math.abs(startedMs - Number(mark.started)) <= startToleranceMs ? 'running' : 'gone';
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: somebody else's process, so the pid was given away; Windows says so of any stronger one.
    return process.platform === 'win32' && (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

type Stat = { readonly started: string; readonly isRunning: boolean };

/** The program's name, in brackets, may itself hold spaces and brackets; what follows the last one counts. */
function readStat(pid: number): Stat | undefined {
  const text = readIfThere(`/proc/${pid}/stat`);
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  const state = fields?.[0];
  const started = fields?.[19];
  if (state === undefined || started === undefined) return undefined;
  // A zombie or a dead one only waits to be noticed by its parent.
  return { started, isRunning: !'ZXx'.includes(state) };
}

function readSpace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch (error) {
    return withoutProc(error, '');
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return withoutProc(error, undefined);
  }
}

/** No such process, no /proc at all, or one that hides: all of it is an answer. */
function withoutProc<T>(error: unknown, answer: T): T {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined) throw error;
  return answer;
}
