/** Lets the recording thread die at a chosen line (CLEW_FAILPOINT=back-line:crash@n), for the tests of just that. */
export function openLineFailpoint(plan: string | undefined): () => void {
  let left = Number(/^back-line:crash@(\d+)$/.exec(plan ?? '')?.[1] ?? Number.POSITIVE_INFINITY);
  return () => {
    left -= 1;
    if (left === 0) process.exit(1);
  };
}
