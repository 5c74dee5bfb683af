/** How the agent is asked to leave, told to leave, and made to leave; and that nobody of its group stays. */
import type { AgentProcess } from '../wire/agent-process.ts';

export type Patience = {
  /** How long the agent may take to leave by itself after its stdin was closed. */
  readonly graceMs: number;
  /** How long between TERM and KILL. */
  readonly killMs: number;
};

export type Lifetime = {
  /** The editor is done: let the agent leave by itself, then insist. */
  leaveSoon(): void;
  /** TERM for the whole group at once, KILL after the patience. */
  stopNow(): void;
  /** KILL at once. */
  stopHard(): void;
  /** After the agent itself is gone: resolves when nobody of its group is left, by force if need be. */
  clearGroup(): Promise<void>;
};

const lookMs = 25;

export function openLifetime(agent: AgentProcess, patience: Patience): Lifetime {
  let timer: NodeJS.Timeout | undefined;
  let isStopping = false;

  function stopNow(): void {
    if (isStopping) return;
    isStopping = true;
    clearTimeout(timer);
    agent.signal('SIGTERM');
    timer = setTimeout(() => agent.signal('SIGKILL'), patience.killMs);
  }

  return {
    leaveSoon() {
      if (!isStopping && timer === undefined) timer = setTimeout(stopNow, patience.graceMs);
    },
    stopNow,
    stopHard() {
      isStopping = true;
      agent.signal('SIGKILL');
    },
    async clearGroup() {
      clearTimeout(timer);
      if (!agent.signal('SIGTERM')) return;
      for (let waitedMs = 0; waitedMs < patience.killMs; waitedMs += lookMs) {
        await new Promise((resolve) => setTimeout(resolve, lookMs));
        if (!agent.signal(0)) return;
      }
      agent.signal('SIGKILL');
    },
  };
}
