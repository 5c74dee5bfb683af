/** What a door that stays open offers a method beside its answer: words to whoever asked, and sessions of their own. */
import type {
  SessionEnd,
  SessionStart,
  StepEnd,
  StepProgress,
  StepStart,
  TurnEnd,
  TurnStart,
} from '../contract/types.gen.ts';

export type Door = {
  /** A notification to this connection only. Nobody waits for it; a connection that is gone hears nothing. */
  notify(method: string, params: object): void;
  /** False while much of what was sent still waits to be read: what is gone in a moment is then better left out. */
  keepsUp(): boolean;
  /** Called once, when the connection is closed, or this workspace in it. */
  onClose(work: () => void): void;
  /** Left out where the sessions are somebody else's, and there is one workspace. */
  readonly hosting?: Hosting;
};

export type Hosting = {
  /** This connection is done with this workspace. */
  leave(): Promise<void>;
  /** The sessions that the host at the other end keeps in it. */
  readonly sessions: HostSessions;
};

/** Sessions of a host that drives clew itself: written to a journal of this process, with checkpoints around turns. */
export type HostSessions = {
  start(order: SessionStart['params']): Promise<SessionStart['result']>;
  end(order: SessionEnd['params']): Promise<SessionEnd['result']>;
  startTurn(order: TurnStart['params']): Promise<TurnStart['result']>;
  endTurn(order: TurnEnd['params']): Promise<TurnEnd['result']>;
  startStep(order: StepStart['params']): Promise<StepStart['result']>;
  progressStep(order: StepProgress['params']): Promise<StepProgress['result']>;
  endStep(order: StepEnd['params']): Promise<StepEnd['result']>;
};
