/** What signals mean to clew itself while an agent runs. */

/** The first signal asks the whole group to leave, the second makes it leave. */
export function watchSignals(life: {
  stopNow(): void;
  stopHard(): void;
}): () => string | undefined {
  let seen: string | undefined;
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const)
    process.on(name, () => {
      if (seen === undefined) life.stopNow();
      else life.stopHard();
      seen ??= name;
    });
  return () => seen;
}
