/** What a door that stays open offers a method beside its answer: words to whoever asked, and sessions of their own. */
import type { SessionEnd, SessionStart, TurnEnd, TurnStart } from '../contract/types.gen.ts';

export type Door = {
  /** A notification to this connection only. Nobody waits for it; a connection that is gone hears nothing. */
  notify(method: string, params: object): void;
  /** Called once, when the connection is closed, or this workspace in it. */
  onClose(work: () => void): void;
  /** The workspaces that this connection has opened. */
  readonly rooms: Rooms;
  /** The sessions that the host at the other end keeps in this workspace. */
  readonly sessions: HostSessions;
};

export type Rooms = {
  close(workspace: string): Promise<void>;
};

/** Sessions of a host that drives clew itself: written to a journal of this process, with checkpoints around turns. */
export type HostSessions = {
  start(order: SessionStart['params']): Promise<SessionStart['result']>;
  end(order: SessionEnd['params']): Promise<SessionEnd['result']>;
  startTurn(order: TurnStart['params']): Promise<TurnStart['result']>;
  endTurn(order: TurnEnd['params']): Promise<TurnEnd['result']>;
};
