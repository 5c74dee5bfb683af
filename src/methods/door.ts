/** What a door that stays open offers a method beside its answer: words to whoever asked, unasked. */

export type Door = {
  /** A notification to this connection only. Nobody waits for it; a connection that is gone hears nothing. */
  notify(method: string, params: object): void;
  /** False while much of what was sent still waits to be read: what is gone in a moment is then better left out. */
  keepsUp(): boolean;
  /** Called once, when the connection is closed, or this workspace in it. */
  onClose(work: () => void): void;
};
