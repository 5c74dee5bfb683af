/** How long clew waits for its own work before it goes on without: CLEW_PATIENCE=4 makes it four times as long. */

const factor = readFactor(process.env['CLEW_PATIENCE']);

/** What is written down in the code is right for a machine that has time; one that has none can be given more. */
export function stretchWait(ms: number): number {
  return ms * factor;
}

function readFactor(text: string | undefined): number {
  const factor = Number(text ?? 1);
  return 1 <= factor && factor <= 1_000 ? factor : 1;
}
