/** Notices an agent that closes one of its streams and lives on, which its editor would notice without us. */
import type { AgentProcess } from '../wire/agent-process.ts';

/** One that is dying closes them too, and then it is for its end to say what comes of it. */
const dyingMs = 1_000;

export function watchHangUps(
  agent: AgentProcess,
  hear: {
    /** It will say nothing more. */
    mute(): void;
    /** It hears nothing any more. */
    deaf(): void;
  },
): void {
  const unlessGone = (tell: () => void) => () => {
    const timer = setTimeout(tell, dyingMs);
    void agent.departed.then(() => clearTimeout(timer));
  };
  agent.stdout.once('end', unlessGone(hear.mute));
  // An end that we wrote ourselves closes it as well, but with no error.
  agent.stdin.once('error', unlessGone(hear.deaf));
}
