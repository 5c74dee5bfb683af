/** Takes a checkpoint of the workspace before an agent is started that gets its prompt with its command. */
import type { Event } from '../contract/types.gen.ts';
import type { Calls } from '../shadow/calls.ts';
import { stretchWait } from '../wire/stretch-wait.ts';

export type BeforeRunPorts = {
  keeperOf(root: string): Calls;
  isGuarded(root: string): boolean;
  mint(): { readonly id: string; readonly at: number };
  write(note: { readonly event: Event }): void;
};

/** Longer nobody waits for it; what was not looked at by then is looked at behind the agent's back. */
const withinMs = stretchWait(2_000);

export async function lookBeforeRun(root: string, ports: BeforeRunPorts): Promise<void> {
  if (!ports.isGuarded(root)) return;
  const { id, at } = ports.mint();
  const reason = 'opened';
  try {
    const order = { id, at, marks: { reason }, withinMs, unlessSame: true };
    const { same, commit, tree, changed, uncaptured, degraded, ...taken } = await ports
      .keeperOf(root)
      .take(order);
    if (same === true) return;
    const measures = {
      commit,
      tree,
      changed,
      uncaptured,
      tookMs: Math.max(0, ports.mint().at - at),
    };
    const more = degraded === undefined ? {} : { degraded };
    ports.write({
      event: { type: 'checkpoint-taken', checkpoint: taken.id, reason, ...measures, ...more },
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    ports.write({ event: { type: 'checkpoint-failed', reason, why } });
  }
}
