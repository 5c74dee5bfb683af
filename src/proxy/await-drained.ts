/** Waits until everything that an agent said before it left has been read. */
import type { AgentProcess } from '../wire/agent-process.ts';

/** After the agent has left: all that it said has been read, however slowly the editor takes it. */
export function awaitDrained(agent: AgentProcess, isHurried: () => boolean): Promise<void> {
  const { stdout } = agent;
  return new Promise((resolve) => {
    if (stdout.readableEnded || stdout.destroyed) return resolve();
    let quietMs = 0;
    let lastBytes = -1;
    // A process outside of the agent's group may hold the pipe open for ever: wait while it talks.
    // An editor that does not read is waited for too, unless we are to leave ourselves.
    const timer = setInterval(() => {
      const { bytesRead } = stdout as unknown as { bytesRead: number };
      const isQuiet = bytesRead === lastBytes && (isHurried() || !stdout.isPaused());
      quietMs = isQuiet ? quietMs + 50 : 0;
      lastBytes = bytesRead;
      if (quietMs >= 500) stdout.destroy();
    }, 50);
    stdout.once('close', () => {
      clearInterval(timer);
      resolve();
    });
  });
}
