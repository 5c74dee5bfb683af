/** The steps of turns that a host has begun: open until it ends them, or the turn they are of. */
import type { Event, StepEnd, StepProgress, StepStart } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import { type OpenStep, openStep } from './open-step.ts';
import type { ToldProgress } from './open-told-progress.ts';

export type HostStepsPorts = {
  write(session: string, event: Event): void;
  mint(): { readonly id: string; readonly at: number };
  mono(): number;
  readonly progress: Pick<ToldProgress, 'tell' | 'drop'>;
};

export type HostSteps = {
  start(session: string, order: StepStart['params']): StepStart['result'];
  progress(order: StepProgress['params']): StepProgress['result'];
  end(order: StepEnd['params']): StepEnd['result'];
  /** What is open of a turn that ends is interrupted. */
  endTurn(turn: string): void;
};

type Step = OpenStep & { readonly session: string; readonly turn: string; readonly since: number };

const stepLimit = 1_000;

export function openHostSteps({ write, mint, mono, progress }: HostStepsPorts): HostSteps {
  const open = new Map<string, Step>();

  function findStep(id: string): Step {
    const step = open.get(id);
    if (step !== undefined) return step;
    throw new Failure('unknown-id', `this connection has no open step ${id}`, {
      data: { id },
      hint: 'step/start begins one, and it ends once, with its turn at the latest',
    });
  }

  function close(step: Step, ...how: Parameters<OpenStep['end']>): number {
    open.delete(step.id);
    progress.drop(step.id);
    step.end(...how);
    return Math.round(mono() - step.since);
  }

  return {
    start(session, { turn, ...about }) {
      if (stepLimit <= open.size)
        throw new Failure('busy', `${stepLimit} steps are open, which is as many as may be`, {
          data: { limit: stepLimit },
          hint: 'end some with step/end',
        });
      const { id, at } = mint();
      const place = { write: (event: Event) => write(session, event), turn, id, mono };
      open.set(id, { ...openStep(place, about), session, turn, since: mono() });
      return { session, turn, step: id, startedAt: at };
    },
    progress({ step: id, content }) {
      const { session } = findStep(id);
      progress.tell({ session, step: id, content, from: 0 });
      return { session, step: id };
    },
    end({ step: id, outcome = 'completed', ...told }) {
      const step = findStep(id);
      const durationMs = close(step, outcome, told);
      return { session: step.session, turn: step.turn, step: id, outcome, durationMs };
    },
    endTurn(turn) {
      for (const step of open.values()) if (step.turn === turn) close(step, 'interrupted');
    },
  };
}
