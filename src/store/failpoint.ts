/** Named places where a test can make the process die: CLEW_FAILPOINT=name:crash@n kills it at the n-th pass. */

type Armed = { readonly name: string; passes: number };

const armed = readPlan(process.env['CLEW_FAILPOINT']);

/** Costs one comparison when nothing is armed. `lastWords` is what the dying process still gets done. */
export function passFailpoint(name: string, lastWords?: () => void): void {
  if (armed === undefined || armed.name !== name) return;
  armed.passes -= 1;
  if (armed.passes > 0) return;
  lastWords?.();
  process.kill(process.pid, 'SIGKILL');
  // The signal may take a moment to arrive, and nothing may happen in it.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

function readPlan(plan: string | undefined): Armed | undefined {
  const parts = /^([a-z-]+):crash@(\d+)$/.exec(plan ?? '');
  return parts === null ? undefined : { name: parts[1] ?? '', passes: Number(parts[2]) };
}
