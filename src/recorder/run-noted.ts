/** What is known of the run that is recorded in a workspace, and so of every session that begins in it. */
import type { Event, ShortLayer } from '../contract/types.gen.ts';
import { known } from '../journal/known.ts';

export type RunNoted = {
  readonly about: Pick<ShortLayer, 'label' | 'agent' | 'branch' | 'head'>;
  /** Its agent takes resources in prompts. */
  readonly embeds: boolean;
  /** Its journal is closed. */
  readonly isOver: boolean;
};

export const noRun: RunNoted = { about: {}, embeds: false, isOver: false };

export function noteRun(run: RunNoted, event: Event): RunNoted {
  switch (event.type) {
    case 'recording-started': {
      const { label, branch, head } = event;
      return { ...run, about: { ...run.about, ...known({ label, branch, head }) } };
    }
    case 'agent-connected': {
      const { agent, embeds = false } = event;
      return { ...run, about: { ...run.about, ...known({ agent }) }, embeds };
    }
    case 'recording-ended':
      return { ...run, isOver: true };
    default:
      return run;
  }
}
