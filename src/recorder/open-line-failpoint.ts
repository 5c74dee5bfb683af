/** Lets the recording thread die at a chosen line (CLEW_FAILPOINT=back-line:crash@n), for the tests of just that. */
export function openLineFailpoint(plan: string | undefined): (lines: string) => void {
  const at = /^back-line:crash@(\d+)$/.exec(plan ?? '')?.[1];
  if (at === undefined) return () => undefined;
  let left = Number(at);
  return (lines) => {
    left -= lines.replace(/\n$/, '').split('\n').length;
    if (left <= 0) process.exit(1);
  };
}
