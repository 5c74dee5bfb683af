/** Measures what one run of clew's own hook takes here, in a folder made for that: nothing of a repository is run. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { spoolPath } from '../hooking/layout.ts';

export type HookCost = {
  readonly runs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** The same for a shell that does nothing. */
  readonly emptyP50Ms: number;
};

const runs = 20;
const shell = '/bin/sh';
const template = fileURLToPath(new URL('../../hooks/post-commit', import.meta.url));

/** Undefined where there is no such shell. */
export function measureHook(): HookCost | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'clew-doctor-'));
  try {
    mkdirSync(spoolPath(folder), { recursive: true });
    writeFileSync(join(folder, 'HEAD'), 'ref: refs/heads/main\n');
    const hook = timeRuns(folder, [template]);
    const empty = timeRuns(folder, ['-c', ':']);
    if (hook === undefined || empty === undefined) return undefined;
    const at = (times: readonly number[], part: number) => times[Math.ceil(part * runs) - 1] ?? 0;
    return { runs, p50Ms: at(hook, 0.5), p95Ms: at(hook, 0.95), emptyP50Ms: at(empty, 0.5) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In ascending order, in hundredths of a millisecond. */
function timeRuns(gitDir: string, args: readonly string[]): number[] | undefined {
  const times: number[] = [];
  for (let n = 0; n < runs; n += 1) {
    const began = performance.now();
    const { error } = spawnSync(shell, args, {
      cwd: gitDir,
      env: { GIT_DIR: gitDir },
      stdio: 'ignore',
    });
    if (error !== undefined) return undefined;
    times.push(Math.round((performance.now() - began) * 100) / 100);
  }
  return times.sort((a, b) => a - b);
}
